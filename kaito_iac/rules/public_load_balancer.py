"""KN301: nothing gets a public load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field

from kaito_iac.catalog.label import AZURE_INTERNAL, ENABLE_LB
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.exposure import SERVICE, annotated, is_public
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

_PLACES: Final = ((), ("spec", "template"))
"""Where KAITO's annotation may stand: on the object, or on what an InferenceSet makes."""


class Config(Watchful):
    """Settings of the rule."""

    internal_annotation: str = Field(
        AZURE_INTERNAL,
        min_length=1,
        description="Annotation that the remedy sets to `true`, to keep a Service's load balancer inside the network.",
    )


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge a Service by type and annotations, a KAITO object by its annotation for a load balancer."""
    if fact.type == SERVICE:
        yield from _service(fact, config)
    else:
        for keys in _PLACES:
            yield from _object(fact, config, keys)


def _service(fact: Resource, config: Config) -> Iterator[Problem]:
    public = is_public(fact)
    if isinstance(public, Unknown):
        yield from config.unread("KN301", "spec.type", public, "a type and annotations that keep it inside the network")
    elif public:
        fix = f"set {config.internal_annotation}: 'true', or let a gateway with authentication face the outside"
        yield Problem("KN301", "spec.type", "a load balancer with a public address", "ClusterIP, or an internal one", fix)


def _object(fact: Resource, config: Config, keys: tuple[str, ...]) -> Iterator[Problem]:
    found = annotated(fact, *keys)
    enabled = found if isinstance(found, Unknown) else found.get(ENABLE_LB)
    path = ".".join((*keys, "metadata", "annotations"))
    if isinstance(enabled, Unknown):
        yield from config.unread("KN301", f"{path}[{ENABLE_LB}]", enabled, "no public load balancer")
    elif enabled == "True" or (enabled is not None and not isinstance(enabled, str)):
        message = "a public load balancer without authentication, which also opens Ray's ports"
        yield Problem("KN301", f"{path}[{ENABLE_LB}]", message, "a gateway in front", "remove the annotation")


def remedy(fact: Resource, config: Config) -> Mapping[str, Any] | None:
    """Keep the load balancer of a Service inside the network; KAITO's own cannot be made so."""
    if fact.type != SERVICE or is_public(fact) is not True:
        return None
    metadata = mapping(field(fact.inputs, "metadata"))
    marked = {**mapping(metadata.get("annotations")), config.internal_annotation: "true"}
    return {**fact.inputs, "metadata": {**metadata, "annotations": marked}}


RULE = ResourceRule(
    code="KN301",
    name="public-load-balancer",
    title="No Service has a public load balancer",
    config=Config,
    check=check,
    remedy=remedy,
    about=f"{SERVICE}|{KAITO}",
    why="A model behind a public address answers every caller: others use your GPUs; KAITO's load balancer opens Ray as well.",
    fix="Use ClusterIP, an internal load balancer, or a gateway with authentication.",
    severity="critical",
    tags=("exposure",),
)
