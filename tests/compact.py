"""Writes data as JSON that a person can review: a line holds as many entries as fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

WIDTH = 130


def compact(value: Any, indent: str = "", room: int = WIDTH) -> str:
    """Return JSON whose mappings and lists take several lines only where one is not enough; `room`: what is left of the first."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= room or not isinstance(value, Mapping | list | tuple) or not value:
        return line
    inner = f"{indent}  "
    if isinstance(value, Mapping):
        heads = {key: f"{json.dumps(key, ensure_ascii=False)}: " for key in value}
        rows = [f"{heads[key]}{compact(one, inner, WIDTH - len(inner) - len(heads[key]) - 1)}" for key, one in value.items()]
        return "{\n" + _filled(rows, inner) + f"\n{indent}}}"
    return "[\n" + _filled([compact(one, inner, WIDTH - len(inner) - 1) for one in value], inner) + f"\n{indent}]"


def _filled(rows: Iterable[str], indent: str) -> str:
    """Return entries in lines; one of several lines begins a line of its own, and ends it."""
    lines: list[str] = []
    for row in rows:
        last = lines[-1] if lines else ""
        if lines and "\n" not in last and "\n" not in row and len(last) + len(row) + 3 <= WIDTH:
            lines[-1] = f"{last}, {row}"
        else:
            lines.append(f"{indent}{row}")
    return ",\n".join(lines)
