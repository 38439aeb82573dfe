"""The kinds of Istio that configure its gateways for model servers."""

from __future__ import annotations

from typing import ClassVar

from kaito_iac.resources.spec_object import SpecObject


class DestinationRule(SpecObject):
    """How Istio connects to a Service; fields as networking.istio.io/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("networking.istio.io/v1", "DestinationRule")


class EnvoyFilter(SpecObject):
    """Filters that Istio puts into the Envoy of a gateway; fields as networking.istio.io/v1alpha3 has them."""

    served_as: ClassVar[tuple[str, str]] = ("networking.istio.io/v1alpha3", "EnvoyFilter")
