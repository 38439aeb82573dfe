"""Whether the workloads of a namespace get the GPUs they ask for: KAITO buys nodes before Kubernetes looks at the quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaito_iac.demand.demand import Demand, Range
from kaito_iac.problem import Problem, Severity
from kaito_iac.quota.amount import counted
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

GPU_QUOTAS = ("requests.nvidia.com/gpu", "limits.nvidia.com/gpu")


def namespace_problems(resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
    """Report of every ResourceQuota of the program that admits fewer GPUs than the workloads beside it request."""
    for quota in resources:
        if quota.type != "kubernetes:core/v1:ResourceQuota":
            continue
        hard = field(quota.inputs, "spec", "hard")
        limits = [hard[key] for key in GPU_QUOTAS if key in hard] if isinstance(hard, dict) else []
        counts = [int(limit) for limit in limits if str(limit).isdigit()]
        place = field(quota.inputs, "metadata", "namespace") or "default"
        if not counts or not isinstance(place, str):
            continue
        needs: dict[str, Range] = {}
        for demand in found:
            if demand.namespace == place and isinstance(demand.gpus, Range):
                needs[demand.component] = needs.get(demand.component, Range.exactly(0)).plus(demand.gpus)
        yield from _lacking(quota.name, place, min(counts), needs)


def _lacking(name: str, place: str, limit: int, needs: dict[str, Range]) -> Iterator[Problem]:
    low, high = (int(sum(getattr(need, end) for need in needs.values())) for end in ("low", "high"))
    if high <= limit:
        return
    severity: Severity = "error" if low > limit else "warning"
    asked = low if low > limit else high
    shares = {component: int(need.low if low > limit else need.high) for component, need in sorted(needs.items())}
    who = ", ".join(f"{component} {share}" for component, share in shares.items())
    asking = f"workloads in {place} request {asked} ({who})"
    told = f"{counted(limit, 'GPU')}, but {asking}; their nodes are bought, and pods beyond are refused"
    fix = f"admit {counted(asked, 'GPU')}, or run fewer in {place}"
    yield Problem("KS275", name, told, f"{asked} or more", fix, severity)
