"""Kubernetes' Service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject


class Service(KubernetesObject):
    """An address in the cluster, here for all replicas of an InferenceSet."""

    spec: pulumi.Output[Mapping[str, Any]]
    """type, selector, ports."""

    def __init__(
        self,
        name: str,
        *,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, "v1", "Service", metadata, {"spec": spec}, opts)
