"""Resolves a pool of GPU nodes: which size, how many, and how workloads find and tolerate it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.catalog.record import CLOUDS, GpuSize
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.resolve.merge import with_stack_defaults
from kaito_iac.resolve.reading import Reader, shown
from kaito_iac.sizing.hardware import Hardware, of_existing, of_labels

KEYS: Final = (
    "kind",
    "clusterId",
    "instanceType",
    "cloud",
    "gpu",
    "count",
    "min",
    "max",
    "spot",
    "maxPrice",
    "zones",
    "location",
    "labels",
    "taint",
    "driver",
    "osDiskGiB",
    "poolName",
    "subnetId",
    "tags",
)
RESERVED: Final = (
    "kaito.sh/workspace",
    "kaito.sh/ragengine",
    "kaito.sh/workspacenamespace",
    "kaito.sh/ragenginenamespace",
    "karpenter.kaito.sh/workspace-name",
    "karpenter.kaito.sh/workspace-namespace",
    "karpenter.kaito.sh/inferenceset",
    "karpenter.kaito.sh/inferenceset-namespace",
)
"""Labels that KAITO 0.12 keeps to itself and drops from selectors."""
SELECTOR_KEY: Final = "kaito-iac/pool"
TAINT: Final = "sku=gpu:NoSchedule"
"""The only taint that every KAITO workload tolerates."""
CLUSTER_ID: Final = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.ContainerService/managedClusters/(?P<cluster>[^/]+)",
    re.IGNORECASE,
)
GPU_KEYS: Final = ("product", "count", "memoryMiB")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePoolSpec:
    """A checked pool; what a workload needs to know of it is plain."""

    kind: str
    """`aks`: an agent pool is created. `existing`: the nodes are there already."""
    instance_type: str
    """VM size; empty when only the GPUs of existing nodes are known."""
    size: GpuSize | None
    hardware: Hardware
    min_nodes: int
    max_nodes: int | Unknown
    """Most nodes the pool may have; unknown for existing nodes that nobody counted."""
    autoscaled: bool
    spot: bool
    location: str
    selector: Mapping[str, str]
    labels: Mapping[str, Any]
    taints: tuple[str, ...]
    cluster: Any
    """ARM id of the AKS cluster, possibly an Output; None for existing nodes."""
    pool_name: str
    extra: Mapping[str, Any]
    """Further properties of the agent pool."""
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Gives what state and policies see of the pool."""
        return {
            "kind": self.kind,
            "clusterId": self.cluster,
            "instanceType": self.instance_type or None,
            "gpuModel": self.size.gpu_model if self.size else self.hardware.gpu_model,
            "gpusPerNode": self.hardware.gpus,
            "min": self.min_nodes,
            "max": None if isinstance(self.max_nodes, Unknown) else self.max_nodes,
            "spot": self.spot,
            "location": self.location or None,
            "selector": dict(self.selector),
        }

    def outputs(self) -> dict[str, Any]:
        """Gives what the component hands on."""
        family = self.size.quota_family if self.size else None
        return {
            "selector": dict(self.selector),
            "instanceType": self.instance_type,
            "gpusPerNode": self.hardware.gpus,
            "gpuMemoryGiB": self.gpu_memory_gib,
            "vcpuFamily": None if isinstance(family, Unknown) else family,
            "maxNodes": None if isinstance(self.max_nodes, Unknown) else self.max_nodes,
        }

    @property
    def gpu_memory_gib(self) -> int:
        """Gives the GPU memory of a node in GiB."""
        return self.size.gpu_memory_gib if self.size else self.hardware.node_gpu_memory_bytes // 2**30

    def agent_pool(self) -> dict[str, Any]:
        """Gives the properties of the AKS agent pool, in the names of azure-native's class."""
        group, cluster = _group_and_cluster(self.cluster)
        properties: dict[str, Any] = {
            "resource_group_name": group,
            "resource_name_": cluster,
            "agent_pool_name": self.pool_name,
            "mode": "User",
            "os_type": "Linux",
            "vm_size": self.instance_type,
            "count": self.min_nodes,
            "node_labels": dict(self.labels),
            "node_taints": list(self.taints),
            **self.extra,
        }
        if self.autoscaled:
            properties |= {"enable_auto_scaling": True, "min_count": self.min_nodes, "max_count": self.max_nodes}
        if self.spot:
            properties |= {"scale_set_priority": "Spot", "scale_set_eviction_policy": "Delete"}
            properties.setdefault("spot_max_price", -1)
        return properties


def _group_and_cluster(cluster: Any) -> tuple[Any, Any]:
    if isinstance(cluster, pulumi.Output):
        parts = cluster.apply(_cluster_parts)
        return parts.apply(lambda found: found[0]), parts.apply(lambda found: found[1])
    return _cluster_parts(cluster)


def _cluster_parts(value: str) -> tuple[str, str]:
    found = CLUSTER_ID.fullmatch(value)
    if not found:
        raise SpecError("clusterId", [_cluster_problem("clusterId", value)])
    return found["group"], found["cluster"]


def _cluster_problem(path: str, value: Any) -> Problem:
    accepted = "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/…"
    return Problem("KS102", path, shown(value), accepted, "az aks show --query id -o tsv")


def _cluster_check(path: str, value: Any) -> Problem | None:
    return None if isinstance(value, str) and CLUSTER_ID.fullmatch(value) else _cluster_problem(path, value)


def resolve_node_pool(name: str, args: Mapping[str, Any]) -> NodePoolSpec:
    """Checks the arguments of a GpuNodePool; raises SpecError with every problem."""
    reader = Reader(with_stack_defaults("GpuNodePool", name, args), KEYS)
    kind = reader.text("kind", choices=("aks", "existing")) or ("aks" if reader.has("clusterId") else "existing")
    cluster = reader.late("clusterId", _cluster_check)
    if kind == "aks" and cluster is None:
        reader.add(
            Problem(
                "KS102",
                "clusterId",
                "missing",
                "the ARM id of the AKS cluster",
                "give clusterId, or kind='existing' for nodes that are there",
            )
        )
    size, hardware = _hardware(reader, kind)
    low, high, autoscaled = _counts(reader, kind)
    spot = reader.flag("spot", False)
    labels = _labels(reader, name)
    spec = NodePoolSpec(
        kind=kind,
        instance_type=size.name if size else "",
        size=size,
        hardware=hardware,
        min_nodes=low,
        max_nodes=high,
        autoscaled=autoscaled,
        spot=spot,
        location=reader.text("location", "a region, such as eastus") or "",
        selector={SELECTOR_KEY: labels[SELECTOR_KEY]}
        if kind == "aks"
        else {key: value for key, value in labels.items() if key != SELECTOR_KEY},
        labels=labels,
        taints=_taints(reader, spot),
        cluster=cluster,
        pool_name=_pool_name(reader, name),
        extra=_extra(reader, kind, size),
        problems=tuple(reader.problems),
    )
    if kind == "existing" and not spec.selector:
        reader.add(
            Problem(
                "KS102",
                "labels",
                "missing",
                "labels that the nodes carry already",
                "kubectl label node NODE apps=gpu; labels={'apps': 'gpu'}",
            )
        )
    if errors(reader.problems):
        raise SpecError(f"GpuNodePool '{name}'", reader.problems)
    return spec


def _hardware(reader: Reader, kind: str) -> tuple[GpuSize | None, Hardware]:
    nothing = Hardware(label="", gpus=1, node_gpu_memory_bytes=0, gpu_model="")
    facts = Reader(reader.mapping("gpu"), GPU_KEYS, prefix="gpu.")
    named = reader.text("instanceType", "a size from `kaito-iac sizes`", required=kind == "aks" or not facts.args)
    product = facts.text("product", "GPU product, as the label nvidia.com/gpu.product tells it", required=bool(facts.args))
    count = facts.number("count", 1, 16, "(GPUs per node)")
    memory = facts.number("memoryMiB", 1024, 1024 * 1024, "(MiB of one GPU)")
    reader.problems += facts.problems
    cloud = reader.text("cloud", choices=CLOUDS) or ("azure" if kind == "aks" else None)
    size = find_size(named, cloud) if named else None
    if named:
        reader.problems += [
            problem
            for problem in size_problems(named, cloud, "instanceType")
            if kind == "aks" or problem.code != "KS211" or "NVIDIA" in problem.accepted
        ]
    if product and memory:
        return size, of_labels(product, count or (size.gpus if size else 1), memory)
    return size, of_existing(size) if size else nothing


def _counts(reader: Reader, kind: str) -> tuple[int, int | Unknown, bool]:
    count = reader.number("count", 0, 1000, "nodes")
    low = reader.number("min", 0, 1000, "nodes")
    high = reader.number("max", 1, 1000, "nodes")
    if count is not None and (low is not None or high is not None):
        reader.add(
            Problem("KS105", "count", f"{count} together with min or max", "either count, or min and max", "leave count out")
        )
    if low is not None and high is not None and low > high:
        reader.add(Problem("KS105", "min", str(low), f"at most max ({high})"))
    if kind == "existing" and count is None and high is None:
        return 0, Unknown("nobody said how many nodes exist; give count"), False
    if high is None:
        fixed = count if count is not None else max(low or 1, 1)
        return fixed, fixed, False
    return (low if low is not None else 1), high, kind == "aks"


def _labels(reader: Reader, name: str) -> dict[str, Any]:
    labels = reader.labels("labels")
    for key in labels:
        if key in RESERVED or key == "karpenter.sh/nodepool":
            told = f"'{key}' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it"
            reader.add(Problem("KS208", f"labels.{key}", told, "a label of your own", "choose another key"))
    return {**labels, SELECTOR_KEY: name}


def _taints(reader: Reader, spot: bool) -> tuple[str, ...]:
    taint = reader.text("taint", "key=value:Effect, or 'none'") or TAINT
    if taint not in (TAINT, "none"):
        told = f"'{taint}': KAITO's tuning jobs and device plugin tolerate {TAINT} alone, so their pods would never be scheduled"
        reader.add(Problem("KS105", "taint", told, f"{TAINT} or none", "leave taint out"))
    own = () if taint == "none" else (TAINT,)
    return (*own, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule") if spot else own


def _pool_name(reader: Reader, name: str) -> str:
    given = reader.text("poolName", "1 to 12 lower-case letters and digits, a letter first")
    pool = given or re.sub(r"[^a-z0-9]", "", name.lower())[:12]
    if not re.fullmatch(r"[a-z][a-z0-9]{0,11}", pool):
        told = shown(given) if given else f"{shown(pool)}, made of the component's name"
        reader.add(
            Problem("KS104", "poolName", told, "1 to 12 lower-case letters and digits, a letter first (AKS)", "give poolName")
        )
    return pool


def _extra(reader: Reader, kind: str, size: GpuSize | None) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    driver = reader.text("driver", choices=("Install", "None"))
    zones, tags = [str(zone) for zone in reader.items("zones")], reader.mapping("tags")
    disk = reader.number("osDiskGiB", 64, 4096, "GiB")
    subnet = reader.late(
        "subnetId", lambda path, value: None if isinstance(value, str) else Problem("KS102", path, shown(value), "an ARM id")
    )
    price = reader.args.get("maxPrice")
    if price is not None and not reader.args.get("spot"):
        reader.add(Problem("KS105", "maxPrice", f"{shown(price)} without spot", "spot=True"))
    if kind != "aks":
        return extra
    extra["gpu_profile"] = {"driver": driver or "Install"}
    extra |= {"os_disk_size_gb": disk} if disk else {}
    extra |= {"availability_zones": zones} if zones else {}
    extra |= {"tags": tags} if tags else {}
    extra |= {"vnet_subnet_id": subnet} if subnet is not None else {}
    extra |= {"spot_max_price": price} if price is not None else {}
    return extra
