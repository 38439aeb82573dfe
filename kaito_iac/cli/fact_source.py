"""Report where the facts of a row come from, and of which day they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kaito_iac.catalog.load import source_of, sources


def fact_sources(table: str, facts: Iterable[str], own: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the sources of the facts of a table, each with title, date and its facts; `own` names sources of single facts."""
    known = sources(table)
    grouped: dict[str, list[str]] = {}
    for fact in facts:
        grouped.setdefault((own or {}).get(fact) or source_of(table, fact), []).append(fact)
    return [{"title": known[key].title, "date": known[key].date, "facts": names} for key, names in grouped.items()]


def source_rows(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the sources as labelled lines: the one of most facts first, the facts of the others by name."""
    rows = sorted(found, key=lambda source: -len(source["facts"]))
    labelled = []
    for index, source in enumerate(rows):
        facts = "" if index == 0 else f"{', '.join(source['facts'])}: "
        labelled.append(("source" if index == 0 else "", f"{facts}{source['title']} ({source['date']})"))
    return labelled
