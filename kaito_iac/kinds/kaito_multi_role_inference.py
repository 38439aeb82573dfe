"""Arguments of a model served by prefill and decode roles."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.catalog.label import NO_BENCHMARK
from kaito_iac.kinds.field import At, annotation
from kaito_iac.kinds.nested import ModelFactsArgs, RoleArgs
from kaito_iac.kinds.references import NodePoolLike, OperatorLike


class KaitoMultiRoleInferenceArgs(TypedDict):
    """Arguments of a KaitoMultiRoleInference: the model, and the nodes of its two roles.

    Keys: preset, model_facts, name, namespace, prefill, decode, operator, node_pool, cloud, provisioner, node_selector,
    location, access_secret, max_nodes, benchmark, epp_plugins_config, labels, annotations, wait, timeout_minutes.
    """

    preset: NotRequired[Annotated[str, At("spec.model.name")]]
    """A name of `kaito-iac presets`, a model's short name, or `organisation/model`. Must be known in a preview."""
    model_facts: NotRequired[ModelFactsArgs]
    """Properties of a model outside the catalogue. Default: none."""
    name: NotRequired[Annotated[str, At("metadata.name")]]
    """Name of the MultiRoleInference, at most 40 characters. Default: the component's name."""
    namespace: NotRequired[Annotated[pulumi.Input[str], At("metadata.namespace")]]
    """Namespace. Default: `default`."""
    prefill: NotRequired[Annotated[RoleArgs, At("spec.roles[0]")]]
    """The role that reads prompts: instance_type, replicas (default 1), context, vllm, vllm_extra, or config (a ConfigMap)."""
    decode: NotRequired[Annotated[RoleArgs, At("spec.roles[1]")]]
    """The role that writes answers: instance_type, replicas (default 1), context, vllm, vllm_extra, or config (a ConfigMap)."""
    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack; it is created first, and what it does not support is refused."""
    node_pool: NotRequired[NodePoolLike | Mapping[str, Any] | pulumi.Output[Any]]
    """A GpuNodePool of this program for both roles, or instance_type and selector of existing nodes."""
    cloud: NotRequired[Literal["azure", "aws", "arc"]]
    """Cloud of the sizes: azure, aws or arc. Default: the operator's, else the one that has the size."""
    provisioner: NotRequired[Literal["azure-gpu-provisioner", "karpenter", "byo"]]
    """KAITO's nodeProvisioner: azure-gpu-provisioner, karpenter or byo. Default: byo with node_pool, else the operator's."""
    node_selector: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("spec.labelSelector.matchLabels")]]
    """Further labels of the nodes. Default: the pool's selector, or `apps: <name>`."""
    location: NotRequired[str]
    """Region, for prices and quota. Default: the pool's."""
    access_secret: NotRequired[Annotated[pulumi.Input[str], At("spec.model.modelAccessSecret")]]
    """Name of a Secret with the key HF_TOKEN; needed for gated models."""
    max_nodes: NotRequired[int]
    """Refuse to plan for more nodes than this for one role. Default: 8 for each replica."""
    benchmark: NotRequired[Annotated[bool, annotation(NO_BENCHMARK, {False: "true"}, default=True, own=False)]]
    """Let KAITO benchmark every replica before it counts as ready. Default: false."""
    epp_plugins_config: NotRequired[Annotated[pulumi.Input[str], At("spec.eppPluginsConfig")]]
    """Name of a ConfigMap with the plugins of the endpoint picker. Default: KAITO's."""
    labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.labels")]]
    """Labels of the MultiRoleInference."""
    annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.annotations")]]
    """Further annotations of the MultiRoleInference; KAITO passes them on to the replicas."""
    wait: NotRequired[bool]
    """Wait until both roles are ready. Default: true."""
    timeout_minutes: NotRequired[int]
    """Maximum wait, minutes. Default: computed from the weights, with time for new nodes."""
