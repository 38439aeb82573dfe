"""A pool of GPU nodes: an AKS agent pool, or nodes that exist already."""

from typing import NotRequired, TypedDict

import pulumi

from kaito_iac.components.after import after
from kaito_iac.components.nested_args import GpuArgs
from kaito_iac.components.stand_in import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.node_pool import resolve_node_pool
from kaito_iac.resolve.pool_spec import NodePoolSpec


class GpuNodePoolArgs(TypedDict):
    """Arguments of a GpuNodePool."""

    kind: NotRequired[str]
    """`aks` creates an agent pool, `existing` describes nodes that are there. Default: `aks` with clusterId, else `existing`."""
    clusterId: NotRequired[pulumi.Input[str]]
    """ARM id of the AKS cluster that gets the pool."""
    instanceType: NotRequired[str]
    """VM size, a name of `kaito-iac sizes`. Plain, because GPUs, quota and cost follow from it."""
    cloud: NotRequired[str]
    """Cloud of existing nodes: azure, aws or arc. Default: the one that has the size."""
    gpu: NotRequired[GpuArgs]
    """GPUs of existing nodes as their labels tell them: product, count, memoryMiB (of one GPU). Default: from instanceType."""
    count: NotRequired[int]
    """Number of nodes, fixed; of existing nodes, how many there are. Default: 1 for a new pool."""
    min: NotRequired[int]
    """Fewest nodes of an autoscaled pool. Default: 1."""
    max: NotRequired[int]
    """Most nodes of an autoscaled pool; quota and budget count it."""
    spot: NotRequired[bool]
    """Spot capacity, which Azure can take back at any time. Default: false."""
    maxPrice: NotRequired[float]
    """Highest spot price, USD an hour and node. Default: -1, up to the on-demand price."""
    zones: NotRequired[list[str]]
    """Availability zones. Default: none asked for."""
    location: NotRequired[str]
    """Region, for prices and quota; the pool itself lies where its cluster does."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels: set on the nodes of a new pool, carried already by existing ones."""
    taint: NotRequired[str]
    """`sku=gpu:NoSchedule`, the only one all KAITO workloads tolerate, or `none`. Default: sku=gpu:NoSchedule."""
    driver: NotRequired[str]
    """Install: AKS installs the GPU driver. None: the GPU operator does. Default: Install."""
    osDiskGiB: NotRequired[int]
    """Size of the OS disk, GiB, which holds images and weights without NVMe. Default: AKS's own."""
    poolName: NotRequired[str]
    """Name in AKS: 1 to 12 lower-case letters and digits. Default: made of the component's name."""
    subnetId: NotRequired[pulumi.Input[str]]
    """ARM id of the subnet of the nodes. Default: the cluster's."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Azure tags of the pool."""


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
        made = agent_pool(f"{name}-nodes", self.spec, pulumi.ResourceOptions(parent=self)) if self.spec.kind == "aks" else self
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs(outputs)


def agent_pool(name: str, spec: NodePoolSpec, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """Declares the AKS agent pool of a specification; an autoscaler owns the count after the first time."""
    from pulumi_azure_native import containerservice

    own = pulumi.ResourceOptions(ignore_changes=["count"] if spec.autoscaled else None)
    return containerservice.AgentPool(name, **spec.agent_pool(), opts=pulumi.ResourceOptions.merge(own, opts))
