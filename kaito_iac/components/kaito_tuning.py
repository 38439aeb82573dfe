"""A tuning job: one Workspace that trains an adapter, its configuration, and the adapter for whoever serves it."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.catalog.label import TRAINING_KEY
from kaito_iac.components.dependencies import after, before
from kaito_iac.components.nested_args import DatasetArgs, TuningOutputArgs
from kaito_iac.components.refused import collectable
from kaito_iac.components.training_args import TrainingArgs
from kaito_iac.errors import warn
from kaito_iac.resolve.tuning import resolve_tuning
from kaito_iac.resolve.tuning_spec import TuningSpec
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.workspace import Workspace


class KaitoTuningArgs(TypedDict):
    """Arguments of a KaitoTuning: preset, or model and method; where the data is, and where the adapter goes."""

    preset: NotRequired[str]
    """A tuning preset of `kaito-iac presets`. Plain, because the node follows from it."""
    model: NotRequired[str]
    """A tunable model, instead of a preset; see `kaito-iac models --tunable`."""
    method: NotRequired[str]
    """lora, or qlora with the base model loaded in 4 or 8 bits. Default: the preset's."""
    name: NotRequired[str]
    """Name of the Workspace and of the adapter. Default: the component's name."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace. Default: `default`."""
    instanceType: NotRequired[str]
    """VM size of the node that KAITO creates; all its GPUs are used. Default: the preset's."""
    cloud: NotRequired[str]
    """Cloud of instanceType: azure, aws or arc. Default: the one that has the size."""
    provisioner: NotRequired[str]
    """KAITO's nodeProvisioner: azure-gpu-provisioner or karpenter. Default: by the cloud."""
    operator: NotRequired[Any]
    """KaitoOperator, or its outputs from another stack: comes after it; what it lacks, and another provisioner, is refused."""
    nodePool: NotRequired[Any]
    """Refused: KAITO 0.12 tunes on nodes it creates alone."""
    nodeSelector: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the node. Default: `apps: <name>`."""
    location: NotRequired[str]
    """Region, for prices and quota."""
    dataset: NotRequired[DatasetArgs]
    """Where the data is: urls (public http or https), image with imagePullSecrets, claim (an existing PVC), or volume."""
    output: NotRequired[TuningOutputArgs]
    """Where the adapter goes: image with pushSecret, claim (an existing PVC), or volume."""
    training: NotRequired[TrainingArgs]
    """ModelConfig, QuantizationConfig, LoraConfig, TrainingArguments, DatasetConfig, DataCollator. Default: the preset's."""
    config: NotRequired[pulumi.Input[str]]
    """Name of a ConfigMap of your own with training_config.yaml, instead of training."""
    nodeClass: NotRequired[str]
    """Karpenter NodeClass. Default: KAITO's default class."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the Workspace."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the Workspace."""
    wait: NotRequired[bool]
    """Wait until the adapter is there. Default: true."""
    timeoutMinutes: NotRequired[int]
    """How long to wait. Default: 720."""


@collectable
class KaitoTuning(pulumi.ComponentResource):
    """Trains one adapter for a model, on one node."""

    adapter: pulumi.Output[dict[str, Any]]
    """What `adapters` of a KaitoWorkspace or KaitoInferenceSet takes: name, and image or volume."""
    nodes: pulumi.Output[int]
    """Nodes KAITO uses for it: one."""
    gpus: pulumi.Output[int | None]
    """GPUs of the node."""
    instanceType: pulumi.Output[str | None]
    """VM size of the node."""
    location: pulumi.Output[str | None]
    """Region of the node; null where nobody named one."""

    def __init__(self, name: str, args: KaitoTuningArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: TuningSpec = resolve_tuning(name, args)
        super().__init__("kaito-iac:index:KaitoTuning", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        config = training_config(f"{name}-config", self.spec, pulumi.ResourceOptions(parent=self))
        wait = f"{self.spec.wait_seconds}s" if self.spec.wait_seconds else None
        self.workload = made = Workspace(
            f"{name}-workspace",
            metadata=self.spec.metadata(),
            resource=self.spec.resource(),
            tuning=self.spec.tuning(config),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=before(args) or None,
                replace_on_changes=["tuning"],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
            ),
        )
        self.adapter = after(made, self.spec.adapter())
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs({"adapter": self.adapter, **outputs})


def training_config(name: str, spec: TuningSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the ConfigMap with the training configuration; return its name, the user's own, or None for KAITO's default."""
    text = spec.config_text()
    if not text:
        return spec.config
    made = ConfigMap(name, metadata=spec.config_metadata(), data={TRAINING_KEY: text}, opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])
