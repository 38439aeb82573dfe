"""Adds demands up, by what they hold; whatever is unknown is kept beside the sum, never in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum, and what could not be added to it."""

    known: Range
    unknown: tuple[tuple[str, Unknown], ...]
    """Component and reason of everything whose share is unknown."""


def total(found: Iterable[Demand], share: Callable[[Demand], Range | Unknown]) -> Total:
    """Add the shares of all demands that are bought."""
    known, unknown = Range(0, 0, 0), []
    for demand in found:
        if demand.bought:
            value = share(demand)
            if isinstance(value, Unknown):
                unknown.append((demand.component, value))
            else:
                known = known.plus(value)
    return Total(known, tuple(unknown))


def totals(found: Iterable[Demand], key: Callable[[Demand], Key], share: Callable[[Demand], Range | Unknown]) -> dict[Key, Total]:
    """Add shares up by a key, in the order the keys appear."""
    groups: dict[Key, list[Demand]] = {}
    for demand in found:
        if demand.bought:
            groups.setdefault(key(demand), []).append(demand)
    return {name: total(group, share) for name, group in groups.items()}


def together(nodes: Sequence[Range | Unknown]) -> Range | Unknown | None:
    """Return the nodes of several demands together; unknown when one is, None for none."""
    held: Range | None = None
    for count in nodes:
        if isinstance(count, Unknown):
            return count
        held = count if held is None else held.plus(count)
    return held
