"""The part of JSON schema that policy settings use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Misfit = tuple[str, str, str]
"""Path, what was found, what is accepted."""


def misfits(value: Any, terms: Mapping[str, Any], path: str) -> Iterator[Misfit]:
    """Return everything about a value that a schema does not allow; keywords it does not know allow everything."""
    kinds = terms.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(kind, value) for kind in kinds):
        yield path, _shown(value), " or ".join(str(kind) for kind in kinds)
        return
    if "enum" in terms and value not in terms["enum"]:
        yield path, _shown(value), f"one of {', '.join(_shown(item) for item in terms['enum'])}"
    if "const" in terms and value != terms["const"]:
        yield path, _shown(value), _shown(terms["const"])
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(value, terms, path)
    elif isinstance(value, str):
        yield from _string(value, terms, path)
    elif isinstance(value, list):
        yield from _list(value, terms, path)
    elif isinstance(value, Mapping):
        yield from _object(value, terms, path)


def _number(value: float, terms: Mapping[str, Any], path: str) -> Iterator[Misfit]:
    for keyword, allowed, words in _BOUNDS:
        if keyword in terms and not isinstance(terms[keyword], bool) and not allowed(value, terms[keyword]):
            yield path, _shown(value), f"{words} {_shown(terms[keyword])}"


def _string(value: str, terms: Mapping[str, Any], path: str) -> Iterator[Misfit]:
    if len(value) < terms.get("minLength", 0):
        yield path, _shown(value), f"at least {terms['minLength']:g} characters"
    if len(value) > terms.get("maxLength", len(value)):
        yield path, _shown(value), f"at most {terms['maxLength']:g} characters"
    if "pattern" in terms and not re.search(terms["pattern"], value):
        yield path, _shown(value), f"text that matches {terms['pattern']}"


def _list(value: list[Any], terms: Mapping[str, Any], path: str) -> Iterator[Misfit]:
    if len(value) < terms.get("minItems", 0):
        yield path, f"{len(value)} items", f"at least {terms['minItems']:g}"
    if len(value) > terms.get("maxItems", len(value)):
        yield path, f"{len(value)} items", f"at most {terms['maxItems']:g}"
    if terms.get("uniqueItems") and any(item in value[:index] for index, item in enumerate(value)):
        yield path, "an item twice", "every item once"
    if isinstance(terms.get("items"), Mapping):
        for index, item in enumerate(value):
            yield from misfits(item, terms["items"], f"{path}[{index}]")


def _object(value: Mapping[str, Any], terms: Mapping[str, Any], path: str) -> Iterator[Misfit]:
    known = terms.get("properties", {})
    for name in terms.get("required", ()):
        if name not in value:
            yield f"{path}.{name}", "missing", "a value"
    for name, item in value.items():
        if name in known:
            yield from misfits(item, known[name], f"{path}.{name}")
        elif terms.get("additionalProperties") is False:
            yield f"{path}.{name}", "not a setting", f"one of {', '.join(sorted(known))}"
        elif isinstance(terms.get("additionalProperties"), Mapping):
            yield from misfits(item, terms["additionalProperties"], f"{path}.{name}")


def _is(kind: str, value: Any) -> bool:
    if kind == "integer":
        return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, _KINDS.get(kind, object))


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, default=str)


_KINDS: Final[dict[str, type]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}

_BOUNDS: Final[tuple[tuple[str, Callable[[float, float], bool], str], ...]] = (
    ("minimum", lambda value, bound: value >= bound, "at least"),
    ("maximum", lambda value, bound: value <= bound, "at most"),
    ("exclusiveMinimum", lambda value, bound: value > bound, "more than"),
    ("exclusiveMaximum", lambda value, bound: value < bound, "less than"),
)
