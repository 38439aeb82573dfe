"""Asks rules about a stack: the one way in which plan, saved state, guard and served pack do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from kaito_iac.problem import Problem
from kaito_iac.rules.rule import AnyRule, ResourceRule, StackFacts
from kaito_iac.rules.settings import Settings

if TYPE_CHECKING:
    from kaito_iac.rules.waivers import Waiver

_DECLARED: Final = "declared-demand"
_WAIVERS: Final = "waivers"
"""Rules whose settings say how others are asked, and what becomes of their findings."""


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

    What `remediate` would have to change is refused like what is mandatory: changes are made before rules are asked. Declared
    demand counts as `declared-demand` accepts it; a finding that `waivers` lets pass is advice with the words of its waiver.
    """
    granted: Sequence[Waiver] = _setting(settings, _WAIVERS, "granted")
    for finding in _found(rules, stack, settings):
        yield _waived(finding, granted, stack) if granted else finding


def _setting(settings: Settings, rule: str, key: str) -> Sequence[Any]:
    found = settings.get(rule)
    return () if found is None or found.level == "disabled" else getattr(found.config, key)


def _waived(finding: Finding, granted: Sequence[Waiver], stack: StackFacts) -> Finding:
    name, path = finding.name, finding.problem.path
    holds = next((one for one in granted if one.covers(finding.rule.name, name, path, stack.today)), None)
    if holds is None or finding.rule.name == _WAIVERS or finding.remedied:
        return finding
    problem = replace(finding.problem, found=f"{finding.problem.found}; {holds.note}", severity="warning")
    return replace(finding, level="advisory", problem=problem)


def _found(rules: Sequence[AnyRule], stack: StackFacts, settings: Settings) -> Iterator[Finding]:
    raw = stack
    declared = settings.get(_DECLARED)
    if declared is not None and declared.level != "disabled" and stack.resources:
        from kaito_iac.rules.declared_demand import Config, CountedAsDeclared

        if isinstance(declared.config, Config):
            stack = replace(stack, demands=CountedAsDeclared(stack, declared.config))
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
            facts = raw if rule.name == _DECLARED else stack
            for problem in rule.ask(facts, setting.config):
                level = _level(setting.level) if problem.severity == "error" else "advisory"
                yield Finding(rule, level, "", "", problem)


def _level(level: str) -> Literal["advisory", "mandatory"]:
    return "advisory" if level == "advisory" else "mandatory"
