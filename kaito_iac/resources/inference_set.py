"""KAITO's InferenceSet, kaito.sh/v1beta1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class InferenceSet(KubernetesObject):
    """Replicas of one served model; every replica is a Workspace of its own."""

    if TYPE_CHECKING:
        spec: pulumi.Output[Mapping[str, Any]]
        """template, replicas, labelSelector, updateStrategy, autoUpgrade."""

    def __init__(
        self,
        name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, "kaito.sh/v1beta1", "InferenceSet", metadata, {"spec": spec}, opts)
