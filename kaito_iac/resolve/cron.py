"""Checks schedules and durations as KAITO's operator reads them: five cron fields in UTC, and durations as Go writes them."""

from __future__ import annotations

import re
from typing import Any, Final

from kaito_iac.problem import Problem
from kaito_iac.resolve.check import shown

MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS: Final = "sun mon tue wed thu fri sat".split()
FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, tuple(MONTHS)),
    ("day of week", 0, 6, tuple(DAYS)),
)
DESCRIPTORS: Final = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
DURATION: Final = re.compile(r"\+?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+")
ZONE: Final = re.compile(r"(?:CRON_)?TZ=\S+\s+")
PART: Final = re.compile(r"(?P<low>\*|\?|[0-9]{1,3}|[a-z]{3})(?:-(?P<high>[0-9]{1,3}|[a-z]{3}))?(?:/(?P<step>[0-9]{1,3}))?")


def schedule(path: str, value: Any) -> Problem | None:
    """Checks for a cron schedule of five fields, or a descriptor such as @daily."""
    if not isinstance(value, str):
        return Problem("KS225", path, shown(value), "five cron fields, such as '0 2 * * 6'")
    text = ZONE.sub("", value.strip(), count=1)
    if text in DESCRIPTORS or (text.startswith("@every ") and DURATION.fullmatch(text.removeprefix("@every ").strip())):
        return None
    parts = text.split()
    if len(parts) != len(FIELDS):
        return Problem("KS225", path, shown(value), "five cron fields: minute, hour, day of month, month, day of week")
    for part, (name, low, high, names) in zip(parts, FIELDS, strict=True):
        if not all(_readable(item, low, high, names) for item in part.lower().split(",")):
            return Problem("KS225", path, f"{name} {shown(part)}", f"{low} to {high}, with '*', ',', '-' and '/'")
    return None


def _readable(item: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    found = PART.fullmatch(item)
    if found is None:
        return False
    step = found["step"]
    if step is not None and int(step) == 0:
        return False
    if found["low"] in ("*", "?"):
        return found["high"] is None
    ends = [_number(end, low, names) for end in (found["low"], found["high"]) if end is not None]
    return all(end is not None and low <= end <= high for end in ends) and (len(ends) == 1 or _rising(ends))


def _number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text.isdigit():
        return int(text)
    return names.index(text) + low if text in names else None


def _rising(ends: list[int | None]) -> bool:
    first, last = ends
    return first is not None and last is not None and first <= last


def duration(path: str, value: Any) -> Problem | None:
    """Checks for a duration above nothing as Go writes it, such as 4h or 1h30m."""
    good = isinstance(value, str) and len(value) < 40 and DURATION.fullmatch(value) and re.search("[1-9]", value)
    return None if good else Problem("KS225", path, shown(value), "a duration above 0, such as 4h or 1h30m")
