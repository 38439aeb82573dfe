"""KO409: what costs money names its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field, StrictBool

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.pool import AKS
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.reading import mapping, section
from kaito_iac.stack.resource import Resource

_GROUP: Final = "azure-native(_resources_v[^:]+)?:resources(/v[^:]+)?:ResourceGroup"


class Config(Watchful):
    """Settings of the rule."""

    tag: str = Field("owner", min_length=1, description="Name of the tag, and of the label of a KAITO object.")
    labels: StrictBool = Field(False, description="Whether KAITO objects have to carry it as a label, too.")
    value: str = Field("", description="What the remedy writes; empty: it writes nothing, and a person names the owner.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Ask for the tag with a value."""
    keys = _keys(fact)
    if keys != ("tags",) and not config.labels:
        return
    path = f"{'.'.join(keys)}.{config.tag}"
    found = section(fact.inputs, *keys)
    value = found if isinstance(found, Unknown) else found.get(config.tag)
    accepted = "the name of the responsible person or team"
    argument = "labels" if fact.type.startswith("kubernetes:") else "tags"
    if isinstance(value, Unknown):
        yield from config.unread("KO409", path, value, accepted)
    elif value is None or value == "":
        yield Problem("KO409", path, "missing" if value is None else "empty", accepted, f"{argument}={{'{config.tag}': 'NAME'}}")
    elif not isinstance(value, str):
        yield Problem("KO409", path, f"{value!r}"[:80], accepted, "write a text")


def _keys(fact: Resource) -> tuple[str, ...]:
    return ("metadata", "labels") if fact.type.startswith("kubernetes:") else ("tags",)


def remedy(fact: Resource, config: Config) -> Mapping[str, Any] | None:
    """Write the owner that the configuration names where none is named."""
    keys = _keys(fact)
    found = section(fact.inputs, *keys)
    if not config.value or isinstance(found, Unknown) or found.get(config.tag) or (keys != ("tags",) and not config.labels):
        return None
    named = {**found, config.tag: config.value}
    if keys == ("tags",):
        return {**fact.inputs, "tags": named}
    return {**fact.inputs, "metadata": {**mapping(fact.inputs.get("metadata")), "labels": named}}


RULE = ResourceRule(
    code="KO409",
    name="owner-tag",
    title="Resources that cost money name their owner",
    config=Config,
    check=check,
    remedy=remedy,
    about=f"{AKS}|{_GROUP}|{KAITO}",
    level="advisory",
    why="Without an owner it is unclear who pays for a GPU node, and who may delete it.",
    fix="Set the tag, or use the level remediate, which writes the configured value.",
    severity="low",
    tags=("operation", "cost"),
)
