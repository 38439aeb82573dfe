"""The kinds of Kubernetes' Gateway API that an inference gateway is made of."""

from __future__ import annotations

from typing import ClassVar

from kaito_iac.resources.spec_object import SpecObject


class Gateway(SpecObject):
    """An address that requests come in by; fields as gateway.networking.k8s.io/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("gateway.networking.k8s.io/v1", "Gateway")


class HTTPRoute(SpecObject):
    """What a Gateway does with requests; fields as gateway.networking.k8s.io/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("gateway.networking.k8s.io/v1", "HTTPRoute")
