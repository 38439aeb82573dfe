"""KN303: whatever leads to a model from outside asks who is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import Field

from kaito_iac.demand.objects import namespace_of
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.route import INGRESS, ROUTE, Guard, Served, backends, guards, served
from kaito_iac.rules.rule import StackFacts, StackRule, Watchful
from kaito_iac.stack.reading import entries, field, section
from kaito_iac.stack.resource import Resource

_ASKING: Final = (
    "nginx.ingress.kubernetes.io/auth-url",
    "nginx.ingress.kubernetes.io/auth-type",
    "nginx.ingress.kubernetes.io/auth-tls-secret",
    "alb.ingress.kubernetes.io/auth-type",
    "traefik.ingress.kubernetes.io/router.middlewares",
)


class Config(Watchful):
    """Settings of the rule."""

    auth_annotations: tuple[str, ...] = Field(_ASKING, description="Annotations that make an Ingress require authentication.")
    guarded_gateways: tuple[str, ...] = Field(
        (), description="Names of Gateways that another stack puts authentication in front of."
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Judge every Ingress and route that leads to a Service of KAITO's."""
    routes = [fact for fact in facts.resources if re.fullmatch(f"{INGRESS}|{ROUTE}", fact.type)]
    if not routes:
        return
    answering = served(facts.resources)
    there = tuple(guards(facts.resources))
    hidden = next((guard for guard in there if isinstance(guard, Unknown)), None)
    known = tuple(guard for guard in there if isinstance(guard, Guard))
    for route in routes:
        leads = list(_leads(route, answering))
        if not leads:
            continue
        if re.fullmatch(INGRESS, route.type):
            guarded = _ingress(route, config)
        else:
            guarded = _route(route, known, config) or hidden or False
        if guarded is True:
            continue
        for path, unknown in leads:
            place = f"{route.name}: {path}"
            answer = unknown if unknown is not None else guarded
            if isinstance(answer, Unknown):
                yield from config.unread("KN303", place, answer, "a backend and its authentication")
            else:
                fix = "put a Gateway with authentication in front, such as InferenceGateway with its key"
                yield Problem("KN303", place, "leads to a model without authentication", "authentication in front", fix)
            break


def _leads(route: Resource, answering: Served) -> Iterator[tuple[str, Unknown | None]]:
    """Return the backends that are KAITO's, those that are certain first."""
    unsure = []
    for path, kind, name in backends(field(route.inputs, "spec")):
        if kind == "InferencePool" or (isinstance(name, str) and name in answering.names):
            yield path, None
        elif isinstance(name, Unknown) or isinstance(kind, Unknown):
            unsure.append((path, name if isinstance(name, Unknown) else kind))
        elif answering.unsure is not None:
            unsure.append((path, answering.unsure))
    yield from unsure


def _ingress(route: Resource, config: Config) -> bool | Unknown:
    found = section(route.inputs, "metadata", "annotations")
    if isinstance(found, Unknown):
        return found
    marks = [found.get(key) for key in config.auth_annotations]
    if any(isinstance(value, str) and value for value in marks):
        return True
    return next((value for value in marks if isinstance(value, Unknown)), False)


def _route(route: Resource, there: Sequence[Guard], config: Config) -> bool | Unknown:
    """Return whether something guards the route itself or every Gateway it hangs on."""
    namespace = namespace_of(route)
    if any(_guards(guard, namespace, field(route.inputs, "metadata", "name")) for guard in there if guard.targets):
        return True
    parents = entries(field(route.inputs, "spec", "parentRefs"), "spec.parentRefs")
    if isinstance(parents, Unknown):
        return parents
    answers = [_parent(parent, namespace, there, config) for parent in parents]
    if answers and all(value is True for value in answers):
        return True
    return next((value for value in answers if isinstance(value, Unknown)), False)


def _parent(parent: Any, namespace: Any, there: Sequence[Guard], config: Config) -> bool | Unknown:
    name, place = field(parent, "name"), field(parent, "namespace") or namespace
    if isinstance(name, Unknown):
        return name
    if name in config.guarded_gateways or any(_guards(guard, place, name) for guard in there):
        return True
    return place if isinstance(place, Unknown) else False


def _guards(guard: Guard, namespace: Any, name: Any) -> bool:
    known = isinstance(namespace, str) and isinstance(name, str)
    return known and guard.namespace == namespace and (not guard.targets or name in guard.targets)


RULE = StackRule(
    code="KN303",
    name="no-auth",
    title="Every way to a model from outside requires authentication",
    config=Config,
    check=check,
    why="KAITO's endpoints have no authentication: everyone who reaches the route can use your GPUs and read your index.",
    fix="Put authentication on the Gateway or the Ingress, or name Gateways that have it in guardedGateways.",
    severity="critical",
    tags=("exposure",),
)
