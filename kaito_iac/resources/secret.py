"""Kubernetes' Secret, and what keeps the secrets of a vault in the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar

import pulumi

from kaito_iac.resources.kubernetes_object import KubernetesObject
from kaito_iac.resources.spec_object import SpecObject


class Secret(KubernetesObject):
    """A Secret whose values are secrets of Pulumi too: the state keeps them encrypted, nothing prints them."""

    def __init__(
        self,
        resource_name: str,
        *,
        metadata: Mapping[str, Any],
        data: Mapping[str, Any],
        type: str = "Opaque",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        options = copy(opts) if opts else pulumi.ResourceOptions()
        options.additional_secret_outputs = ["data", "stringData"]
        super().__init__(
            resource_name, "v1", "Secret", metadata, {"type": type, "stringData": pulumi.Output.secret(data)}, options
        )


class ServiceAccount(KubernetesObject):
    """A ServiceAccount; what it may do is bound elsewhere."""

    def __init__(self, resource_name: str, *, metadata: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(resource_name, "v1", "ServiceAccount", metadata, {}, opts)


class Deployment(SpecObject):
    """Pods that are kept running; fields as apps/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("apps/v1", "Deployment")


class SecretProviderClass(SpecObject):
    """What the Secrets Store CSI driver fetches from a vault; fields as secrets-store.csi.x-k8s.io/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass")
