"""Reads cron schedules and durations as KAITO's webhook does."""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo

DESCRIPTORS: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_BOUNDS: Final = ((0, 59, "minute"), (0, 23, "hour"), (1, 31, "day of month"), (1, 12, "month"), (0, 6, "day of week"))
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES: Final[tuple[dict[str, int], ...]] = (
    {},
    {},
    {},
    {name: number for number, name in enumerate(_MONTHS, 1)},
    {name: number for number, name in enumerate(_DAYS)},
)
_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PIECE: Final = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST: Final = 9223372036.854775807
"""Seconds in the longest duration of Go."""


def duration_seconds(text: str) -> float | None:
    """Return the seconds of a duration as Go writes it; None: it is none."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0.0
    total, at = 0.0, 0
    if len(body) > 200:
        return None
    while at < len(body):
        found = _PIECE.match(body, at)
        if found is None:
            return None
        total += float(found[1]) * _UNITS[found[2]]
        at = found.end()
    if not body or total > _LONGEST:
        return None
    return -total if text.startswith("-") else total


def cron_problem(text: str, *, words: bool = True) -> str | None:
    """Report why a text is no schedule; None: it is one. `words`: whether `@daily` and its like are ones, as for KAITO."""
    if not text:
        return "missing"
    shown = f"'{text[:60]}'"
    if text.startswith(("TZ=", "CRON_TZ=")):
        zone, blank, text = text.partition("=")[2].partition(" ")
        if not blank or not is_zone(zone):
            return f"{shown} names no time zone that exists"
        text = text.strip()
    if text.startswith("@"):
        return _descriptor_problem(text) if words else f"{shown}, which KEDA's parser does not take"
    fields = text.split()
    if len(fields) != 5:
        return f"{shown} has {len(fields)} fields"
    for index, field in enumerate(fields):
        if values_of(field, index) is None:
            return f"{shown}: '{field[:40]}' is no {_BOUNDS[index][2]}"
    return None


def is_zone(name: str) -> bool:
    """Return whether Go loads a time zone of this name."""
    if name in ("", "UTC", "Local"):
        return True
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _descriptor_problem(text: str) -> str | None:
    if text in DESCRIPTORS:
        return None
    if text.startswith("@every ") and duration_seconds(text.removeprefix("@every ")) is not None:
        return None
    return f"'{text[:60]}' is no schedule"


def values_of(field: str, index: int) -> set[int] | None:
    """Return the values that one field of a schedule means; None: it is no such field."""
    found: set[int] = set()
    for part in field.split(","):
        if not part:
            continue
        values = _range(part, index)
        if values is None:
            return None
        found |= values
    return found


def _range(part: str, index: int) -> set[int] | None:
    """Return the values of a range with an optional step."""
    low, high, _ = _BOUNDS[index]
    span, *steps = part.split("/")
    ends = span.split("-")
    if len(steps) > 1 or len(ends) > 2:
        return None
    if ends[0] in ("*", "?"):
        start, end = low, high
    else:
        first = _number(ends[0], index)
        last = _number(ends[1], index) if len(ends) == 2 else first
        if first is None or last is None:
            return None
        start, end = first, last if len(ends) == 2 or not steps else high
    step = _number(steps[0], None) if steps else 1
    if step is None or step == 0 or start < low or end > high or start > end:
        return None
    return set(range(start, end + 1, step))


def _number(text: str, index: int | None) -> int | None:
    if index is not None and text.lower() in _NAMES[index]:
        return _NAMES[index][text.lower()]
    return int(text) if re.fullmatch(r"\+?[0-9]{1,9}", text, re.ASCII) else None


def never_problem(text: str) -> str | None:
    """Return what KEDA makes of a good schedule that never comes; None: it comes."""
    return None if opens(text) else f"'{text[:60]}' names no day that exists: KEDA keeps the replicas day and night"


def opens(text: str) -> bool:
    """Return whether a good schedule ever comes: the thirtieth of February does not."""
    fields = text.split()
    if len(fields) != 5 or fields[2] in ("*", "?") or fields[4] not in ("*", "?"):
        return True
    days, months = values_of(fields[2], 2) or set(), values_of(fields[3], 3) or set()
    longest = {2: 29, **dict.fromkeys((4, 6, 9, 11), 30)}
    return any(day <= longest.get(month, 31) for day in days for month in months)
