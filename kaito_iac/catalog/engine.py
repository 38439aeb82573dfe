"""Knows the arguments of the vLLM that each KAITO release pins, as the parser of that vLLM declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.load import DEFAULT_VERSION, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineArgument:
    """One argument of vLLM."""

    name: str
    """Without leading dashes."""
    kind: str
    """flag (takes no value), text, integer, number, size (an integer that may have a unit) or json."""
    negative: bool
    """Whether `no-<name>` switches it off."""
    many: bool
    """Whether it takes several words."""
    optional: bool
    """Whether it may stand without its value."""
    structured: bool
    """Whether it takes JSON: always for the kind json, beside text for some of the kind text."""
    mapping: bool
    """Whether its JSON is an object."""
    none: bool
    """Whether it takes the word None, which is what KAITO makes of an entry without a value."""
    choices: tuple[str, ...]
    """Words it takes; empty: not limited to a list."""
    fields: Mapping[str, tuple[Any, ...] | None] | None
    """Keys of the object it takes, with the words of each; None: not limited to a list."""
    default: Any
    """Its default; None: none, or one that is no plain value."""
    later: tuple[str, ...]
    """Words that the engine looks up after parsing, and ends over others; empty: not limited to a list."""
    limits: Mapping[str, float]
    """Bounds of a number: gt, ge, lt, le."""
    field_limits: Mapping[str, Mapping[str, float]]
    """Key of the object it takes to the bounds of its number."""


def engine_version(kaito: str | None = None) -> str | None:
    """Return the vLLM that a KAITO release pins, by default the judged one; None: not known here."""
    found = table_of("vllm.json")["releases"].get(kaito or judged_release())
    return None if found is None else str(found)


def engine_arguments(kaito: str | None = None) -> Mapping[str, EngineArgument]:
    """Return the arguments of the vLLM of a KAITO release by name; those of the default release where it is not known."""
    return _arguments(engine_version(kaito) or str(engine_version(DEFAULT_VERSION)))


@cache
def _arguments(version: str) -> Mapping[str, EngineArgument]:
    rows = table_of("vllm.json")["engines"][version]["arguments"]
    return MappingProxyType({name: _argument(name, row) for name, row in rows.items()})


def successors() -> Mapping[str, str]:
    """Return the names that older releases of vLLM had, each with what to write instead."""
    return MappingProxyType(table_of("vllm.json")["successors"])


def _argument(name: str, row: Mapping[str, Any]) -> EngineArgument:
    fields = row.get("fields")
    return EngineArgument(
        name=name,
        kind=row["kind"],
        negative=row.get("negative", False),
        many=row.get("many", False),
        optional=row.get("optional", False),
        structured=row["kind"] == "json" or row.get("object", False),
        mapping=row.get("object", False) or bool(fields),
        none=row.get("none", False),
        choices=tuple(row.get("choices", ())),
        fields=fields and MappingProxyType({key: None if words is None else tuple(words) for key, words in fields.items()}),
        default=row.get("default"),
        later=tuple(row.get("later", ())),
        limits=MappingProxyType(row.get("limits", {})),
        field_limits=MappingProxyType(row.get("field_limits", {})),
    )
