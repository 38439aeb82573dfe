"""Rules of a pack applied without an engine, to resources from wherever they come: a recording, or a saved state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kaito_iac.problem import Problem
from kaito_iac.rules.rule import AnyRule, ResourceRule, StackFacts
from kaito_iac.stack.resource import Resource, Stack


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule said, at which level, and of which resource."""

    rule: AnyRule
    level: str
    """`advisory`, or `mandatory`; `remediate` counts as mandatory where nothing can be changed any more."""
    urn: str
    """The resource; empty for the stack as a whole."""
    problem: Problem


def judge_stack(
    rules: Sequence[AnyRule],
    resources: Sequence[Resource],
    config: Mapping[str, Any] | None = None,
    *,
    today: date | None = None,
    folder: Path | None = None,
) -> Iterator[Finding]:
    """Return what rules say of resources, one resource after the other and then of all together.

    `config` is what `--policy-pack-config` names: levels and settings by rule, `all` for every rule. Nothing is remedied.
    """
    awake = [
        (rule, level, settings) for rule in rules for level, settings in [setting(rule, config or {})] if level != "disabled"
    ]
    for fact in resources:
        for rule, level, settings in awake:
            if isinstance(rule, ResourceRule) and rule.concerns(fact.type):
                yield from (Finding(rule, level, fact.urn, problem) for problem in rule.judge(fact, settings))
    stack = StackFacts.of(resources, today or date.today(), folder or Path.cwd())
    for rule, level, settings in awake:
        if not isinstance(rule, ResourceRule):
            yield from (Finding(rule, level, "", problem) for problem in rule.judge(stack, settings))


def saved_facts(state: Stack) -> list[Resource]:
    """Return the resources of a saved state as rules see them; what the stack only looks up is not its own."""
    return [found for found in state.resources if not found.read]


def setting(rule: AnyRule, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the level of a rule and its settings: its own, else those of `all`, else its default."""
    level: str = rule.level
    settings: dict[str, Any] = {}
    for name in ("all", rule.name):
        given = config.get(name)
        if isinstance(given, Mapping):
            level = str(given.get("enforcementLevel", level))
            settings = {key: value for key, value in given.items() if key != "enforcementLevel"} if name != "all" else {}
        elif given is not None:
            level = str(given)
    return ("mandatory" if level == "remediate" else level), settings
