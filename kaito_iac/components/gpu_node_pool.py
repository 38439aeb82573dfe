"""A pool of GPU nodes: an AKS agent pool, a NodePool of Karpenter, or nodes that exist already."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.dependencies import after
from kaito_iac.components.nested_args import GpuArgs
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.node_pool import resolve_node_pool
from kaito_iac.resolve.node_pool_manifest import NODES, KarpenterNodes
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resources.agent_pool import AgentPool
from kaito_iac.resources.karpenter import AKSNodeClass, EC2NodeClass, NodePool


class GpuNodePoolArgs(TypedDict):
    """Arguments of a GpuNodePool."""

    kind: NotRequired[str]
    """`aks` makes an agent pool, `karpenter` a NodePool, `existing` describes nodes. Default: aks with a cluster."""
    cluster: NotRequired[Any]
    """A KaitoCluster of this program that gets the pool."""
    clusterId: NotRequired[pulumi.Input[str]]
    """ARM id of the AKS cluster that gets the pool, where it is no KaitoCluster of this program."""
    instanceType: NotRequired[str]
    """VM size, a name of `kaito-iac sizes`. Plain, because GPUs, quota and cost follow from it."""
    cloud: NotRequired[str]
    """Cloud of existing nodes or of Karpenter: azure, aws or arc. Default: the one that has the size."""
    gpu: NotRequired[GpuArgs]
    """GPUs of existing nodes as their labels tell them: product, count, memoryMiB (of one GPU). Default: from instanceType."""
    count: NotRequired[int]
    """Number of nodes, fixed; of existing nodes, how many there are. Default: 1 for a new pool of AKS."""
    min: NotRequired[int]
    """Fewest nodes of an autoscaled pool of AKS. Default: 1."""
    max: NotRequired[int]
    """Most nodes of an autoscaled pool; quota and budget count it. With Karpenter nodes come with pods, which KAITO's do not."""
    spot: NotRequired[bool]
    """Spot capacity, which the cloud can take back at any time. Default: false."""
    maxPrice: NotRequired[float]
    """Highest spot price of AKS, USD an hour and node. Default: -1, up to the on-demand price."""
    zones: NotRequired[list[str]]
    """Availability zones. Default: none asked for."""
    location: NotRequired[str]
    """Region, for prices and quota; the pool itself lies where its cluster does. Default: the cluster's."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels: set on the nodes of a new pool, carried already by existing ones."""
    taint: NotRequired[str]
    """`sku=gpu:NoSchedule`, the only one all KAITO workloads tolerate, or `none`. Default: sku=gpu:NoSchedule."""
    driver: NotRequired[str]
    """Install: the cloud installs the GPU driver, KAITO its device plugin. None: the GPU operator does both. Default: Install."""
    mig: NotRequired[str]
    """MIG1g, MIG2g, MIG3g, MIG4g or MIG7g: AKS cuts every GPU into such slices, for the life of the pool. Default: whole GPUs."""
    osDiskGiB: NotRequired[int]
    """OS disk, GiB, which holds images and weights without NVMe. Default: by forModels, else AKS's, 300 with Karpenter."""
    osDisk: NotRequired[str]
    """Managed, or Ephemeral on the size's cache or temp disk. Default: AKS's own choice."""
    forModels: NotRequired[list[str]]
    """Presets or models that are to run there: the OS disk is sized from the largest. Default: none."""
    imageFamily: NotRequired[str]
    """Ubuntu or AzureLinux; Karpenter: Ubuntu2204 (default), Ubuntu2404, on AWS al2023@latest (default) or a version."""
    poolName: NotRequired[str]
    """Name in AKS, 1 to 12 lower-case letters and digits, or of the NodePool. Default: made of the component's name."""
    subnetId: NotRequired[pulumi.Input[str]]
    """ARM id of the subnet of the nodes. Default: the cluster's."""
    upgrade: NotRequired[dict[str, Any]]
    """Upgrades by AKS: maxSurge, maxUnavailable, drainTimeoutMinutes, nodeSoakMinutes, undrainable. Default: AKS's own."""
    nodeClass: NotRequired[str]
    """Name of a NodeClass of Karpenter that exists. Default: one is made."""
    eksCluster: NotRequired[pulumi.Input[str]]
    """Name of the EKS cluster, by which Karpenter finds subnets and security groups on AWS."""
    nodeRole: NotRequired[pulumi.Input[str]]
    """IAM role of nodes on AWS. Default: KarpenterNodeRole-<eksCluster>."""
    replaceDrifted: NotRequired[int]
    """Nodes that Karpenter may replace at a time when image or NodeClass changed, whatever runs there. Default: 0."""
    emptyAfter: NotRequired[str]
    """How long a node of Karpenter stays without pods, such as 15m. Default: 15m."""
    expireAfter: NotRequired[str]
    """Age at which Karpenter replaces a node, whatever runs there, such as 720h. Default: Never."""
    wait: NotRequired[bool]
    """Wait until Karpenter has made all nodes of count. Default: true."""
    protect: NotRequired[bool]
    """Refuse to delete or replace the nodes. Default: false."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Tags of the nodes in the cloud."""


@collectable
class GpuNodePool(pulumi.ComponentResource):
    """GPU nodes that workloads are placed on by passing the pool as their nodePool."""

    selector: pulumi.Output[dict[str, str]]
    """Labels by which workloads find the nodes."""
    instanceType: pulumi.Output[str]
    """VM size; empty where only the GPUs are known."""
    gpusPerNode: pulumi.Output[int]
    """GPUs of one node."""
    gpuMemoryGiB: pulumi.Output[int]
    """GPU memory of one node, GiB."""
    vcpuFamily: pulumi.Output[str | None]
    """Quota family the vCPUs count against; null where nobody states it."""
    maxNodes: pulumi.Output[int | None]
    """Most nodes the pool can have; null for existing nodes that nobody counted."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where nobody named one."""

    def __init__(self, name: str, args: GpuNodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: NodePoolSpec = resolve_node_pool(name, args)
        super().__init__("kaito-iac:index:GpuNodePool", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        made = nodes(self, name, self.spec, args.get("cluster"))
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs(outputs)


def nodes(pool: pulumi.Resource, name: str, spec: NodePoolSpec, cluster: Any) -> pulumi.Resource:
    """Declare what makes the nodes of a pool; the pool itself where they exist."""
    kept = pulumi.ResourceOptions(parent=pool, protect=spec.protect or None)
    if spec.karpenter is not None:
        return karpenter_nodes(name, spec.karpenter, cluster, kept)
    return agent_pool(f"{name}-nodes", spec, cluster, kept) if spec.kind == "aks" else pool


def agent_pool(name: str, spec: NodePoolSpec, cluster: Any, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """Declare the AKS agent pool of a specification; an autoscaler owns the count after the first time."""
    own = pulumi.ResourceOptions(ignore_changes=["count"] if spec.autoscaled else None)
    names = None if cluster is None else (cluster.resourceGroupName, cluster.clusterName)
    return AgentPool(name, spec.agent_pool(names), pulumi.ResourceOptions.merge(own, opts))


def karpenter_nodes(name: str, spec: KarpenterNodes, cluster: Any, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """Declare the NodePool of a specification, after its NodeClass; another size or way of scaling replaces it."""
    provider = pulumi.ResourceOptions(provider=None if cluster is None else cluster.provider())
    around = pulumi.ResourceOptions.merge(opts, provider)
    made: list[pulumi.Resource] = []
    if spec.class_spec is not None:
        kind = EC2NodeClass if spec.kind == "EC2NodeClass" else AKSNodeClass
        made = [kind(f"{name}-class", metadata={"name": spec.class_name}, spec=spec.class_spec, opts=around)]
    own = pulumi.ResourceOptions(
        depends_on=made,
        replace_on_changes=[f'metadata.annotations["{NODES}"]'],
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create="30m", update="30m", delete="30m"),
    )
    options = pulumi.ResourceOptions.merge(around, own)
    return NodePool(f"{name}-nodes", metadata=spec.metadata(), spec=spec.node_pool(), opts=options)
