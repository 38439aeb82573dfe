"""Arguments of a pool of GPU nodes."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.nested import AdoptArgs, GpuArgs
from kaito_iac.kinds.references import ClusterLike


class PoolUpgradeArgs(TypedDict):
    """How AKS upgrades the nodes of a pool."""

    max_surge: NotRequired[pulumi.Input[str]]
    """Additional nodes during an upgrade: a number or a percentage. Default: AKS's own."""
    max_unavailable: NotRequired[pulumi.Input[str]]
    """Nodes that may be missing during an upgrade: a number or a percentage. Default: AKS's own."""
    drain_timeout_minutes: NotRequired[int]
    """Longest wait for pods to leave a node, minutes. Default: AKS's own."""
    node_soak_minutes: NotRequired[int]
    """Wait after each node, minutes. Default: AKS's own."""
    undrainable: NotRequired[Literal["Schedule", "Cordon"]]
    """What happens with a node whose pods do not leave: Schedule or Cordon. Default: AKS's own."""


class GpuNodePoolArgs(TypedDict):
    """Arguments of a GpuNodePool.

    Keys: kind, cluster, cluster_id, instance_type, cloud, gpu, count, min_count, max_count, spot, max_price, zones,
    location, labels, taint, driver, mig, os_disk_gib, os_disk, for_models, image_family, pool_name, subnet_id,
    upgrade, capacity_reservation, node_class, eks_cluster, node_role, subnet_ids, replace_drifted, empty_after, expire_after,
    wait, protect, tags, adopt.
    """

    kind: NotRequired[Literal["aks", "eks", "karpenter", "existing"]]
    """`aks`: agent pool, `eks`: managed node group, `karpenter`: NodePool, `existing`: nodes. Default: by the arguments."""
    cluster: NotRequired[ClusterLike]
    """KaitoCluster of this program to which the pool belongs."""
    cluster_id: NotRequired[pulumi.Input[str]]
    """ARM id of the AKS cluster of the pool, if the cluster is not a KaitoCluster of this program."""
    instance_type: NotRequired[str]
    """VM size, a name of `kaito-iac sizes`. Must be known in a preview."""
    cloud: NotRequired[Literal["azure", "aws", "arc"]]
    """Cloud of existing nodes or of Karpenter: azure, aws or arc. Default: the one that has the size."""
    gpu: NotRequired[GpuArgs]
    """GPUs of existing nodes as their labels state them: product, count, memory_mib (of one GPU). Default: from instance_type."""
    count: NotRequired[int]
    """Number of nodes, fixed; of existing nodes, how many there are. Default: 1 for a new pool of AKS."""
    min_count: NotRequired[int]
    """Minimum number of nodes of an autoscaled pool of AKS. Default: 1."""
    max_count: NotRequired[int]
    """Maximum number of nodes of an autoscaled pool; quota and budget count it. Karpenter creates the nodes for pods."""
    spot: NotRequired[bool]
    """Spot capacity, which the cloud can take back at any time. Default: false."""
    max_price: NotRequired[float]
    """Highest spot price of AKS, USD an hour and node. Default: -1, up to the on-demand price."""
    zones: NotRequired[list[str]]
    """Availability zones. Default: none."""
    location: NotRequired[str]
    """Region, for prices and quota; the pool itself is in the region of its cluster. Default: the cluster's."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Labels that a new pool sets on its nodes, or that existing nodes have."""
    taint: NotRequired[Literal["sku=gpu:NoSchedule", "none"]]
    """`sku=gpu:NoSchedule`, the only one all KAITO workloads tolerate, or `none`. Default: sku=gpu:NoSchedule."""
    driver: NotRequired[Literal["Install", "None"]]
    """Install: the cloud installs the GPU driver, KAITO its device plugin. None: the GPU operator does both. Default: Install."""
    mig: NotRequired[Literal["MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g"]]
    """MIG1g, MIG2g, MIG3g, MIG4g or MIG7g: AKS cuts every GPU into such slices, for the life of the pool. Default: whole GPUs."""
    os_disk_gib: NotRequired[int]
    """OS disk, GiB; without NVMe it stores images and weights. Default: from for_models, else AKS's; Karpenter: 300."""
    os_disk: NotRequired[Literal["Managed", "Ephemeral"]]
    """Managed, or Ephemeral on the size's cache or temp disk. Default: AKS's own choice."""
    for_models: NotRequired[list[str]]
    """Presets or models that will run there: the OS disk is sized for the largest. Default: none."""
    image_family: NotRequired[str]
    """Ubuntu or AzureLinux; Karpenter: Ubuntu2204 (default), Ubuntu2404, on AWS al2023@latest; EKS: AL2023, Bottlerocket."""
    pool_name: NotRequired[str]
    """Name in AKS, 1 to 12 lower-case letters and digits, or of the NodePool. Default: computed from the component's name."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """ARM id of the subnet of the nodes. Default: the cluster's."""
    upgrade: NotRequired[PoolUpgradeArgs]
    """How AKS upgrades the nodes. Default: AKS's own."""
    capacity_reservation: NotRequired[pulumi.Input[str]]
    """Capacity reservation of the nodes: ARM id of its group on AKS, id (cr-…) on EKS. Default: none."""
    node_class: NotRequired[str]
    """Name of an existing Karpenter NodeClass. Default: one is created."""
    eks_cluster: NotRequired[pulumi.Input[str]]
    """Name of the EKS cluster: for a node group, or for Karpenter to find subnets and security groups."""
    node_role: NotRequired[pulumi.Input[str]]
    """IAM role of nodes on AWS: the ARN for a node group, the name for Karpenter. Default: KarpenterNodeRole-<eks_cluster>."""
    subnet_ids: NotRequired[list[pulumi.Input[str]]]
    """Subnets of the nodes of a node group of EKS."""
    replace_drifted: NotRequired[int]
    """Nodes that Karpenter may replace at a time after a change of image or NodeClass, even if pods run there. Default: 0."""
    empty_after: NotRequired[str]
    """How long a node of Karpenter stays without pods, such as 15m. Default: 15m."""
    expire_after: NotRequired[str]
    """Age at which Karpenter replaces a node, even if pods run there, such as 720h. Default: Never."""
    wait: NotRequired[bool]
    """Wait until Karpenter has created all nodes of count. Default: true."""
    protect: NotRequired[bool]
    """Refuse to delete or replace the nodes. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the nodes in the cloud."""
    adopt: NotRequired[AdoptArgs]
    """Manage an existing AKS agent pool: object, force, delete; remove the argument after the update. Default: create one."""
