"""Equal pods of a workload, as the readers of its kinds find them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown

Count = Range | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some equal pods of a workload."""

    what: str
    count: Count
    pod: Any = None
    """Their specification; None where `gpus` says what each asks for."""
    gpus: float | Unknown = 0


def times(count: Count, factor: Count | int) -> Count:
    """Return so many of each of a number."""
    if isinstance(count, Unknown):
        return count
    if isinstance(factor, Unknown):
        return factor
    most = Range.exactly(factor) if isinstance(factor, int) else factor
    return Range(count.low * most.low, count.expected * most.expected, count.high * most.high)


def exactly(count: int | Unknown) -> Count:
    """Return a number as a range."""
    return count if isinstance(count, Unknown) else Range.exactly(count)
