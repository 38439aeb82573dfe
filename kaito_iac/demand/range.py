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
    low_known: bool = True
    """False: the fewest are not known, such as the cost of nodes that may be spot without a spot price on record; `low` is 0."""

    def times(self, factor: float) -> Range:
        """Return the range of so many each."""
        return Range(self.low * factor, self.expected * factor, self.high * factor, self.low_known)

    def plus(self, other: Range) -> Range:
        """Return the range of both together."""
        known = self.low_known and other.low_known
        low = self.low + other.low if known else 0
        return Range(low, self.expected + other.expected, self.high + other.high, known)

    @classmethod
    def exactly(cls, value: float) -> Range:
        """Return the range of a number that cannot vary."""
        return cls(value, value, value)


NOTHING: Final = Range(0, 0, 0)
"""None of something."""


def scaled(count: Range | Unknown, each: float | Unknown) -> Range | Unknown:
    """Return so many of something; unknown when either is, and nothing of whatever there are none of."""
    if isinstance(count, Unknown):
        return count
    if count.high == 0:
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
    return Range(low, expected, max(value.high for value in known), all(value.low_known for value in known))


def same(found: Iterable[str | Unknown], what: str) -> str | Unknown:
    """Return the text that all are; unknown when they differ, or one is unknown."""
    values = list(dict.fromkeys(found))
    unknown = next((value for value in values if isinstance(value, Unknown)), None)
    return unknown or (values[0] if len(values) == 1 else Unknown(f"one of {len(values)} {what}"))
