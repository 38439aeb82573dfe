"""Kubernetes' ConfigMap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class ConfigMap(KubernetesObject):
    """A ConfigMap, here for KAITO's inference and training configuration."""

    if TYPE_CHECKING:
        data: pulumi.Output[Mapping[str, str]]
        """File name to content."""

    def __init__(
        self,
        resource_name: str,
        *,
        metadata: Mapping[str, Any],
        data: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, "v1", "ConfigMap", metadata, {"data": data}, opts)
