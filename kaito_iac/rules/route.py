"""Routes into a cluster, the Services behind them, and the authentication in front of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.label import CREATED_BY_SET
from kaito_iac.demand.objects import namespace_of
from kaito_iac.problem import Unknown
from kaito_iac.rules.exposure import SERVICE
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.stack.reading import entries, field, mapping, section
from kaito_iac.stack.resource import Resource

INGRESS: Final = "kubernetes:(networking[.]k8s[.]io|extensions)/[^:]+:Ingress"
ROUTE: Final = "kubernetes:gateway[.]networking[.]k8s[.]io/[^:]+:(HTTP|GRPC)Route"
_GUARD: Final = re.compile(
    "kubernetes:(security[.]istio[.]io/[^:]+:(AuthorizationPolicy|RequestAuthentication)|networking[.]istio[.]io/[^:]+:EnvoyFilter"
    "|gateway[.]envoyproxy[.]io/[^:]+:SecurityPolicy)"
)
_OWN_LABELS: Final = ("kaito.sh/workspace", "kaito.sh/ragengine", CREATED_BY_SET)
_GATEWAY_LABEL: Final = "gateway.networking.k8s.io/gateway-name"
_ASKS: Final = ("ext_authz", "jwt_authn", "rbac")
"""Envoy's filters for authentication."""


@dataclass(frozen=True, slots=True)
class Served:
    """Names of the Services that answer for KAITO's objects; `unsure` says why there may be more."""

    names: frozenset[str]
    unsure: Unknown | None


def served(resources: Sequence[Resource]) -> Served:
    """Return the Services in front of models and indexes: KAITO names them after its objects."""
    names: set[str] = set()
    unsure: Unknown | None = None
    for fact in resources:
        if re.fullmatch(KAITO, fact.type) or (fact.type == SERVICE and _serves(fact) is not False):
            name = field(fact.inputs, "metadata", "name")
            if isinstance(name, str):
                names.add(name)
            else:
                unsure = name if isinstance(name, Unknown) else Unknown("an object has no name yet")
    return Served(frozenset(names), unsure)


def _serves(service: Resource) -> bool | Unknown:
    selector = section(service.inputs, "spec", "selector")
    return selector if isinstance(selector, Unknown) else any(label in selector for label in _OWN_LABELS)


def backends(value: Any, path: str = "spec") -> Iterator[tuple[str, Any, Any]]:
    """Return every backend of a route: path, kind and name; kind and name are Unknown where the way there is."""
    if isinstance(value, Unknown):
        yield path, value, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from backends(entry, f"{path}[{index}]")
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            place = f"{path}.{key}"
            if key == "backendRefs":
                yield from _references(entry, place)
            elif key == "service" or (key == "serviceName" and not isinstance(entry, Mapping)):
                yield place, "Service", field(entry, "name") if key == "service" else entry
            elif key in ("rules", "http", "paths", "backend", "defaultBackend"):
                yield from backends(entry, place)


def _references(value: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    found = entries(value, path)
    if isinstance(found, Unknown):
        yield path, found, found
        return
    for index, entry in enumerate(found):
        kind = field(entry, "kind")
        yield f"{path}[{index}]", kind or "Service", field(entry, "name")


@dataclass(frozen=True, slots=True)
class Guard:
    """Authentication in front of some gateways or routes of a namespace; no targets: of all there."""

    namespace: Any
    targets: frozenset[str]


def guards(resources: Sequence[Resource]) -> Iterator[Guard | Unknown]:
    """Return the authentication that a stack puts in front of gateways, or why it is unknown what one is in front of."""
    for fact in resources:
        if _GUARD.fullmatch(fact.type):
            yield from _guard(fact)


def _guard(fact: Resource) -> Iterator[Guard | Unknown]:
    spec, namespace = section(fact.inputs, "spec"), namespace_of(fact)
    if isinstance(spec, Unknown):
        yield spec
        return
    if isinstance(namespace, Unknown):
        yield namespace
        return
    if (fact.type.endswith(":EnvoyFilter") and not _asks(spec)) or spec.get("action") in ("DENY", "AUDIT"):
        return
    aimed = entries(spec.get("targetRefs"), "targetRefs")
    labels = section(spec, "workloadSelector" if "workloadSelector" in spec else "selector")
    if isinstance(aimed, Unknown):
        yield aimed
        return
    if isinstance(labels, Unknown):
        yield labels
        return
    targets = [field(target, "name") for target in (*aimed, *filter(None, [spec.get("targetRef")]))]
    chosen = mapping(labels.get("labels")) or mapping(labels.get("matchLabels"))
    targets += [chosen[_GATEWAY_LABEL]] if _GATEWAY_LABEL in chosen else []
    hidden = next((part for part in (spec.get("action"), *targets, *labels.values()) if isinstance(part, Unknown)), None)
    if hidden is not None:
        yield hidden
    elif targets or not _selects(spec):
        yield Guard(namespace, frozenset(map(str, targets)))


def _selects(spec: Mapping[str, Any]) -> bool:
    """Return whether a guard is for some workloads alone."""
    return any(spec.get(key) for key in ("selector", "workloadSelector"))


def _asks(value: Any) -> bool:
    if isinstance(value, str):
        return any(word in value for word in _ASKS)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(_asks(entry) for entry in inner)
