"""Times demand: of 10,000 resources, from facts to totals; of pools with workloads on them, twice as many each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median
from time import process_time
from typing import Any

from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

from kaito_iac.demand.stack import demands
from kaito_iac.demand.total import total
from kaito_iac.stack.analyzer import shown_resources
from kaito_iac.stack.resource import Resource

RESOURCES, BUDGET_SECONDS = 10_000, 1.0
SIZES, ROUNDS = (250, 500, 1_000, 2_000), 5
POOL, WORKSPACE = "azure-native:containerservice:AgentPool", "kubernetes:kaito.sh/v1beta1:Workspace"
A100 = "Standard_NC24ads_A100_v4"


def shown(index: int, token: str, inputs: dict[str, Any]) -> AnalyzerResource:
    """Return a resource as the engine sends it to a pack."""
    made = AnalyzerResource(urn=f"urn:{index}", type=token, name=f"it{index}")
    made.properties.update(inputs)
    return made


def pool(index: int) -> tuple[str, dict[str, Any]]:
    """Return an agent pool with a label of its own."""
    scaling = {"enableAutoScaling": True, "minCount": 1.0, "count": 1.0, "maxCount": 4.0}
    labels = {"apps": f"app-{index}", "team": f"team-{index % 9}"}
    return POOL, {"vmSize": A100, "nodeLabels": labels, "tags": {"env": "dev"}, **scaling}


def workspace(index: int, *, byo: bool) -> tuple[str, dict[str, Any]]:
    """Return a Workspace on the pool of the same index, or on nodes that KAITO makes."""
    selector = {"labelSelector": {"matchLabels": {"apps": f"app-{index}"}}}
    place = selector if byo else {"instanceType": A100, **selector}
    metadata = {"name": f"chat-{index}", "namespace": f"space-{index}", "labels": {"app": "chat"}}
    return WORKSPACE, {
        "metadata": metadata,
        "resource": place,
        "inference": {"preset": {"name": "phi-4"}, "config": f"config-{index}"},
    }


def config_map(index: int) -> tuple[str, dict[str, Any]]:
    """Return the ConfigMap that the Workspace of the same index names."""
    metadata = {"name": f"config-{index}", "namespace": f"space-{index}"}
    return "kubernetes:core/v1:ConfigMap", {
        "metadata": metadata,
        "data": {"inference_config.yaml": "vllm:\n  max-model-len: 8192\n"},
    }


def space(index: int) -> tuple[str, dict[str, Any]]:
    """Return the Namespace of the Workspace of the same index."""
    return "kubernetes:core/v1:Namespace", {"metadata": {"name": f"space-{index}", "labels": {"team": f"team-{index % 9}"}}}


def seconds(work: Callable[[], object]) -> float:
    """Do the work so many times, and return the median of the processor time it took."""
    taken = []
    for _ in range(ROUNDS):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return median(taken)


def mixed(count: int) -> list[AnalyzerResource]:
    """Return so many pools, workloads on them, their ConfigMaps and Namespaces, and workloads on nodes of their own."""
    made = (kind for index in range(count) for kind in (pool(index), workspace(index, byo=True), config_map(index), space(index)))
    more = (workspace(index, byo=False) for index in range(count))
    return [shown(index, *kind) for index, kind in enumerate((*made, *more))]


def alike(count: int) -> list[Resource]:
    """Return so many pools, and workloads on them, which all carry a label in common beside one of their own."""
    found = []
    for index in range(count):
        labels = {"kubernetes.io/os": "linux", "apps": f"app-{index}"}
        place = {"labelSelector": {"matchLabels": labels}}
        work = {"resource": place, "inference": {"preset": {"name": "phi-4"}}}
        found.append(Resource(f"urn:pool-{index}", POOL, f"pool-{index}", None, {"vmSize": A100, "nodeLabels": labels}))
        found.append(Resource(f"urn:chat-{index}", WORKSPACE, f"chat-{index}", None, work))
    return found


def held(resources: Iterable[Resource]) -> object:
    """Ask for the demand of a stack, and adds its GPUs, vCPUs and cost up."""
    found = demands(resources, region="eastus")
    return [total(found, share) for share in (lambda one: one.gpus, lambda one: one.vcpus, lambda one: one.usd_per_month)]


if __name__ == "__main__":
    stack = mixed(RESOURCES // 5)
    taken = seconds(lambda: held(shown_resources(stack)))
    print(f"{len(stack):,} resources, facts, demand and totals: {taken:.2f} s (budget {BUDGET_SECONDS:.0f} s)")
    before = 0.0
    for size in SIZES:
        now = seconds(partial(held, alike(size)))
        ratio = f", {now / before:.2f} times the half" if before else ""
        print(f"{size:>5,} pools and {size:>5,} workspaces: {now * 1000:6.1f} ms{ratio}")
        before = now
