"""Arguments of a mirror of a model's weights."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.field import At
from kaito_iac.kinds.nested import MirrorSecretArgs, ModelFactsArgs
from kaito_iac.kinds.references import OperatorLike


class KaitoModelMirrorArgs(TypedDict):
    """Arguments of a KaitoModelMirror; managed: KAITO downloads the weights, static: they exist already.

    Keys: operator, mode, preset, model_facts, name, size_gib, storage_class, access_secret, job_namespace, service_account,
    labels, annotations, wait, timeout_minutes.
    """

    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack; it is created first, and what it does not support is refused."""
    mode: NotRequired[
        Annotated[Literal["managed", "static"], At("spec.mode", {"managed": "Managed", "static": "Static"}, "managed")]
    ]
    """managed or static. Default: managed."""
    preset: NotRequired[Annotated[str, At("spec.source.modelID")]]
    """The model: a name of `kaito-iac models` or `organisation/model`, as its Workspace names it."""
    model_facts: NotRequired[ModelFactsArgs]
    """Properties of a model outside the catalogue: weights_gib, bytes_per_token, max_context_tokens."""
    name: NotRequired[Annotated[str, At("metadata.name")]]
    """Name of the ModelMirror. Default: the name that KAITO looks for, computed from the model's id."""
    size_gib: NotRequired[Annotated[int, At("spec.storage.size")]]
    """Size of the volume, GiB. Default: what KAITO would request."""
    storage_class: NotRequired[Annotated[pulumi.Input[str], At("spec.storage.storageClassName")]]
    """StorageClass of the volume; needed for mode managed."""
    access_secret: NotRequired[Annotated[MirrorSecretArgs, At("spec.source.accessSecret")]]
    """name and namespace of a Secret with the key HF_TOKEN; needed for gated models."""
    job_namespace: NotRequired[Annotated[pulumi.Input[str], At("spec.jobNamespace", default="default")]]
    """Namespace of the volume and of the download: that of the Workspaces that use it. Default: `default`."""
    service_account: NotRequired[Annotated[pulumi.Input[str], At("spec.serviceAccountName")]]
    """ServiceAccount of the download. Default: that of its namespace."""
    labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.labels")]]
    """Labels of the ModelMirror."""
    annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.annotations")]]
    """Further annotations of the ModelMirror."""
    wait: NotRequired[bool]
    """Wait until the weights are stored. Default: true."""
    timeout_minutes: NotRequired[int]
    """Maximum wait, minutes. Default: computed from the weights."""
