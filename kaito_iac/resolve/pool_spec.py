"""A checked pool of GPU nodes, and the agent pool it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.adoption import Adoption
from kaito_iac.resolve.node_pool_manifest import KarpenterNodes
from kaito_iac.resolve.value_checks import shown
from kaito_iac.sizing.hardware import Hardware

SELECTOR_KEY: Final = "kaito-iac/pool"
CLUSTER_ID: Final = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.ContainerService/managedClusters/(?P<cluster>[^/]+)",
    re.IGNORECASE,
)

SUBNET_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePoolSpec:
    """A checked pool; what a workload needs to know of it is plain."""

    kind: str
    """`aks`: an agent pool is created. `eks`: a node group is. `karpenter`: a NodePool is. `existing`: the nodes are there."""
    instance_type: str
    """VM size; empty when only the GPUs of existing nodes are known."""
    size: GpuSize | None
    hardware: Hardware
    min_nodes: int
    max_nodes: int | Unknown
    """Most nodes the pool may have; unknown for existing nodes without a count."""
    autoscaled: bool
    spot: bool
    location: str
    selector: Any
    """Labels of its nodes; an Output where another stack has the pool."""
    labels: Mapping[str, Any]
    taints: tuple[str, ...]
    cluster: Any
    """ARM id of the AKS cluster, possibly an Output; None for existing nodes."""
    pool_name: str
    extra: Mapping[str, Any]
    """Further properties of the agent pool."""
    karpenter: KarpenterNodes | None = None
    """Input for Karpenter; None where AKS creates the nodes, or they exist."""
    node_group: Any = None
    """Input for EKS; None where it creates no nodes."""
    reserved: bool = False
    """Whether the nodes come out of a capacity reservation."""
    mig: str = ""
    """Profile that AKS cuts the GPUs by; empty for whole GPUs."""
    adopt: Adoption | None = None
    """The agent pool that is taken over; None: one is made."""
    protect: bool = False
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the pool."""
        return {
            "kind": self.kind,
            "clusterId": self.cluster,
            "instanceType": self.instance_type or None,
            "gpuModel": self.size.gpu_model if self.size else self.hardware.gpu_model,
            "gpusPerNode": self.hardware.gpus,
            "min": self.min_nodes,
            "max": None if isinstance(self.max_nodes, Unknown) else self.max_nodes,
            "spot": self.spot,
            "mig": self.mig or None,
            "reserved": self.reserved or None,
            "location": self.location or None,
            "selector": dict(self.selector),
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the component hands on."""
        family = self.size.quota_family if self.size else None
        return {
            "selector": dict(self.selector),
            "instanceType": self.instance_type,
            "gpusPerNode": self.hardware.gpus,
            "gpuMemoryGiB": self.gpu_memory_gib,
            "vcpuFamily": None if isinstance(family, Unknown) else family,
            "maxNodes": None if isinstance(self.max_nodes, Unknown) else self.max_nodes,
            "location": self.location or None,
        }

    @property
    def gpu_memory_gib(self) -> int:
        """Return the GPU memory of a node in GiB."""
        return self.size.gpu_memory_gib if self.size else self.hardware.node_gpu_memory_bytes // 2**30

    @property
    def driver(self) -> str:
        """Return who owns driver and device plugin of new nodes: Install (cloud and KAITO) or None (GPU operator)."""
        profile: Mapping[str, str] = self.extra.get("gpu_profile", {})
        return profile.get("driver", "")

    def agent_pool(self, names: tuple[Any, Any] | None = None) -> dict[str, Any]:
        """Return the properties of the AKS agent pool, in the names of azure-native's class.

        `names`: resource group and name of the cluster, where they are known before its id is.
        """
        group, cluster = names or _group_and_cluster(self.cluster)
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


def cluster_id(path: str, value: Any) -> Problem | None:
    """Check for the ARM id of an AKS cluster."""
    found = CLUSTER_ID.fullmatch(value) if isinstance(value, str) else None
    subscription = pulumi.Config("azure-native").get("subscriptionId")
    if found and subscription and found["subscription"].lower() != subscription.lower():
        message = f"a cluster in subscription {found['subscription']}, while azure-native:subscriptionId is {subscription}"
        fix = "pulumi config set azure-native:subscriptionId …, or name the other cluster"
        return Problem("KS105", path, message, "one subscription: the pool is made in the provider's", fix)
    if found:
        return None
    accepted = "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/…"
    return Problem("KS102", path, shown(value), accepted, "az aks show --query id -o tsv")


def subnet_id(path: str, value: Any) -> Problem | None:
    """Check for the ARM id of a subnet."""
    if isinstance(value, str) and SUBNET_ID.fullmatch(value):
        return None
    accepted = "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…"
    return Problem("KS102", path, shown(value), accepted, "az network vnet subnet show --query id -o tsv")


def _group_and_cluster(cluster: Any) -> tuple[Any, Any]:
    if isinstance(cluster, pulumi.Output):
        return cluster.apply(lambda known: id_part(known, "group")), cluster.apply(lambda known: id_part(known, "cluster"))
    return id_part(cluster, "group"), id_part(cluster, "cluster")


def id_part(known: str | None, name: str) -> str:
    """Return a part of the ARM id of a cluster: subscription, group or cluster; empty when it is no such id."""
    found = CLUSTER_ID.fullmatch(known or "")
    return found[name] if found else ""
