"""Addresses that a Service has: inside a cluster, inside a network, or everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.catalog.label import AZURE_INTERNAL
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, section, text
from kaito_iac.stack.resource import Resource

SERVICE: Final = "kubernetes:core/v1:Service"
INTERNAL: Final = {
    AZURE_INTERNAL: ("true",),
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true",),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
}
"""Annotations, in the words of each cloud, that keep a load balancer inside the network."""


def annotated(fact: Resource, *keys: str) -> Mapping[str, Any] | Unknown:
    """Return the annotations below a place; of the object itself without one."""
    return section(fact.inputs, *keys, "metadata", "annotations")


def service_type(fact: Resource) -> str | Unknown:
    """Return a Service's type; ClusterIP where it names none."""
    return text(field(fact.inputs, "spec", "type"), "spec.type") or "ClusterIP"


def is_internal(fact: Resource) -> bool | Unknown:
    """Return whether a load balancer stays inside the network."""
    found = annotated(fact)
    if isinstance(found, Unknown):
        return found
    marks = [found.get(key) for key in INTERNAL]
    if any(str(value).lower() in words for value, words in zip(marks, INTERNAL.values(), strict=True)):
        return True
    return next((value for value in marks if isinstance(value, Unknown)), False)


def is_public(fact: Resource) -> bool | Unknown:
    """Return whether a Service gets an address that everyone reaches."""
    kind = service_type(fact)
    if kind != "LoadBalancer" and not isinstance(kind, Unknown):
        return False
    internal = is_internal(fact)
    if internal is True:
        return False
    return kind if isinstance(kind, Unknown) else internal if isinstance(internal, Unknown) else True
