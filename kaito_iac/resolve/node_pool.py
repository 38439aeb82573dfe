"""Resolves a pool of GPU nodes: made by AKS or by Karpenter, or there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.problem import Problem
from kaito_iac.resolve.node_pool_aks import read_aks
from kaito_iac.resolve.node_pool_karpenter import read_karpenter
from kaito_iac.resolve.node_pool_reading import read_counts, read_hardware, read_labels
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import with_stack_defaults

KINDS: Final = ("aks", "karpenter", "existing")
OF_EVERY: Final = ("kind", "instanceType", "count", "max", "spot", "location", "labels")
OF_NEW: Final = ("cluster", "zones", "taint", "driver", "osDiskGiB", "forModels", "imageFamily", "poolName", "tags", "protect")
OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "aks": (*OF_NEW, "clusterId", "subnetId", "cloud", "gpu", "min", "maxPrice", "osDisk", "mig", "upgrade"),
    "karpenter": (
        *OF_NEW,
        "subnetId",
        "cloud",
        "nodeClass",
        "eksCluster",
        "nodeRole",
        "replaceDrifted",
        "emptyAfter",
        "expireAfter",
        "wait",
    ),
    "existing": ("cloud", "gpu", "min"),
}
KEYS: Final = (*OF_EVERY, *dict.fromkeys(key for keys in OF_KIND.values() for key in keys))


def resolve_node_pool(name: str, args: Mapping[str, Any]) -> NodePoolSpec:
    """Check the arguments of a GpuNodePool; raises SpecError with every problem."""
    reader = Reader(with_stack_defaults("GpuNodePool", name, args), KEYS, title=f"GpuNodePool '{name}'")
    around = reader.has("clusterId") or reader.has("cluster")
    kind = reader.text("kind", choices=KINDS) or ("aks" if around else "existing")
    if kind == "existing":
        spec = read_existing(reader, "labels")
    else:
        _refuse_others(reader, kind)
        spec = read_aks(reader, name) if kind == "aks" else read_karpenter(reader, name)
    return replace(spec, problems=reader.finish())


def _refuse_others(reader: Reader, kind: str) -> None:
    """Refuse arguments that another kind of new pool has: leaving them out in silence would make other nodes than were meant."""
    for key in reader.args:
        if key in KEYS and key not in OF_EVERY and key not in OF_KIND[kind]:
            kinds = " or ".join(other for other in KINDS if key in OF_KIND[other])
            told = "Karpenter keeps no minimum" if (kind, key) == ("karpenter", "min") else f"not for kind {kind}"
            reader.add(Problem("KS265", key, told, f"an argument of kind {kinds}", f"leave {key} out"))


def read_existing(reader: Reader, labels: str) -> NodePoolSpec:
    """Read nodes that exist already, found by the labels under that key; problems go to the reader."""
    size, hardware = read_hardware(reader, "existing")
    low, high, _ = read_counts(reader, "existing")
    selector = read_labels(reader, labels)
    if not selector and not reader.problems_at(labels) and not reader.problems_at("kind"):
        fix = f"kubectl label node NODE apps=gpu; {reader.path(labels)}={{'apps': 'gpu'}}"
        reader.add(Problem("KS102", reader.path(labels), "missing", "labels that the nodes carry already", fix))
    idle = [key for key in KEYS if key not in OF_EVERY and key not in OF_KIND["existing"] and reader.has(key)]
    for key in idle:
        told = "without effect on nodes that exist already"
        accepted = f"kind='aks', or no {key}" if key in ("cluster", "clusterId") else "an argument of a new pool"
        reader.add(Problem("KS105", reader.path(key), told, accepted, f"leave {key} out", "warning"))
    return NodePoolSpec(
        kind="existing",
        instance_type=size.name if size else str(reader.args.get("instanceType") or ""),
        size=size,
        hardware=hardware,
        min_nodes=low,
        max_nodes=high,
        autoscaled=False,
        spot=reader.flag("spot", False),
        location=reader.text("location", "a region, such as eastus") or "",
        selector=selector,
        labels=selector,
        taints=(),
        cluster=None,
        pool_name="",
        extra={},
        problems=(),
    )
