"""How amounts read in messages: numbers, counts with their unit, and who holds how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown

BIG: Final = 1_000_000_000
"""Beyond it fractions are not shown."""


def amount(value: float) -> str:
    """Return a number without a fraction it does not have."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) > BIG else f"{value:,.2f}"


def counted(value: float, unit: str) -> str:
    """Return an amount with its unit: `1 GPU`, `2 GPUs`."""
    return f"{amount(value)} {unit}{'' if value == 1 else 's'}"


def shares(found: Sequence[tuple[str, Range | Unknown]]) -> str:
    """Return who holds how much at most, the biggest first: `chat 4, tune 2`."""
    sums: dict[str, float] = {}
    for name, value in found:
        if isinstance(value, Range):
            sums[name] = sums.get(name, 0) + value.high
    biggest = sorted(((value, name) for name, value in sums.items() if value), key=lambda pair: (-pair[0], pair[1]))
    parts = [f"{name} {amount(value)}" for value, name in biggest[:8]]
    return ", ".join([*parts, f"and {len(biggest) - 8} more"] if len(biggest) > 8 else parts)
