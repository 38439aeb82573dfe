"""Knows which container images the charts and the workloads of a KAITO release pull."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from kaito_iac.catalog.load import DEFAULT_VERSION, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartImage:
    """One image of a chart."""

    image: str
    """Reference as the chart has it; without a tag where that is not on record."""
    why: str
    values: str = ""
    """Path in the chart's values under which registry, repository and tag, or the whole reference, can be replaced."""
    when: tuple[tuple[str, bool], ...] = ()
    """Values that must be true, each with its default."""


@cache
def chart_images(chart: str, version: str) -> tuple[ChartImage, ...] | None:
    """Return the images of a chart; None for a chart or a version that is not on record."""
    rows = table_of("images.json")["charts"].get(chart, {}).get(version)
    return None if rows is None else tuple(_read(row) for row in rows)


def _read(row: dict[str, Any]) -> ChartImage:
    when = tuple((path, default) for path, default in (row[key] for key in ("when", "and") if key in row))
    return ChartImage(image=row["image"], why=row["why"], values=row.get("values", ""), when=when)


def workload_images(version: str = DEFAULT_VERSION) -> dict[str, dict[str, str]]:
    """Return what KAITO's controllers pull for workloads, by role: image or chart with version, and why."""
    found: dict[str, dict[str, str]] = table_of("images.json")["workloads"][version]
    return found


def default_registry() -> str:
    """Return the registry of KAITO's own images."""
    return str(table_of("images.json")["registry"])
