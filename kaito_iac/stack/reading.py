"""Reads one value out of registered inputs: nothing stays None, and what is unknown or of a wrong type becomes Unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.kubernetes.quantity import amount
from kaito_iac.problem import Unknown

MOST_NODES: Final = 1_000_000
"""More nodes than any cloud has in one place; a greater number is a mistake."""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a value that is a mapping, else an empty one: only for what no count depends on."""
    return value if isinstance(value, Mapping) else {}


def _kind(value: Any) -> str:
    kinds = (
        (bool, "a truth value"),
        (int | float, "a number"),
        (str, "a text"),
        (list | tuple, "a list"),
        (Mapping, "a mapping"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), type(value).__name__)


def field(value: Any, *keys: str) -> Any:
    """Return what is under the keys, one inside the other; Unknown when anything on the way is unknown or no mapping."""
    above = "it"
    for key in keys:
        if value is None or isinstance(value, Unknown):
            return value
        if not isinstance(value, Mapping):
            return Unknown(f"{above} is {_kind(value)}, not a mapping")
        value, above = value.get(key), key
    return value


def section(value: Any, *keys: str) -> Mapping[str, Any] | Unknown:
    """Return the mapping under the keys; an empty one where nothing is."""
    found = field(value, *keys)
    if found is None or isinstance(found, Mapping | Unknown):
        return {} if found is None else found
    return Unknown(f"{keys[-1] if keys else 'it'} is {_kind(found)}, not a mapping")


def text(value: Any, what: str) -> str | Unknown | None:
    """Return a text; None where nothing is, or an empty text."""
    if value is None or isinstance(value, str | Unknown):
        return value or None
    return Unknown(f"{what} is {_kind(value)}, not a text")


def flag(value: Any, what: str) -> bool | Unknown:
    """Return a truth value, false where nothing is."""
    if value is None or isinstance(value, bool | Unknown):
        return value or False
    return Unknown(f"{what} is {_kind(value)}, not true or false")


def entries(value: Any, what: str) -> tuple[Any, ...] | Unknown:
    """Return the entries of a list, none where nothing is."""
    if value is None or isinstance(value, Unknown):
        return value or ()
    return tuple(value) if isinstance(value, list | tuple) else Unknown(f"{what} is {_kind(value)}, not a list")


def whole(value: Any, default: int | Unknown, what: str = "count") -> int | Unknown:
    """Return a whole number of nodes; the default for nothing; Unknown for anything else."""
    if value is None or isinstance(value, Unknown):
        return default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Unknown(f"{what} is {_kind(value)}, not a number of nodes")
    if not 0 <= value <= MOST_NODES or value != int(value):
        return Unknown(f"{what} is no number of nodes")
    return int(value)


def quantity(value: Any, what: str) -> float | Unknown | None:
    """Return a quantity as Kubernetes writes them (`8`, `"500m"`, `"2k"`); None where nothing is."""
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Unknown(f"{what} is {_kind(value)}, not a quantity")
    if not isinstance(value, str):
        return value if 0 <= value <= 10**18 else Unknown(f"{what} is no quantity")
    found = amount(value.strip())
    return Unknown(f"{what} is no quantity") if found is None else found
