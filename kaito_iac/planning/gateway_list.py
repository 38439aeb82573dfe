"""The gateways of a program: where each answers, for which models, and which component serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.kubernetes.service import POOL_SUFFIX, service_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import mapping
from kaito_iac.stack.resource import Resource, conceal

GATEWAY: Final = "kaito-iac:index:InferenceGateway"
Target = tuple[str, str, str]
"""Service or InferencePool, its name and namespace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint behind a gateway."""

    name: str
    """Key of the endpoint in the gateway's arguments."""
    models: tuple[str, ...] | Unknown
    """Names that requests carry."""
    target: Target | Unknown
    component: str
    """Component that answers; empty for one outside the program, or that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayPlan:
    """One InferenceGateway."""

    component: str
    url: Any
    """Base address, Unknown before the update in some programs."""
    auth: str
    """apiKey or none."""
    expose: str
    """cluster, internal or public."""
    routes: tuple[Route, ...]


def gateways(resources: Sequence[Resource], endpoints: Mapping[str, Mapping[str, Any]]) -> Iterator[GatewayPlan]:
    """Return the gateways of a program; `endpoints` are those of its components, by name."""
    served = {target: name for name, endpoint in endpoints.items() for target in _targets(endpoint)}
    for gateway in resources:
        if gateway.type != GATEWAY:
            continue
        inputs, outputs = conceal(gateway.inputs), conceal(gateway.outputs)
        routes = (one for one in resources if one.parent == gateway.urn and one.type.endswith(":HTTPRoute"))
        yield GatewayPlan(
            component=gateway.name,
            url=outputs.get("url"),
            auth=str(inputs.get("auth")),
            expose=str(inputs.get("expose")),
            routes=tuple(_route(gateway.name, one, mapping(inputs.get("models")), served) for one in routes),
        )


def _route(gateway: str, route: Resource, models: Mapping[str, Any], served: Mapping[Target, str]) -> Route:
    name = route.name.removeprefix(f"{gateway}-").removesuffix("-route")
    named, target = models.get(name), _target(conceal(route.inputs))
    known = isinstance(named, list | tuple) and all(isinstance(one, str) for one in named)
    return Route(
        name=name,
        models=tuple(named) if known and named is not None else Unknown("known after the update"),
        target=target,
        component="" if isinstance(target, Unknown) else served.get(target, ""),
    )


def _target(inputs: Mapping[str, Any]) -> Target | Unknown:
    """Return what a route refers to: it is in the namespace of its target."""
    rules = mapping(inputs.get("spec")).get("rules") or [{}]
    references = mapping(rules[0]).get("backendRefs") if isinstance(rules, list | tuple) else None
    reference = mapping(references[0]) if isinstance(references, list | tuple) and references else {}
    found = (reference.get("kind") or "Service", reference.get("name"), mapping(inputs.get("metadata")).get("namespace"))
    kind, name, namespace = found
    if isinstance(kind, str) and isinstance(name, str) and isinstance(namespace, str):
        return kind, name, namespace
    return Unknown("known after the update")


def _targets(endpoint: Mapping[str, Any]) -> Iterator[Target]:
    """Return by what a route may refer to an endpoint: its Service, or the InferencePool beside it."""
    service = service_of(endpoint.get("url"))
    if service:
        yield "Service", *service
        yield "InferencePool", f"{service[0]}{POOL_SUFFIX}", service[1]
    pool, namespace = endpoint.get("pool"), endpoint.get("namespace")
    if isinstance(pool, str):
        yield "InferencePool", pool, namespace if isinstance(namespace, str) else "default"
