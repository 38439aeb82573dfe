"""Asks rules about a stack: the one way in which plan, saved state, guard and served pack do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kaito_iac.problem import Problem
from kaito_iac.rules.rule import AnyRule, ResourceRule, StackFacts
from kaito_iac.rules.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, at which level, and of which resource."""

    rule: AnyRule
    level: Literal["advisory", "mandatory"]
    urn: str
    """The resource; empty for the stack as a whole."""
    name: str
    """Name of the resource; empty for the stack as a whole."""
    problem: Problem
    remedied: bool = False
    """Whether it is what a remedy changed, and no longer there."""

    @property
    def message(self) -> str:
        """Return what the engine prints below the name of the rule."""
        return self.problem.text(indent="", marked=False)


def run(rules: Sequence[AnyRule], stack: StackFacts, settings: Settings) -> Iterator[Finding]:
    """Return what rules find, one resource after the other and then all together; a rule without settings is not asked.

    What `remediate` would have to change is refused like what is mandatory: changes are made before rules are asked.
    """
    awake = [(rule, settings[rule.name]) for rule in rules if rule.name in settings]
    awake = [(rule, setting) for rule, setting in awake if setting.level != "disabled"]
    of_one = [(rule, setting) for rule, setting in awake if isinstance(rule, ResourceRule)]
    for resource in stack.each:
        for about, setting in of_one:
            if about.concerns(resource.type):
                for problem in about.ask(resource, setting.config):
                    yield Finding(about, _level(setting.level), resource.urn, resource.name, problem)
    for rule, setting in awake:
        if not isinstance(rule, ResourceRule):
            yield from (Finding(rule, _level(setting.level), "", "", problem) for problem in rule.ask(stack, setting.config))


def _level(level: str) -> Literal["advisory", "mandatory"]:
    return "advisory" if level == "advisory" else "mandatory"
