"""The level and the checked settings of each rule: what a policy configuration means for the rules of a pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.admission.stated_installation import stated_settings
from kaito_iac.problem import Problem
from kaito_iac.rules.policy_config import ALL, BAD_CONFIG, Enforcement, Entry, entries, unknown_keys
from kaito_iac.rules.rule import AnyRule, NoSettings

if TYPE_CHECKING:
    from kaito_iac.rules.config import RuleConfig


_GATES: Final = "featureGates"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule is asked with."""

    level: Enforcement
    config: RuleConfig | NoSettings


Settings = Mapping[str, Setting]
"""By name of the rule."""


def settings_of(rules: Sequence[AnyRule], given: Mapping[str, Any]) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the settings of rules, and everything in a configuration that cannot be read; names of other rules are left out."""
    found, problems = entries(given)
    common = found.get(ALL, Entry()).level
    settings: dict[str, Setting] = {}
    for rule in rules:
        entry = found.get(rule.name, Entry())
        config = configured(rule, entry.values, problems)
        if config is not None:
            settings[rule.name] = Setting(entry.level or common or rule.level, config)
    return settings, tuple(problems)


def configured(rule: AnyRule, values: Mapping[str, Any], problems: list[Problem]) -> RuleConfig | NoSettings | None:
    """Return the checked settings of a rule; None where something is wrong with them, which it collects."""
    known = [field.alias or name for name, field in rule.config.model_fields.items()]
    wrong = list(unknown_keys(rule.name, values, known))
    problems += wrong
    if _GATES in known:  # a rule about KAITO's objects
        values = {**stated_settings(), **values}
    if not rule.config.model_fields:
        return None if wrong else NoSettings()
    from pydantic import ValidationError

    from kaito_iac.validation import validation_problems

    try:
        config: RuleConfig = rule.config.model_validate({key: value for key, value in values.items() if key in known})
    except ValidationError as error:
        problems += validation_problems(BAD_CONFIG, rule.name, rule.config, error, fix="")
        return None
    return None if wrong else config
