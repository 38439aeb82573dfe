"""Reads a manifest as the API server does with KAITO's CRDs: drop, fill in, and refuse by type, bound and required field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, Final

from kaito_iac.catalog.load import table_of

Path = tuple[str | int, ...]
Found = tuple[Path, str, str]
"""Where, what was found, what would be accepted."""

LARGEST: Final = 2**53 - 1
"""Largest whole number that survives as a float."""

_FORMATS: Final[Mapping[str, int]] = {"int32": 2**31, "int64": 2**63}
"""Format of a whole number to the bound that it stays below."""

_TYPES: Final[Mapping[str, str]] = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "number": "a number",
}


_EXACT: Final[Mapping[type, str]] = {bool: "boolean", str: "string", dict: "object", list: "array", type(None): "null"}
"""Types of plain data to their words; others are looked at by what they are kinds of."""
_BOUNDS: Final = frozenset({"enum", "minimum", "maximum", "format", "minItems", "maxItems", "minLength", "maxLength"})
"""Words of a schema that bound a value."""


@cache
def kinds() -> Mapping[str, Any]:
    """Return the kinds of KAITO with their scope and versions."""
    found: Mapping[str, Any] = table_of("fields.json")["kinds"]
    return found


def schema_of(kind: str, version: str) -> Mapping[str, Any] | None:
    """Return the fields of a kind at a version; None when it is not served."""
    found: Mapping[str, Any] | None = kinds().get(kind, {}).get("versions", {}).get(version)
    return found


def type_name(value: Any) -> str:
    """Return the type of a value in the words of a schema."""
    exact = _EXACT.get(type(value))
    if exact is not None:
        return exact
    for kind, name in ((bool, "boolean"), (str, "string"), (Mapping, "object"), (list, "array")):
        if isinstance(value, kind):
            return name
    if value is None:
        return "null"
    whole = isinstance(value, int) and -(2**63) <= value < 2**63
    return "integer" if whole or (isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST) else "number"


def shown(value: Any) -> str:
    """Return a value on one line and short."""
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, dict | list):
        return f"{_TYPES[type_name(value)]} of {len(value)}"
    text = repr(value) if not isinstance(value, str) else f"'{value[:57]}…'" if len(value) > 60 else f"'{value}'"
    return {"None": "null", "True": "true", "False": "false"}.get(text, text)


def dotted(path: Path) -> str:
    """Return a path as people write it: `spec.roles[0].type`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", part):
            text += f".{part}" if text else part
        else:
            text += f"[{part[:120]}]" if text else part[:120]
    return text


@lru_cache(maxsize=4096)
def parsed(path: str) -> Path:
    """Return the parts of a path written with dots and brackets; a bracket holds an index, or a key with dots."""
    parts: list[str | int] = []
    rest = path
    while rest:
        if rest.startswith("["):
            inner, _, rest = rest[1:].partition("]")
            parts.append(int(inner) if inner.isdecimal() else inner)
        else:
            cut = min((index for index in (rest.find("."), rest.find("[")) if index >= 0), default=len(rest))
            parts.append(rest[:cut])
            rest = rest[cut:]
        rest = rest.removeprefix(".")
    return tuple(parts)


def _near(key: str, value: Any, known: Mapping[str, Any]) -> str:
    """Return where a field that is unknown here belongs, or what it holds does, else a known name that reads alike."""
    if isinstance(value, Mapping) and value and value.keys() <= known.keys():
        return f"move {' and '.join(sorted(map(str, value)))} one level up"
    below = sorted(name for name, part in known.items() if key in part.get("properties", {}))
    if below:
        return f"move it into {below[0]}"
    near = get_close_matches(key, known, 1, 0.6)
    return f"did you mean {near[0]!r}?" if near else ""


class Reading:
    """One object as the API server keeps it, what it dropped on the way, and why it would refuse it."""

    def __init__(self, schema: Mapping[str, Any], value: Mapping[str, Any]) -> None:
        self.pruned: list[Path] = []
        self.fixes: dict[Path, str] = {}
        self.refused: list[Found] = []
        self.cel: list[tuple[Path, str, Any]] = []
        self.parts: list[tuple[Path, str, Any]] = []
        top = {key: inner for key, inner in value.items() if key not in ("apiVersion", "kind", "metadata", "status")}
        self.value: dict[str, Any] = self._object(schema, top, ())

    def _object(self, schema: Mapping[str, Any], value: Mapping[str, Any], path: Path) -> dict[str, Any]:
        known = schema.get("properties", {})
        kept: dict[str, Any] = {}
        for key, inner in value.items():
            part = known.get(key)
            if part is None:
                self.pruned.append((*path, key))
                self.fixes[(*path, key)] = _near(key, inner, known)
            elif inner is not None:
                kept[key] = self._value(part, inner, (*path, key))
        for key, part in known.items():
            if "default" in part and key not in kept:
                kept[key] = self._value(part, deepcopy(part["default"]), (*path, key))
        self.refused += [((*path, key), "missing", "a value") for key in schema.get("required", ()) if key not in kept]
        return kept

    def _value(self, schema: Mapping[str, Any], value: Any, path: Path) -> Any:
        wanted, given = schema.get("type"), type_name(value)
        if wanted and given != wanted and not (wanted == "number" and given == "integer"):
            self.refused.append((path, shown(value), _TYPES[wanted]))
            return value
        if "strict" in schema:
            self.parts.append((path, schema["strict"], value))
            return value
        if given == "integer":
            value = int(value)
        if not _BOUNDS.isdisjoint(schema):
            self._bounds(schema, value, path)
        if given == "object":
            inner = schema.get("additionalProperties")
            kept: Any = self._map(inner, value, path) if inner else self._object(schema, value, path)
        elif given == "array" and "items" in schema:
            kept = [self._value(schema["items"], item, (*path, index)) for index, item in enumerate(value)]
        else:
            return value
        self.cel += [(path, rule, kept) for rule in schema.get("cel", ())]
        return kept

    def _map(self, schema: Mapping[str, Any], value: Mapping[str, Any], path: Path) -> dict[str, Any]:
        return {key: self._value(schema, inner, (*path, key)) for key, inner in value.items() if inner is not None}

    def _bounds(self, schema: Mapping[str, Any], value: Any, path: Path) -> None:
        if "enum" in schema and value not in schema["enum"]:
            self.refused.append((path, shown(value), " or ".join(map(str, schema["enum"]))))
        for key, size, word in (("minimum", value, "at least"), ("maximum", value, "at most")):
            if key in schema and (size < schema[key] if key == "minimum" else size > schema[key]):
                self.refused.append((path, shown(value), f"{word} {schema[key]}"))
        bound = _FORMATS.get(schema.get("format", ""))
        if bound is not None and not -bound <= value < bound:
            self.refused.append((path, shown(value), f"a whole number from {-bound} to {bound - 1}"))
        for low, high in (("minItems", "maxItems"), ("minLength", "maxLength")):
            if low in schema and len(value) < schema[low]:
                self.refused.append((path, f"{len(value)} of them", f"at least {schema[low]}"))
            if high in schema and len(value) > schema[high]:
                self.refused.append((path, f"{len(value)} of them", f"at most {schema[high]}"))

    def cel_refused(self) -> Iterator[Found]:
        """Return what the CEL rules of MultiRoleInference refuse; only asked when the schema is met."""
        for path, rule, value in self.cel:
            if "labelSelector" in rule and not value.get("matchLabels") and not value.get("matchExpressions"):
                yield path, "no entry", "at least one of matchLabels or matchExpressions"
            if "role" in rule and {role.get("type") for role in value} != {"prefill", "decode"}:
                yield path, "not one prefill and one decode role", "one role of each type"
