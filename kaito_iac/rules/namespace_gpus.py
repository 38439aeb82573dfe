"""KS275: the workloads of a namespace get the GPUs they ask for: KAITO creates nodes before Kubernetes looks at the quota."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kaito_iac.demand.objects import namespace_of
from kaito_iac.demand.range import Range
from kaito_iac.problem import Problem
from kaito_iac.quota.amount import counted
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

_LIMITS: Final = ("requests.nvidia.com/gpu", "limits.nvidia.com/gpu")


def surely(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every ResourceQuota that admits fewer GPUs than the workloads beside it request at their fewest."""
    for quota, limit, needs in _quotas(facts):
        if sum(int(need.low) for need in needs.values()) > limit:
            yield _lacking(quota, limit, {component: int(need.low) for component, need in needs.items()})


def perhaps(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every ResourceQuota that admits the fewest GPUs of the workloads beside it, and not the most."""
    for quota, limit, needs in _quotas(facts):
        if sum(int(need.low) for need in needs.values()) <= limit < sum(int(need.high) for need in needs.values()):
            yield _lacking(quota, limit, {component: int(need.high) for component, need in needs.items()}, "warning")


def _quotas(facts: StackFacts) -> Iterator[tuple[Resource, int, Mapping[str, Range]]]:
    """Return every ResourceQuota with GPUs, how many it admits, and what its namespace requests by component."""
    quotas = [(quota, limit) for quota in facts.resources if (limit := _limit(quota)) is not None]
    needs: dict[str, dict[str, Range]] = {}
    for demand in facts.demands if quotas else ():
        if isinstance(demand.namespace, str) and isinstance(demand.gpus, Range):
            held = needs.setdefault(demand.namespace, {})
            held[demand.component] = held.get(demand.component, Range.exactly(0)).plus(demand.gpus)
    for quota, limit in quotas:
        place = _place(quota)
        if isinstance(place, str):
            yield quota, limit, needs.get(place, {})


def _place(quota: Resource) -> object:
    return namespace_of(quota)


def _limit(quota: Resource) -> int | None:
    if quota.type != "kubernetes:core/v1:ResourceQuota":
        return None
    hard = mapping(field(quota.inputs, "spec", "hard"))
    return min((int(hard[key]) for key in _LIMITS if str(hard.get(key)).isdigit()), default=None)


def _lacking(quota: Resource, limit: int, shares: Mapping[str, int], severity: str = "error") -> Problem:
    asked, place = sum(shares.values()), _place(quota)
    who = ", ".join(f"{component} {share}" for component, share in sorted(shares.items()))
    asking = f"workloads in {place} request {asked} ({who})"
    message = f"{counted(limit, 'GPU')}, but {asking}; their nodes are created, and pods beyond are refused"
    fix = f"admit {counted(asked, 'GPU')}, or run fewer in {place}"
    return Problem("KS275", quota.name, message, f"{asked} or more", fix, "error" if severity == "error" else "warning")


GPUS: Final = StackRule(
    code="KS275",
    name="namespace-gpus",
    title="The quota of a namespace admits the GPUs of its workloads",
    config=NoSettings,
    check=surely,
    why="KAITO creates the nodes before Kubernetes refuses the pods: they cost money, and nothing runs on them.",
    fix="Admit the GPUs in the ResourceQuota, or run fewer workloads in the namespace.",
    tags=("gpu", "namespace"),
)
GROWTH: Final = StackRule(
    code="KS275",
    name="namespace-growth",
    title="The quota of a namespace admits the GPUs that its workloads may grow to",
    config=NoSettings,
    check=perhaps,
    level="advisory",
    why="An autoscaler adds replicas; their nodes are created before Kubernetes refuses the pods.",
    fix="Admit the GPUs in the ResourceQuota, or lower the maximum replicas of the autoscaler.",
    severity="medium",
    tags=("gpu", "namespace"),
)
RULES: Final = (GPUS, GROWTH)
