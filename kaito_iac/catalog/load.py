"""Loads the tables of facts, once, into records and look-ups."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from kaito_iac.catalog.record import GpuSize, KaitoVersion, MigProfile, ModelCard, RetiredModel, Source, read

DEFAULT_VERSION: Final = "0.12.0"
"""The KAITO release everything is predicted for unless set otherwise."""


@cache
def table_of(name: str) -> dict[str, Any]:
    """Return a whole table as it is in the data file of that name; not to be changed."""
    table: dict[str, Any] = json.loads(resources.files("kaito_iac.catalog").joinpath("data", name).read_bytes())
    return table


@cache
def models() -> Mapping[str, ModelCard]:
    """Return the curated models by id, in KAITO's order."""
    return MappingProxyType({row["id"]: read(ModelCard, row) for row in table_of("models.json")["models"]})


@cache
def retired() -> Mapping[str, RetiredModel]:
    """Return the names that KAITO no longer accepts."""
    return MappingProxyType({row["name"]: read(RetiredModel, row) for row in table_of("models.json")["retired"]})


@cache
def sizes() -> Mapping[str, GpuSize]:
    """Return the VM sizes with GPUs by KAITO's name, in KAITO's order."""
    return MappingProxyType({row["name"]: read(GpuSize, row) for row in table_of("sizes.json")["sizes"]})


@cache
def mig_profiles() -> Mapping[str, MigProfile]:
    """Return the MIG profiles that KAITO admits."""
    return MappingProxyType({row["profile"]: read(MigProfile, row) for row in table_of("sizes.json")["mig"]})


def admitted_prefixes(cloud: str) -> tuple[str, ...]:
    """Return the prefixes of size names that KAITO admits without knowing the size."""
    return tuple(table_of("sizes.json")["admittedPrefixes"].get(cloud, ()))


@cache
def versions() -> Mapping[str, KaitoVersion]:
    """Return the KAITO releases that are described, newest first."""
    return MappingProxyType({row["version"]: read(KaitoVersion, row) for row in table_of("versions.json")["versions"]})


def facts_date() -> str:
    """Return the ISO date of the model and size facts."""
    return str(table_of("models.json")["date"])


@cache
def sources(table: str) -> Mapping[str, Source]:
    """Return the sources of a table: `models`, `sizes`, `versions` or `prices`."""
    data = table_of(f"{table}.json")
    rows = {key: Source(key=key, title=row["title"], date=row.get("date", data["date"])) for key, row in data["sources"].items()}
    return MappingProxyType(rows)


def source_of(table: str, fact: str) -> str:
    """Return the key of the source of a fact (a key of the table's rows, in camelCase)."""
    by_key = table_of(f"{table}.json").get("factSources", {})
    return str(by_key.get(fact, by_key.get("*", next(iter(sources(table))))))
