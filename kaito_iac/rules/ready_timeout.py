"""KO411: what waits for a model waits long enough for its weights."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from kaito_iac.catalog.find import find_model
from kaito_iac.catalog.label import WAIT_FOR
from kaito_iac.catalog.load import models
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.amount import counted
from kaito_iac.rules.exposure import annotated
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.sizing.weights import wait_seconds
from kaito_iac.stack.reading import field, text
from kaito_iac.stack.resource import Resource

_DEFAULT: Final = 600
"""Seconds that the Kubernetes provider waits by default."""
_MODELS: Final = (
    ("inference", "preset", "name"),
    ("tuning", "preset", "name"),
    ("spec", "template", "inference", "preset", "name"),
    ("spec", "model", "name"),
    ("spec", "source", "modelID"),
)

_OURS: Final = "kaito-iac:index:Kaito"
"""Type of a component that waits as long as the facts that it is given ask for."""


def check(fact: Resource, config: Watchful) -> Iterator[Problem]:
    """Hold the create timeout of an object that is waited for against the time its weights need."""
    found = annotated(fact)
    waits = found if isinstance(found, Unknown) else found.get(WAIT_FOR)
    if waits is None:
        return
    held = fact.options.create_seconds or _DEFAULT
    name = model(fact)
    if name is None or held >= longest():
        return
    card = find_model(name) if isinstance(name, str) else None
    unknown = next((part for part in (waits, name) if isinstance(part, Unknown)), None)
    if unknown is None and card is None:
        if _OURS in fact.urn and fact.options.create_seconds:  # the component knows the weights: it is not made without them
            return
        unknown = Unknown(f"the catalogue has no weights of {name}")
    if unknown is not None or card is None:
        accepted = f"a model whose weights are known, or {counted(-(-longest() // 60), 'minute')}"
        yield from config.unread("KO411", "customTimeouts.create", unknown or Unknown(""), accepted)
        return
    needed = wait_seconds(card.ready_seconds, provisioned=_provisioned(fact))
    if held < needed:
        minutes = -(-needed // 60)
        message = f"{counted(held // 60, 'minute')}, but the weights of {name} may take {minutes}"
        yield Problem("KO411", "customTimeouts.create", message, counted(minutes, "minute"), f"set create='{minutes}m'")


@cache
def longest() -> int:
    """Return the seconds in which every model of the catalogue is ready: no longer wait is needed."""
    return wait_seconds(max(card.ready_seconds for card in models().values()), provisioned=True)


def model(fact: Resource) -> str | Unknown | None:
    """Return the model that a KAITO object names; None for a pod template of its own."""
    for keys in _MODELS:
        named = text(field(fact.inputs, *keys), keys[-1])
        if named is not None:
            return named
    return None


def _provisioned(fact: Resource) -> bool:
    """Return whether nodes have to be made first; what is not known counts as yes."""
    places = (("resource", "instanceType"), ("spec", "template", "resource", "instanceType"), ("spec", "compute", "instanceType"))
    return any(field(fact.inputs, *keys) for keys in places)


RULE = ResourceRule(
    code="KO411",
    name="ready-timeout",
    title="The timeout of a model is long enough for its weights",
    config=Watchful,
    check=check,
    about=KAITO,
    why="An update that stops waiting early fails while the nodes still cost money; the next one starts from a broken state.",
    fix="Set customTimeouts.create to the value in the message, or leave it to the component.",
    severity="medium",
    tags=("operation",),
)
