"""Resolves a pool of GPU nodes: made by AKS or by Karpenter, or there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.kinds.gpu_node_pool import GpuNodePoolArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.problem import Problem
from kaito_iac.resolve.node_pool_aks import read_aks
from kaito_iac.resolve.node_pool_eks import read_eks
from kaito_iac.resolve.node_pool_karpenter import read_karpenter
from kaito_iac.resolve.node_pool_reading import read_counts, read_hardware, read_labels, stated_size
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader

KINDS: Final = ("aks", "eks", "karpenter", "existing")
OF_EVERY: Final = ("kind", "instance_type", "count", "max_count", "spot", "location", "labels")
OF_NEW: Final = (
    "cluster",
    "zones",
    "taint",
    "driver",
    "os_disk_gib",
    "for_models",
    "image_family",
    "pool_name",
    "tags",
    "protect",
)
OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "aks": (
        *OF_NEW,
        "cluster_id",
        "subnet_id",
        "cloud",
        "gpu",
        "min_count",
        "max_price",
        "os_disk",
        "mig",
        "upgrade",
        "adopt",
        "capacity_reservation",
    ),
    "eks": (
        *(key for key in OF_NEW if key not in ("cluster", "zones", "driver")),
        "cloud",
        "gpu",
        "min_count",
        "eks_cluster",
        "node_role",
        "subnet_ids",
        "capacity_reservation",
    ),
    "karpenter": (
        *OF_NEW,
        "subnet_id",
        "cloud",
        "node_class",
        "eks_cluster",
        "node_role",
        "replace_drifted",
        "empty_after",
        "expire_after",
        "wait",
    ),
    "existing": ("cloud", "gpu", "min_count"),
}


def resolve_node_pool(name: str, args: Mapping[str, Any] | None) -> NodePoolSpec:
    """Check the arguments of a GpuNodePool; raises SpecError with every problem."""
    reader = component_reader("GpuNodePool", name, args)
    around = reader.has("cluster_id") or reader.has("cluster")
    kind = reader.text("kind") or ("aks" if around else "existing")
    if kind == "existing":
        spec = read_existing(reader, "labels")
    else:
        _refuse_others(reader, kind)
        read = {"aks": read_aks, "eks": read_eks, "karpenter": read_karpenter}[kind]
        spec = read(reader, name)
    return replace(spec, problems=reader.finish())


def _refuse_others(reader: Reader, kind: str) -> None:
    """Refuse arguments that another kind of new pool has: leaving them out in silence would make other nodes than were meant."""
    for key in reader.args:
        if key in reader.known and key not in OF_EVERY and key not in OF_KIND[kind]:
            kinds = " or ".join(other for other in KINDS if key in OF_KIND[other])
            message = "Karpenter keeps no minimum" if (kind, key) == ("karpenter", "min_count") else f"not for kind {kind}"
            reader.add(Problem("KS265", key, message, f"an argument of kind {kinds}", f"leave {key} out"))


def read_existing(reader: Reader, labels: str) -> NodePoolSpec:
    """Read nodes that exist already, found by the labels under that key; problems go to the reader."""
    size, hardware = read_hardware(reader, "existing")
    low, high, _ = read_counts(reader, "existing")
    selector = read_labels(reader, labels)
    if not selector and not reader.problems_at(labels) and not reader.problems_at("kind"):
        fix = f"kubectl label node NODE apps=gpu; {reader.path(labels)}={{'apps': 'gpu'}}"
        reader.add(Problem("KS102", reader.path(labels), "missing", "labels that the nodes carry already", fix))
    idle = [key for key in keys_of(GpuNodePoolArgs) if key not in OF_EVERY and key not in OF_KIND["existing"] and reader.has(key)]
    for key in idle:
        message = "without effect on nodes that exist already"
        accepted = f"kind='aks', or no {key}" if key in ("cluster", "cluster_id") else "an argument of a new pool"
        reader.add(Problem("KS105", reader.path(key), message, accepted, f"leave {key} out", "warning"))
    return NodePoolSpec(
        kind="existing",
        instance_type=size.name if size else stated_size(reader),
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
