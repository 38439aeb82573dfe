"""An object that has nothing beside its metadata but a spec, as most kinds do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class SpecObject(KubernetesObject):
    """Holds one object of a kind with a spec; a kind says its apiVersion and its name."""

    if TYPE_CHECKING:
        spec: pulumi.Output[Mapping[str, Any]]
        """What is wanted, as the kind's class says."""

    def __init__(
        self,
        resource_name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, *self.served_as, metadata, {"spec": spec}, opts)
