"""A pool of GPU nodes: an AKS agent pool, a NodePool of Karpenter, or nodes that exist already."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.adoption import adopted
from kaito_iac.components.dependencies import after
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.gpu_node_pool import GpuNodePoolArgs
from kaito_iac.resolve.node_pool import resolve_node_pool
from kaito_iac.resolve.node_pool_manifest import NODES, KarpenterNodes
from kaito_iac.resolve.pool_spec import NodePoolSpec
from kaito_iac.resources.agent_pool import AgentPool
from kaito_iac.resources.karpenter import AKSNodeClass, EC2NodeClass, NodePool
from kaito_iac.resources.node_group import LaunchTemplate, NodeGroup


@collectable
class GpuNodePool(pulumi.ComponentResource):
    """GPU nodes that workloads are placed on by passing the pool as their node_pool."""

    selector: pulumi.Output[dict[str, str]]
    """Labels by which workloads find the nodes."""
    instance_type: pulumi.Output[str]
    """VM size; empty where only the GPUs are known."""
    gpus_per_node: pulumi.Output[int]
    """GPUs of one node."""
    gpu_memory_gib: pulumi.Output[int]
    """GPU memory of one node, GiB."""
    vcpu_family: pulumi.Output[str | None]
    """Quota family the vCPUs count against; null where it is not stated."""
    max_nodes: pulumi.Output[int | None]
    """Most nodes the pool can have; null for existing nodes without a count."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where none is named."""

    @overload
    def __init__(
        self, resource_name: str, args: GpuNodePoolArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[GpuNodePoolArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: GpuNodePoolArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: NodePoolSpec = resolve_node_pool(resource_name, args)
        super().__init__("kaito-iac:index:GpuNodePool", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        made = nodes(self, resource_name, self.spec, (args or {}).get("cluster"))
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        publish(self, outputs)

    @property
    def reference(self) -> pulumi.Output[dict[str, Any]]:
        """Return what another stack gives as node_pool=, as one value to export."""
        own = {"maxCount": self.max_nodes, "location": self.location}
        if isinstance(self.spec, NodePoolSpec) and not self.spec.instance_type:
            hardware = self.spec.hardware
            gpu = {"product": hardware.gpu_model, "count": hardware.gpus, "memoryMiB": hardware.gpu_memory_bytes // 2**20}
            return pulumi.Output.all(selector=self.selector, gpu=gpu, **own)
        return pulumi.Output.all(selector=self.selector, instanceType=self.instance_type, **own)


def nodes(pool: pulumi.Resource, name: str, spec: NodePoolSpec, cluster: Any) -> pulumi.Resource:
    """Declare what makes the nodes of a pool; the pool itself where they exist."""
    kept = pulumi.ResourceOptions(parent=pool, protect=spec.protect or None)
    if spec.karpenter is not None:
        return karpenter_nodes(name, spec.karpenter, cluster, kept)
    if spec.node_group is not None:
        return node_group(name, spec, kept)
    return agent_pool(f"{name}-nodes", spec, cluster, kept) if spec.kind == "aks" else pool


def node_group(name: str, spec: NodePoolSpec, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """Declare the node group of a specification; an autoscaler owns the desired size after the first time."""
    template, reference = spec.node_group.template(), None
    if template is not None:
        made = LaunchTemplate(f"{name}-template", template, opts)
        reference = {"id": made.id, "version": made.latest}
    moved = ["scalingConfig.desiredSize"] if spec.autoscaled else []
    options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(ignore_changes=moved or None), opts)
    return NodeGroup(f"{name}-nodes", spec.node_group.properties(spec, reference), options)


def agent_pool(name: str, spec: NodePoolSpec, cluster: Any, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """Declare the AKS agent pool of a specification; an autoscaler owns the count after the first time."""
    own = pulumi.ResourceOptions(
        ignore_changes=["count"] if spec.autoscaled else None,
        replace_on_changes=["gpuProfile", "gpuInstanceProfile"],  # Azure keeps both for the life of a pool, and the name is taken
        delete_before_replace=True,
    )
    names = None if cluster is None else (cluster.resource_group_name, cluster.cluster_name)
    return AgentPool(name, spec.agent_pool(names), adopted(pulumi.ResourceOptions.merge(own, opts), spec.adopt))


def karpenter_nodes(name: str, spec: KarpenterNodes, cluster: Any, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """Declare the NodePool of a specification, after its NodeClass; another size or way of scaling replaces it."""
    given = opts.parent.get_provider("kubernetes:core/v1:Namespace") if opts.parent is not None else None
    provider = pulumi.ResourceOptions(provider=cluster.provider() if given is None and cluster is not None else given)
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
