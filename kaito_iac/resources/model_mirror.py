"""KAITO's ModelMirror, kaito.sh/v1alpha1, cluster scoped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class ModelMirror(KubernetesObject):
    """A copy of a model's weights inside the cluster; needs the gate ModelMirror."""

    immutable = ("spec",)
    if TYPE_CHECKING:
        spec: pulumi.Output[Mapping[str, Any]]
        """mode, source, storage, jobNamespace, serviceAccountName; immutable as a whole."""

    def __init__(
        self,
        name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, "kaito.sh/v1alpha1", "ModelMirror", metadata, {"spec": spec}, opts)
