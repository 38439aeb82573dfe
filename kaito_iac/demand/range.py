"""Amounts that may vary: fewest, expected and most of something, and what is added up of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kaito_iac.problem import Unknown


@dataclass(frozen=True, slots=True)
class Range:
    """Fewest, expected and most of something."""

    low: float
    expected: float
    high: float

    def times(self, factor: float) -> Range:
        """Return the range of so many each."""
        return Range(self.low * factor, self.expected * factor, self.high * factor)

    def plus(self, other: Range) -> Range:
        """Return the range of both together."""
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)

    @classmethod
    def exactly(cls, value: float) -> Range:
        """Return the range of a number that cannot vary."""
        return cls(value, value, value)


NOTHING: Final = Range(0, 0, 0)
"""None of something."""


def scaled(count: Range | Unknown, each: float | Unknown) -> Range | Unknown:
    """Return so many of something; unknown when either is."""
    if isinstance(count, Unknown):
        return count
    return each if isinstance(each, Unknown) else count.times(each)


def over(found: Iterable[Range | Unknown]) -> Range | Unknown:
    """Return the range over several ways: fewest and expected of the least, most of the most; unknown when one is."""
    known: list[Range] = []
    for value in found:
        if isinstance(value, Unknown):
            return value
        known.append(value)
    low, expected = min(value.low for value in known), min(value.expected for value in known)
    return Range(low, expected, max(value.high for value in known))


def same(found: Iterable[str | Unknown], what: str) -> str | Unknown:
    """Return the text that all are; unknown when they differ, or one is unknown."""
    values = list(dict.fromkeys(found))
    unknown = next((value for value in values if isinstance(value, Unknown)), None)
    return unknown or (values[0] if len(values) == 1 else Unknown(f"one of {len(values)} {what}"))
