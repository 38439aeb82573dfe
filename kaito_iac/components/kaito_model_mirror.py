"""A mirror of a model's weights: one ModelMirror, and the path the weights have in the cluster."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.dependencies import before
from kaito_iac.components.nested_args import MirrorSecretArgs, ModelFactsArgs
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.model_mirror import ModelMirrorSpec, resolve_model_mirror
from kaito_iac.resources.model_mirror import ModelMirror


class KaitoModelMirrorArgs(TypedDict):
    """Arguments of a KaitoModelMirror; managed: KAITO downloads the weights, static: they are there already."""

    operator: NotRequired[Any]
    """KaitoOperator, or its outputs from another stack: comes after it; what it lacks, and another provisioner, is refused."""
    mode: NotRequired[str]
    """managed or static. Default: managed."""
    preset: NotRequired[str]
    """The model: a name of `kaito-iac models` or `organisation/model`, as its Workspace names it."""
    modelFacts: NotRequired[ModelFactsArgs]
    """Facts of a model outside the catalogue: weightsGiB, bytesPerToken, maxContextTokens."""
    name: NotRequired[str]
    """Name of the ModelMirror. Default: the one KAITO looks for, made of the model's id."""
    sizeGiB: NotRequired[int]
    """Size of the volume, GiB. Default: what KAITO would ask for."""
    storageClass: NotRequired[pulumi.Input[str]]
    """StorageClass of the volume; needed for mode managed."""
    accessSecret: NotRequired[MirrorSecretArgs]
    """name and namespace of a Secret with the key HF_TOKEN; needed for gated models."""
    jobNamespace: NotRequired[pulumi.Input[str]]
    """Namespace of the volume and of the download: that of the Workspaces that use it. Default: `default`."""
    serviceAccount: NotRequired[pulumi.Input[str]]
    """ServiceAccount of the download. Default: that of its namespace."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the ModelMirror."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the ModelMirror."""
    wait: NotRequired[bool]
    """Wait until the weights are there. Default: true."""
    timeoutMinutes: NotRequired[int]
    """How long to wait. Default: computed from the weights."""


@collectable
class KaitoModelMirror(pulumi.ComponentResource):
    """Keeps one model's weights inside the cluster, for its Workspaces to start from; a change makes it anew."""

    name: pulumi.Output[str]
    """Name of the ModelMirror, by which KAITO finds it."""
    path: pulumi.Output[str | None]
    """Where the weights are, as its controller says; null before that."""

    def __init__(self, name: str, args: KaitoModelMirrorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: ModelMirrorSpec = resolve_model_mirror(name, args)
        super().__init__("kaito-iac:index:KaitoModelMirror", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        wait = f"{self.spec.wait_seconds}s" if self.spec.wait_seconds else None
        self.workload = made = ModelMirror(
            f"{name}-modelmirror",
            metadata=self.spec.metadata(),
            spec=self.spec.spec(),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=before(args) or None,
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
            ),
        )
        self.name = made.metadata.apply(lambda stored: str(stored["name"]))
        self.path = made.status.apply(model_path)
        self.register_outputs({"name": self.name, "path": self.path})


def model_path(status: Any) -> str | None:
    """Return the path of the weights from the status of a ModelMirror."""
    path = status.get("modelPath") if isinstance(status, Mapping) else None
    return path if isinstance(path, str) else None
