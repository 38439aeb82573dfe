"""KO406: production does not run on nodes that the cloud takes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field, field_validator

from kaito_iac.catalog.label import CAPACITY_TYPE
from kaito_iac.demand.aks import agent_pools
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.pool import AKS, KARPENTER, at
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.reading import entries, field, section, text
from kaito_iac.stack.resource import Resource

_FIX: Final = "use regular capacity, or move it out of production"


class Config(Watchful):
    """Settings of the rule."""

    stacks: str = Field("^prod", description="Pattern that the name of a stack of production matches; empty: none.")
    tag: str = Field("environment", description="Tag or label that names the environment.")
    tag_values: str = Field("^prod", description="Pattern of the tag's values that mean production; empty: none.")

    @field_validator("stacks", "tag_values")
    @classmethod
    def _pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error:
            raise ValueError("a regular expression") from None
        return pattern

    def matches(self, pattern: str, value: Any) -> bool:
        """Return whether a value is one of production; an empty pattern is matched by none."""
        return bool(pattern) and isinstance(value, str) and re.search(pattern, value) is not None


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge capacity of what belongs to production, by the stack's name or a tag."""
    belongs = _in_production(fact, config)
    if belongs is False:
        return
    for path, spot in _capacities(fact):
        if spot is False:
            continue
        answer = spot if isinstance(spot, Unknown) else belongs
        if isinstance(answer, Unknown):
            yield from config.unread("KO406", path, answer, "regular capacity")
        else:
            yield Problem("KO406", path, "spot capacity in production", "regular capacity", _FIX)


def _in_production(fact: Resource, config: Config) -> bool | Unknown:
    if config.matches(config.stacks, fact.stack):
        return True
    tags = section(fact.inputs, "metadata", "labels") if re.fullmatch(KARPENTER, fact.type) else section(fact.inputs, "tags")
    value = tags if isinstance(tags, Unknown) else tags.get(config.tag)
    if isinstance(value, Unknown):
        return value if config.tag_values else False
    return config.matches(config.tag_values, value)


def _capacities(fact: Resource) -> Iterator[tuple[str, bool | Unknown]]:
    """Return whether nodes may be spot, for every pool of a resource."""
    if re.fullmatch(KARPENTER, fact.type):
        yield from _karpenter(fact)
        return
    for path, pool in agent_pools(fact):
        place = at(path, "scaleSetPriority")
        priority = pool if isinstance(pool, Unknown) else text(pool.get("scaleSetPriority"), "scaleSetPriority")
        yield place, priority if isinstance(priority, Unknown) else (priority or "").lower() == "spot"


def _karpenter(fact: Resource) -> Iterator[tuple[str, bool | Unknown]]:
    path = "spec.template.spec.requirements"
    found = entries(field(fact.inputs, *path.split(".")), path)
    if isinstance(found, Unknown):
        yield path, found
        return
    for index, entry in enumerate(found):
        key = field(entry, "key")
        if key == CAPACITY_TYPE or isinstance(key, Unknown):
            yield f"{path}[{index}]", key if isinstance(key, Unknown) else _may_be_spot(entry)


def _may_be_spot(entry: Mapping[str, Any]) -> bool | Unknown:
    values, operator = entries(entry.get("values"), "values"), entry.get("operator")
    hidden = [part for part in (values, operator, *(values if isinstance(values, tuple) else ())) if isinstance(part, Unknown)]
    if hidden or isinstance(values, Unknown):
        return hidden[0]
    return "spot" not in values if operator in ("NotIn", "Exists") else "spot" in values and operator == "In"


RULE = ResourceRule(
    code="KO406",
    name="production-spot",
    title="Production does not run on spot capacity",
    config=Config,
    check=check,
    about=f"{AKS}|{KARPENTER}",
    why="The cloud takes spot nodes back within half a minute; a model needs many minutes to load again elsewhere.",
    fix="Use regular capacity in production, or name production otherwise in stacks and tagValues.",
    tags=("operation", "pool"),
)
