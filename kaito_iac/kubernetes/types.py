"""Decodes the parts that the CRDs leave without a schema as KAITO's webhook does: every key known, every value of its type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from kaito_iac.catalog.load import table_of
from kaito_iac.kubernetes.quantity import is_quantity
from kaito_iac.kubernetes.schema import Found, Path, shown, type_name

TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T]\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)

_RANGES: Final[Mapping[str, tuple[int, int]]] = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_WORDS: Final[Mapping[str, str]] = {
    "string": "text",
    "bool": "true or false",
    "int32": "a whole number",
    "int64": "a whole number",
    "quantity": "a quantity such as 100Gi",
    "intOrString": "a whole number or text",
    "time": "a time such as 2026-01-31T12:00:00Z",
    "bytes": "text",
}


@cache
def _types() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = table_of("kubernetes_types.json")["types"]
    return found


@cache
def _folded(name: str) -> Mapping[str, Any]:
    return {key.lower(): kind for key, kind in _types()[name].items()}


def decode(kind: str, value: Any, path: Path, *, unknown: bool = True) -> Iterator[Found]:
    """Return what cannot be decoded as a type of Kubernetes; `unknown`: unknown keys are refused."""
    yield from _decode(f"#{kind}", value, path, unknown)


def _decode(kind: Any, value: Any, path: Path, unknown: bool) -> Iterator[Found]:
    if value is None or kind == "any":
        return
    if isinstance(kind, list):
        yield from _list(kind[0], value, path, unknown)
    elif isinstance(kind, dict) or kind.startswith("#"):
        yield from _mapping(kind, value, path, unknown)
    elif not _fits(kind, value):
        yield path, shown(value), _WORDS.get(kind, "another type")


def _list(kind: Any, value: Any, path: Path, unknown: bool) -> Iterator[Found]:
    if not isinstance(value, list):
        yield path, shown(value), "a list"
        return
    for index, item in enumerate(value):
        yield from _decode(kind, item, (*path, index), unknown)


def _mapping(kind: Any, value: Any, path: Path, unknown: bool) -> Iterator[Found]:
    if not isinstance(value, Mapping):
        yield path, shown(value), "a mapping"
        return
    if isinstance(kind, dict):
        for key, item in value.items():
            yield from _decode(kind["*"], item, (*path, key), unknown)
        return
    exact = _types()[kind[1:]]
    for key, item in value.items():
        part = exact.get(key) or (_folded(kind[1:]).get(key.lower()) if unknown else None)
        if part is not None:
            yield from _decode(part, item, (*path, key), unknown)
        elif unknown:
            yield (*path, key), "a key that Kubernetes does not know", "a field of this object"


def _fits(kind: str, value: Any) -> bool:
    given = type_name(value)
    if kind in ("string", "bytes"):
        return given == "string"
    if kind == "bool":
        return given == "boolean"
    if kind in _RANGES:
        return given == "integer" and _RANGES[kind][0] <= value <= _RANGES[kind][1]
    if kind == "intOrString":
        return given == "string" or _fits("int32", value)
    if kind == "quantity":
        return given in ("integer", "number") or (given == "string" and is_quantity(value.strip()))
    if kind == "time":
        return given == "string" and is_time(value)
    return given in ("integer", "number")


def is_time(text: str) -> bool:
    """Return whether the text is a time as Kubernetes writes it."""
    if not TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True
