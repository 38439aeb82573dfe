"""Arguments of every component that serves a model on nodes."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.nested import AdapterArgs, ModelFactsArgs, PartitionArgs
from kaito_iac.kinds.references import NodePoolLike, OperatorLike
from kaito_iac.kinds.vllm_arguments import VllmArguments


class ServedModelArgs(TypedDict):
    """What to serve, where, and how: what a Workspace and a replica of an InferenceSet have in common."""

    preset: NotRequired[str]
    """A name of `kaito-iac presets`, a model's short name, or `organisation/model`. Must be known in a preview."""
    template: NotRequired[Mapping[str, Any]]
    """A pod template of your own instead of a preset, as Kubernetes writes it."""
    model_facts: NotRequired[ModelFactsArgs]
    """Facts of a model outside the catalogue. Default: none."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace. Default: `default`."""
    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack: comes after it; what it lacks, and another provisioner, is refused."""
    node_pool: NotRequired[NodePoolLike | Mapping[str, Any]]
    """A GpuNodePool of this program, or instance_type and selector of existing nodes. KAITO then has provisioner byo."""
    instance_type: NotRequired[str]
    """VM size of nodes that KAITO creates. Default: the preset's."""
    cloud: NotRequired[Literal["azure", "aws", "arc"]]
    """Cloud of instance_type: azure, aws or arc. Default: the operator's, else the one that has the size."""
    provisioner: NotRequired[Literal["azure-gpu-provisioner", "karpenter", "byo"]]
    """KAITO's nodeProvisioner: azure-gpu-provisioner, karpenter or byo. Default: byo with node_pool, else the operator's."""
    node_selector: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Further labels of the nodes. Default: the pool's selector, or `apps: <name>`."""
    partition: NotRequired[PartitionArgs]
    """Part of an existing node: mode mig with profile, or mode accelerator with count. Needs KAITO's gate for it."""
    location: NotRequired[str]
    """Region, for prices and quota. Default: the pool's."""
    context: NotRequired[int]
    """Longest context in tokens; nodes are sized for it. Default: what fits, and nodes are sized for 2048."""
    runtime: NotRequired[Literal["vllm", "transformers"]]
    """vllm or transformers. Default: vllm."""
    vllm: NotRequired[VllmArguments]
    """Arguments of vLLM without leading dashes, such as max-num-seqs. Default: KAITO's."""
    vllm_extra: NotRequired[Mapping[str, Any]]
    """Further arguments of vLLM whose names nobody checks. Default: none."""
    config: NotRequired[pulumi.Input[str]]
    """Name of a ConfigMap of your own with inference_config.yaml, instead of context and vllm."""
    adapters: NotRequired[list[pulumi.Input[AdapterArgs] | pulumi.Output[dict[str, Any]]]]
    """LoRA adapters, at most 10: name, and image or volume, or a KaitoTuning's adapter; strength for transformers alone."""
    access_secret: NotRequired[pulumi.Input[str]]
    """Name of a Secret with the key HF_TOKEN; needed for gated models."""
    local_weights: NotRequired[bool]
    """Load the weights from /opt/kaito/models on the node. Default: false."""
    performance_mode: NotRequired[Literal["balanced", "interactivity", "throughput"]]
    """balanced, interactivity or throughput. Default: KAITO's, balanced."""
    node_class: NotRequired[str]
    """Karpenter NodeClass. Default: KAITO's default class."""
    benchmark: NotRequired[bool]
    """Let KAITO benchmark the model before it counts as ready. Default: false."""
    timeout_minutes: NotRequired[int]
    """How long to wait. Default: computed from the weights, with time for new nodes."""
