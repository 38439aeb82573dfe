"""One model served by prefill and decode roles: one MultiRoleInference and the configuration of each role."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.components.dependencies import after, before
from kaito_iac.components.nested_args import ModelFactsArgs, RoleArgs
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.multi_role import MultiRoleSpec, Role, resolve_multi_role
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.multi_role_inference import MultiRoleInference


class KaitoMultiRoleInferenceArgs(TypedDict):
    """Arguments of a KaitoMultiRoleInference: the model, and where each of its two roles runs."""

    preset: NotRequired[str]
    """A name of `kaito-iac presets`, a model's short name, or `organisation/model`. Plain, because nodes follow from it."""
    modelFacts: NotRequired[ModelFactsArgs]
    """Facts of a model outside the catalogue: weightsGiB, bytesPerToken, maxContextTokens; also layers, heads, kvHeads, gated."""
    name: NotRequired[str]
    """Name of the MultiRoleInference, at most 40 characters. Default: the component's name."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace. Default: `default`."""
    prefill: NotRequired[RoleArgs]
    """The role that reads prompts: instanceType, replicas (default 1), context, vllm, vllmExtra, or config (a ConfigMap)."""
    decode: NotRequired[RoleArgs]
    """The role that writes answers: instanceType, replicas (default 1), context, vllm, vllmExtra, or config (a ConfigMap)."""
    operator: NotRequired[Any]
    """KaitoOperator, or its outputs from another stack: comes after it; what it lacks, and another provisioner, is refused."""
    nodePool: NotRequired[Any]
    """A GpuNodePool of this program for both roles, or instanceType and selector of existing nodes."""
    cloud: NotRequired[str]
    """Cloud of the sizes: azure, aws or arc. Default: the operator's, else the one that has the size."""
    provisioner: NotRequired[str]
    """KAITO's nodeProvisioner: azure-gpu-provisioner, karpenter or byo. Default: byo with nodePool, else the operator's."""
    nodeSelector: NotRequired[dict[str, pulumi.Input[str]]]
    """Further labels of the nodes. Default: the pool's selector, or `apps: <name>`."""
    location: NotRequired[str]
    """Region, for prices and quota. Default: the pool's."""
    accessSecret: NotRequired[pulumi.Input[str]]
    """Name of a Secret with the key HF_TOKEN; needed for gated models."""
    maxNodes: NotRequired[int]
    """Refuse to plan for more nodes than this for one role. Default: 8 for each replica."""
    benchmark: NotRequired[bool]
    """Let KAITO benchmark every replica before it counts as ready. Default: false."""
    eppPluginsConfig: NotRequired[pulumi.Input[str]]
    """Name of a ConfigMap with the plugins of the endpoint picker. Default: KAITO's."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the MultiRoleInference."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the MultiRoleInference; KAITO passes them on to the replicas."""
    wait: NotRequired[bool]
    """Wait until both roles are ready. Default: true."""
    timeoutMinutes: NotRequired[int]
    """How long to wait. Default: computed from the weights, with time for new nodes."""


@collectable
class KaitoMultiRoleInference(pulumi.ComponentResource):
    """Serves one model with prompts read and answers written by different nodes, behind an InferencePool."""

    endpoint: pulumi.Output[dict[str, Any]]
    """pool (the InferencePool a gateway routes to), namespace, model (name to send), contextTokens."""
    maxNodes: pulumi.Output[int]
    """Nodes of both roles, all their replicas."""
    roleNodes: pulumi.Output[dict[str, int]]
    """Nodes of one replica of each role."""
    gpus: pulumi.Output[int | None]
    """GPUs of these nodes; null for a size nobody knows."""
    instanceType: pulumi.Output[str | None]
    """VM size of the nodes; null where the roles differ."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where nobody named one."""

    def __init__(self, name: str, args: KaitoMultiRoleInferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: MultiRoleSpec = resolve_multi_role(name, args)
        super().__init__("kaito-iac:index:KaitoMultiRoleInference", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        child = pulumi.ResourceOptions(parent=self)
        configs = {role.kind: role_config(f"{name}-{role.kind}-config", self.spec, role, child) for role in self.spec.roles}
        self.workload = made = MultiRoleInference(
            f"{name}-multiroleinference",
            metadata=self.spec.metadata(),
            spec=self.spec.spec(configs),
            opts=multi_role_options(self, self.spec, before(args)),
        )
        self.endpoint = made.metadata.apply(self.spec.endpoint)
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs({"endpoint": self.endpoint, **outputs})


def role_config(name: str, spec: MultiRoleSpec, role: Role, opts: pulumi.ResourceOptions) -> Any:
    """Declare the ConfigMap of a role's engine; return its name, the user's own, or None when there is none."""
    text = role.engine.text()
    if not text:
        return role.engine.config
    metadata = {"name": role.engine.config_map_name(f"{spec.object_name}-{role.kind}"), "namespace": spec.namespace}
    made = ConfigMap(name, metadata=metadata, data={INFERENCE_KEY: text}, opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])


def multi_role_options(parent: pulumi.Resource, spec: MultiRoleSpec, first: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return the options of the MultiRoleInference: after operator and pool, replaced when model, nodes or engine change."""
    wait = f"{spec.wait_seconds}s" if spec.wait_seconds else None
    fixed = ["spec.model.name", "spec.labelSelector", "spec.roles[*].instanceType", "spec.roles[*].runtimeConfig"]
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=first or None,
        replace_on_changes=fixed,
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
    )
