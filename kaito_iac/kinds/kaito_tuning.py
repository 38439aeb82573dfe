"""Arguments of a tuning job."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.catalog.label import NODE_CLASS
from kaito_iac.kinds.field import At, annotation
from kaito_iac.kinds.nested import DatasetArgs, TuningOutputArgs
from kaito_iac.kinds.references import NodePoolLike, OperatorLike
from kaito_iac.kinds.training import TrainingArgs


class KaitoTuningArgs(TypedDict):
    """Arguments of a KaitoTuning: preset, or model and method; source of the data, and destination of the adapter.

    Keys: preset, model, method, name, namespace, instance_type, cloud, provisioner, operator, node_pool, node_selector,
    location, dataset, output, training, config, node_class, labels, annotations, wait, timeout_minutes.
    """

    preset: NotRequired[str]
    """A tuning preset of `kaito-iac presets`. Must be known in a preview."""
    model: NotRequired[Annotated[str, At("tuning.preset.name")]]
    """A tunable model, instead of a preset; see `kaito-iac models --tunable`."""
    method: NotRequired[Annotated[Literal["lora", "qlora"], At("tuning.method")]]
    """lora, or qlora with the base model loaded in 4 or 8 bits. Default: the preset's."""
    name: NotRequired[Annotated[str, At("metadata.name")]]
    """Name of the Workspace and of the adapter. Default: the component's name."""
    namespace: NotRequired[Annotated[pulumi.Input[str], At("metadata.namespace")]]
    """Namespace. Default: `default`."""
    instance_type: NotRequired[Annotated[str, At("resource.instanceType")]]
    """VM size of the node that KAITO creates; all its GPUs are used. Default: the preset's."""
    cloud: NotRequired[Literal["azure", "aws", "arc"]]
    """Cloud of instance_type: azure, aws or arc. Default: the one that has the size."""
    provisioner: NotRequired[Literal["azure-gpu-provisioner", "karpenter", "byo"]]
    """KAITO's nodeProvisioner: azure-gpu-provisioner or karpenter. Default: by the cloud."""
    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack; it is created first, and what it does not support is refused."""
    node_pool: NotRequired[NodePoolLike | Mapping[str, Any]]
    """Refused: KAITO 0.12 tunes only on nodes that it creates."""
    node_selector: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("resource.labelSelector.matchLabels")]]
    """Labels of the node. Default: `apps: <name>`."""
    location: NotRequired[str]
    """Region, for prices and quota."""
    dataset: NotRequired[Annotated[DatasetArgs, At("tuning.input")]]
    """Source of the data: urls (public http or https), image with image_pull_secrets, claim (an existing PVC), or volume."""
    output: NotRequired[Annotated[TuningOutputArgs, At("tuning.output")]]
    """Destination of the adapter: image with push_secret, claim (an existing PVC), or volume."""
    training: NotRequired[TrainingArgs]
    """ModelConfig, QuantizationConfig, LoraConfig, TrainingArguments, DatasetConfig, DataCollator. Default: the preset's."""
    config: NotRequired[Annotated[pulumi.Input[str], At("tuning.config")]]
    """Name of your own ConfigMap with training_config.yaml, instead of training."""
    node_class: NotRequired[Annotated[str, annotation(NODE_CLASS)]]
    """Karpenter NodeClass. Default: KAITO's default class."""
    labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.labels")]]
    """Labels of the Workspace."""
    annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.annotations")]]
    """Further annotations of the Workspace."""
    wait: NotRequired[bool]
    """Wait until the adapter is stored. Default: true."""
    timeout_minutes: NotRequired[int]
    """Maximum wait, minutes. Default: 720."""
