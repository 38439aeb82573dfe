"""Kubernetes' PersistentVolumeClaim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class PersistentVolumeClaim(KubernetesObject):
    """A claim to a volume, here for the indexes of a RAGEngine."""

    if TYPE_CHECKING:
        spec: pulumi.Output[Mapping[str, Any]]
        """accessModes, resources, storageClassName."""

    def __init__(
        self,
        name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, "v1", "PersistentVolumeClaim", metadata, {"spec": spec}, opts)
