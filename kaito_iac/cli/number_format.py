"""How figures read: money, tokens, minutes, and what is unknown."""

from __future__ import annotations

from kaito_iac.problem import Unknown

UNKNOWN = "unknown"
"""Text of a cell whose figure is unknown."""


def whole(number: float | Unknown) -> str:
    """Return a number rounded to a whole one, with thousands apart; `unknown` where it is."""
    return UNKNOWN if isinstance(number, Unknown) else f"{number:,.0f}"


def decimals(number: float | Unknown, places: int) -> str:
    """Return a number with so many decimals; `unknown` where it is."""
    return UNKNOWN if isinstance(number, Unknown) else f"{number:,.{places}f}"


def in_words(value: object) -> str:
    """Return a value in words: yes and no, thousands apart, an unknown with its reason."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def product(gpu_model: str) -> str:
    """Return a GPU product without its maker: `A100` for `NVIDIA A100`."""
    for maker in ("NVIDIA ", "AMD ", "AWS "):
        gpu_model = gpu_model.removeprefix(maker)
    return gpu_model.removesuffix(" accelerators")


def count(number: int, one: str, many: str = "") -> str:
    """Return a number and its noun: `1 size`, `2 sizes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
