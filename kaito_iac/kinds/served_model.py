"""Arguments of every component that serves a model on nodes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.catalog.label import LOCAL_WEIGHTS, NO_BENCHMARK, NODE_CLASS, PERFORMANCE_MODE, RUNTIME
from kaito_iac.kinds.field import At, annotation
from kaito_iac.kinds.nested import AdapterArgs, ModelFactsArgs, PartitionArgs
from kaito_iac.kinds.references import NodePoolLike, OperatorLike
from kaito_iac.kinds.vllm_arguments import VllmArguments


class ServedModelArgs(TypedDict):
    """Model, nodes and engine: arguments that a Workspace and a replica of an InferenceSet have in common."""

    preset: NotRequired[Annotated[str, At("inference.preset.name")]]
    """A name of `kaito-iac presets`, a model's short name, or `organisation/model`. Must be known in a preview."""
    template: NotRequired[Annotated[Mapping[str, Any], At("inference.template")]]
    """Your own pod template instead of a preset, as Kubernetes writes it."""
    model_facts: NotRequired[ModelFactsArgs]
    """Properties of a model outside the catalogue. Default: none."""
    namespace: NotRequired[Annotated[pulumi.Input[str], At("metadata.namespace")]]
    """Namespace. Default: `default`."""
    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack; it is created first, and what it does not support is refused."""
    node_pool: NotRequired[NodePoolLike | Mapping[str, Any] | pulumi.Output[Any]]
    """A GpuNodePool, instance_type and selector of existing nodes, or an Output of another stack beside instance_type.

    KAITO then has provisioner byo.
    """
    instance_type: NotRequired[Annotated[str, At("resource.instanceType")]]
    """VM size of nodes that KAITO creates, or of a pool that is an Output. Default: the preset's."""
    cloud: NotRequired[Literal["azure", "aws", "arc"]]
    """Cloud of instance_type: azure, aws or arc. Default: the operator's, else the one that has the size."""
    provisioner: NotRequired[Literal["azure-gpu-provisioner", "karpenter", "byo"]]
    """KAITO's nodeProvisioner: azure-gpu-provisioner, karpenter or byo. Default: byo with node_pool, else the operator's."""
    node_selector: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("resource.labelSelector.matchLabels")]]
    """Further labels of the nodes. Default: the pool's selector, or `apps: <name>`."""
    partition: NotRequired[Annotated[PartitionArgs, At("resource.partition")]]
    """Part of an existing node: mode mig with profile, or mode accelerator with count. Needs KAITO's gate for it."""
    location: NotRequired[str]
    """Region, for prices and quota. Default: the pool's."""
    context: NotRequired[int]
    """Longest context in tokens; nodes are sized for it. Default: what fits, and nodes are sized for 2048."""
    runtime: NotRequired[
        Annotated[Literal["vllm", "transformers"], annotation(RUNTIME, {"transformers": "transformers"}, "vllm")]
    ]
    """vllm or transformers. Default: vllm."""
    vllm: NotRequired[VllmArguments]
    """Arguments of vLLM without leading dashes, such as max-num-seqs. Default: KAITO's."""
    vllm_extra: NotRequired[Mapping[str, Any]]
    """Further arguments of vLLM whose names are not checked. Default: none."""
    config: NotRequired[Annotated[pulumi.Input[str], At("inference.config")]]
    """Name of your own ConfigMap with inference_config.yaml, instead of context and vllm."""
    adapters: NotRequired[Annotated[list[pulumi.Input[AdapterArgs] | pulumi.Output[dict[str, Any]]], At("inference.adapters")]]
    """LoRA adapters, at most 10: name, and image or volume, or a KaitoTuning's adapter; strength only for transformers."""
    access_secret: NotRequired[Annotated[pulumi.Input[str], At("inference.preset.presetOptions.modelAccessSecret")]]
    """Name of a Secret with the key HF_TOKEN; needed for gated models."""
    local_weights: NotRequired[Annotated[bool, annotation(LOCAL_WEIGHTS, {True: "true"}, False)]]
    """Load the weights from /opt/kaito/models on the node. Default: false."""
    performance_mode: NotRequired[Annotated[Literal["balanced", "interactivity", "throughput"], annotation(PERFORMANCE_MODE)]]
    """balanced, interactivity or throughput. Default: KAITO's, balanced."""
    node_class: NotRequired[Annotated[str, annotation(NODE_CLASS)]]
    """Karpenter NodeClass. Default: KAITO's default class."""
    benchmark: NotRequired[Annotated[bool, annotation(NO_BENCHMARK, {False: "true"}, default=True, own=False)]]
    """Let KAITO benchmark the model before it counts as ready. Default: false."""
    timeout_minutes: NotRequired[int]
    """Maximum wait, minutes. Default: computed from the weights, with time for new nodes."""
