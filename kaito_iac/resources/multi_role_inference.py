"""KAITO's MultiRoleInference, kaito.sh/v1alpha1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class MultiRoleInference(KubernetesObject):
    """One model served by prefill and decode roles; needs the gate enableMultiRoleInferenceController."""

    if TYPE_CHECKING:
        spec: pulumi.Output[Mapping[str, Any]]
        """labelSelector, model, roles, eppPluginsConfig."""

    def __init__(
        self,
        name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, "kaito.sh/v1alpha1", "MultiRoleInference", metadata, {"spec": spec}, opts)
