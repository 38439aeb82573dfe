"""Kubernetes' Namespace, and what bounds it: a ResourceQuota, a NetworkPolicy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject
from kaito_iac.resources.spec_object import SpecObject


class Namespace(KubernetesObject):
    """A Namespace; it has no fields beside its metadata."""

    def __init__(self, resource_name: str, *, metadata: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(resource_name, "v1", "Namespace", metadata, {}, opts)


class ResourceQuota(SpecObject):
    """What pods of a namespace may request together.

    spec: hard.
    """

    served_as: ClassVar[tuple[str, str]] = ("v1", "ResourceQuota")


class NetworkPolicy(SpecObject):
    """Who may call pods of a namespace.

    spec: podSelector, policyTypes, ingress.
    """

    served_as: ClassVar[tuple[str, str]] = ("networking.k8s.io/v1", "NetworkPolicy")
