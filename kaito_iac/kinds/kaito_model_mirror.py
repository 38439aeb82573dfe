"""Arguments of a mirror of a model's weights."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.nested import MirrorSecretArgs, ModelFactsArgs
from kaito_iac.kinds.references import OperatorLike


class KaitoModelMirrorArgs(TypedDict):
    """Arguments of a KaitoModelMirror; managed: KAITO downloads the weights, static: they are there already.

    Keys: operator, mode, preset, model_facts, name, size_gib, storage_class, access_secret, job_namespace, service_account,
    labels, annotations, wait, timeout_minutes.
    """

    operator: NotRequired[OperatorLike | Mapping[str, Any] | pulumi.Output[Any]]
    """KaitoOperator, or its outputs from another stack: comes after it; what it lacks, and another provisioner, is refused."""
    mode: NotRequired[Literal["managed", "static"]]
    """managed or static. Default: managed."""
    preset: NotRequired[str]
    """The model: a name of `kaito-iac models` or `organisation/model`, as its Workspace names it."""
    model_facts: NotRequired[ModelFactsArgs]
    """Facts of a model outside the catalogue: weights_gib, bytes_per_token, max_context_tokens."""
    name: NotRequired[str]
    """Name of the ModelMirror. Default: the one KAITO looks for, made of the model's id."""
    size_gib: NotRequired[int]
    """Size of the volume, GiB. Default: what KAITO would ask for."""
    storage_class: NotRequired[pulumi.Input[str]]
    """StorageClass of the volume; needed for mode managed."""
    access_secret: NotRequired[MirrorSecretArgs]
    """name and namespace of a Secret with the key HF_TOKEN; needed for gated models."""
    job_namespace: NotRequired[pulumi.Input[str]]
    """Namespace of the volume and of the download: that of the Workspaces that use it. Default: `default`."""
    service_account: NotRequired[pulumi.Input[str]]
    """ServiceAccount of the download. Default: that of its namespace."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Labels of the ModelMirror."""
    annotations: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Further annotations of the ModelMirror."""
    wait: NotRequired[bool]
    """Wait until the weights are there. Default: true."""
    timeout_minutes: NotRequired[int]
    """How long to wait. Default: computed from the weights."""
