"""What a remedy changes of a resource's inputs, as single steps; and resources with their remedies applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kaito_iac.problem import Unknown
from kaito_iac.rules.rule import AnyRule, ResourceRule
from kaito_iac.rules.settings import Settings
from kaito_iac.stack.resource import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """One key that gets another value, or one list that gets more entries."""

    path: tuple[str, ...]
    value: Any
    appended: bool = False
    """Whether the value is a list of entries to append, and not the value itself."""


@dataclass(frozen=True, slots=True)
class Remedied:
    """A resource after its remedies, and the rules that changed it."""

    resource: Resource
    rules: tuple[ResourceRule[Any], ...] = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Change]:
    """Return what differs; raises TypeError when it is more than added or replaced keys and appended entries."""
    if before.keys() - after.keys():
        raise TypeError("a remedy takes nothing away")
    for key, wanted in after.items():
        held = before.get(key)
        here = (*path, key)
        if key in before and (held is wanted or held == wanted):
            continue
        if isinstance(held, Mapping) and isinstance(wanted, Mapping):
            yield from changes(held, wanted, here)
        elif isinstance(held, list) and isinstance(wanted, list):
            if wanted[: len(held)] != held:
                raise TypeError("a remedy only appends to a list")
            yield Change(here, wanted[len(held) :], appended=True)
        else:
            yield Change(here, wanted)


def steps(rule: ResourceRule[Any], resource: Resource, settings: Settings) -> tuple[Change, ...]:
    """Return what a rule changes of a resource; nothing when it is not to remedy, has nothing to change, or cannot."""
    setting = settings.get(rule.name)
    if setting is None or setting.level != "remediate" or rule.remedy is None or not rule.concerns(resource.type):
        return ()
    wanted = None if isinstance(resource.inputs, Unknown) else rule.remedied(resource, setting.config)
    try:
        return () if wanted is None else tuple(changes(resource.inputs, wanted))
    except TypeError:  # the check that follows says what is wrong
        return ()


def remedied(rules: Sequence[AnyRule], resource: Resource, settings: Settings) -> Remedied:
    """Return a resource as the rules that remedy it leave it, each seeing what the one before it made."""
    changed: list[ResourceRule[Any]] = []
    for rule in rules:
        if isinstance(rule, ResourceRule) and (found := steps(rule, resource, settings)):
            resource = replace(resource, inputs=applied(resource.inputs, found))
            changed.append(rule)
    return Remedied(resource, tuple(changed))


def applied(inputs: Mapping[str, Any], found: Sequence[Change]) -> dict[str, Any]:
    """Return inputs with changes made; what does not change is shared."""
    made = dict(inputs)
    for change in found:
        place = made
        for key in change.path[:-1]:
            place[key] = place = dict(place[key])
        last = change.path[-1]
        place[last] = [*place[last], *change.value] if change.appended else change.value
    return made
