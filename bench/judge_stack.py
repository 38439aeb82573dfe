"""Times all rules of both packs over 10,000 resources, at most 5 s of one core, and how long a pack takes to start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from kaito_iac.rules import gpu_quota, guardrails
from kaito_iac.rules.rule import StackFacts
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import Resource

ROOT = Path(__file__).resolve().parent.parent
COUNT, BUDGET_SECONDS = 10_000, 5.0
A100 = "Standard_NC24ads_A100_v4"


def fact(kind: str, name: str, parent: str | None, **inputs: Any) -> Resource:
    """Return one resource."""
    return Resource(f"urn:pulumi:dev::bench::{kind}::{name}", kind, name, parent, inputs)


def stack(count: int) -> Iterator[Resource]:
    """Return teams of ten resources: component, pool, two Workspaces, ConfigMap, Service, Deployment, claim, route, Secret."""
    for index in range(count // 10):
        name, labels = f"team{index}", {"apps": f"team{index}"}
        root = fact("kaito-iac:index:KaitoWorkspace", name, None, location="eastus")
        yield root
        tags, taints = {"owner": name}, ["sku=gpu:NoSchedule"]
        yield fact(
            "azure-native:containerservice:AgentPool",
            f"{name}-p",
            root.urn,
            vmSize=A100,
            nodeLabels=labels,
            nodeTaints=taints,
            tags=tags,
        )
        for part in ("chat", "code"):
            yield fact(
                "kubernetes:kaito.sh/v1beta1:Workspace",
                f"{name}-{part}",
                root.urn,
                metadata={"name": f"{name}-{part}", "namespace": name, "annotations": {}},
                resource={"labelSelector": {"matchLabels": labels}},
                inference={"preset": {"name": "phi-4"}, "config": f"{name}-c"},
            )
        data = {"inference_config.yaml": "vllm:\n  max-model-len: 4096\n"}
        yield fact(
            "kubernetes:core/v1:ConfigMap", f"{name}-c", root.urn, metadata={"name": f"{name}-c", "namespace": name}, data=data
        )
        yield fact("kubernetes:core/v1:Service", f"{name}-s", root.urn, spec={"type": "ClusterIP", "ports": [{"port": 80}]})
        pod = {"containers": [{"name": "c", "image": "nginx", "env": [{"name": "A", "value": "b"}]}]}
        yield fact("kubernetes:apps/v1:Deployment", f"{name}-d", root.urn, spec={"template": {"spec": pod}})
        yield fact("kubernetes:core/v1:PersistentVolumeClaim", f"{name}-v", root.urn, metadata={"name": f"{name}-v"})
        rules = [{"backendRefs": [{"name": f"{name}-shop", "port": 80}]}]
        yield fact("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", f"{name}-r", root.urn, spec={"rules": rules})
        yield fact("kubernetes:core/v1:Secret", f"{name}-k", root.urn, metadata={"name": f"{name}-k"})


def seconds(count: int) -> float:
    """Judge a stack of so many resources with every rule of both packs."""
    resources = list(stack(count))
    start = process_time()
    for rules in (gpu_quota.RULES, guardrails.RULES):
        list(run(rules, StackFacts.of(resources, date(2026, 6, 30), ROOT), settings_of(rules, {})[0]))
    return process_time() - start


def start_up(pack: str) -> tuple[float, float]:
    """Return the seconds of a pack's process over the quickstart: all of it, and with every rule off."""
    from kaito_iac.offline.analyze import analyze
    from kaito_iac.testing import run

    recording = run(ROOT)
    found = []
    for config in ({}, {"all": "disabled"}):
        start = perf_counter()
        analyze(recording, ROOT / "policies" / pack, config=config)
        found.append(perf_counter() - start)
    return found[0], found[1]


if __name__ == "__main__":
    seconds(100)
    tenth, whole = min(seconds(COUNT // 10) for _ in range(3)), min(seconds(COUNT) for _ in range(2))
    print(f"{COUNT:,} resources: {whole:.2f} s of one core (budget {BUDGET_SECONDS:.0f} s)")
    print(f"{COUNT // 10:,} resources: {tenth:.2f} s, ratio {whole / tenth:.1f}")
    for name in (gpu_quota.NAME, guardrails.NAME):
        everything, start_only = start_up(name)
        print(f"pack {name}: {everything:.2f} s from start to last answer, {start_only:.2f} s of it start-up")
