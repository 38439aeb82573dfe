"""KAITO's Workspace, kaito.sh/v1beta1: its fields stand beside metadata, there is no spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class Workspace(KubernetesObject):
    """One model that is served, or one tuning job, and the nodes it runs on."""

    served_as = ("kaito.sh/v1beta1", "Workspace")
    immutable = (
        "resource",
        "inference.preset",
        "tuning.preset",
        "tuning.method",
        "tuning.input.name",
        'metadata.annotations["kaito.sh/model-streaming"]',
    )
    if TYPE_CHECKING:
        resource: pulumi.Output[Mapping[str, Any]]
        """instanceType (empty on existing nodes), labelSelector, partition."""
        inference: pulumi.Output[Any]
        """preset or template, config, adapters."""
        tuning: pulumi.Output[Any]
        """preset, method, config, input, output."""

    def __init__(
        self,
        resource_name: str,
        *,
        metadata: Mapping[str, Any],
        resource: Mapping[str, Any],
        inference: Mapping[str, Any] | None = None,
        tuning: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        fields = {"resource": resource, "inference": inference, "tuning": tuning}
        super().__init__(resource_name, *self.served_as, metadata, fields, opts)
