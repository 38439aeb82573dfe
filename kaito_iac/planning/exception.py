"""What a plan takes on a person's word: declared demand, and the waivers of a policy configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from kaito_iac.demand.declared import Declaration, program_declarations, with_declared
from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Problem
from kaito_iac.stack.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A waiver, as a plan lists it."""

    rule: str
    resource: str
    owner: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """Declarations of the program and of the configuration, and waivers."""

    declarations: tuple[Declaration, ...] = ()
    waivers: tuple[Waived, ...] = ()
    waiving: Any = None
    """Setting of the rule that grants waivers, which lets findings of a quota file pass too; None: nothing is waived."""

    def for_limits(self, found: Sequence[Demand]) -> tuple[Demand, ...]:
        """Return demand as plans count it and limits are held against it: with the declarations that are accepted."""
        return with_declared(found, [one for one in self.declarations if one.counts])

    def problems(self, resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
        """Report declarations that contradict what can be read, those of the program and of the configuration apart."""
        if not self.declarations:
            return
        from kaito_iac.rules.contradiction import contradictions

        yield from contradictions(resources, found, [one for one in self.declarations if one.urn])
        yield from contradictions(resources, found, [one for one in self.declarations if not one.urn])


NO_EXCEPTIONS: Final = Exceptions()
"""Nothing is declared or waived."""


def exceptions(resources: Sequence[Resource], policy_config: Path | None, folder: Path | None = None) -> Exceptions:
    """Return what a program declares and what a policy configuration accepts and waives; a file that is wrong accepts nothing.

    `folder` is the program's: lines of its files are shown without it.
    """
    inside = f"{os.path.realpath(folder)}{os.sep}" if folder is not None else ""
    resources = [replace(one, source=one.source.removeprefix(inside)) for one in resources]
    own = program_declarations(resources)
    if policy_config is None:
        return Exceptions(declarations=own)
    from kaito_iac.rules import declared_demand, waivers

    settings, _ = _settings(policy_config)
    configs: dict[str, Any] = {name: setting.config for name, setting in settings.items() if setting.level != "disabled"}
    declared, granted = configs.get(declared_demand.NAME), configs.get(waivers.NAME)
    accepted = declared.accepted(resources) if declared else ()
    urns = {one.urn for one in accepted if one.urn}
    rest = tuple(one for one in own if one.urn not in urns)
    return Exceptions(
        declarations=(*accepted, *rest),
        waivers=tuple(map(_listed, granted.granted)) if granted else (),
        waiving=settings[waivers.NAME] if granted else None,
    )


def _settings(policy_config: Path) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """Return what a policy configuration sets for declarations and waivers, and what is wrong with that."""
    from kaito_iac.rules import declared_demand, waivers
    from kaito_iac.rules.policy_config import ALL, read_file
    from kaito_iac.rules.settings import settings_of

    given, unreadable = read_file(policy_config)
    rules = (declared_demand.RULE, waivers.RULE)
    names = (ALL, *(rule.name for rule in rules))
    settings, problems = settings_of(rules, {name: value for name, value in given.items() if name in names})
    return settings, (*unreadable, *problems)


def wrong_settings(policy_config: Path | None) -> tuple[Problem, ...]:
    """Return what is wrong with declarations and waivers of a policy configuration, or with the file."""
    return _settings(policy_config)[1] if policy_config is not None else ()


def without_packs(policy_config: Path | None) -> Iterator[Problem]:
    """Return what is wrong with a policy configuration that no pack is asked with, and the rules in it that are not in use."""
    if policy_config is None:
        return
    yield from wrong_settings(policy_config)
    from kaito_iac.rules import declared_demand, waivers
    from kaito_iac.rules.policy_config import ALL, BAD_CONFIG, read_file
    from kaito_iac.rules.shipped import pack_of_rules

    used = (declared_demand.NAME, waivers.NAME)
    packs = pack_of_rules()
    for name in read_file(policy_config)[0]:
        if name not in (ALL, *used):
            fix = f"add --policy-pack {packs[name]}, or take it out" if name in packs else "take it out"
            yield Problem(BAD_CONFIG, name, "no policy pack is asked that has this rule", " or ".join(used), fix)


def _listed(waiver: Any) -> Waived:
    return Waived(rule=waiver.rule, resource=waiver.resource, owner=waiver.owner, reason=waiver.reason, expires=waiver.expires)


def without_secrets(found: Exceptions, clean: Any) -> Exceptions:
    """Return the declarations with their words cleaned of secrets."""
    return replace(found, declarations=tuple(replace(one, reason=clean(one.reason)) for one in found.declarations))
