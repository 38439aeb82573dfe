"""Durations as resource options write them."""

from __future__ import annotations

import re
from typing import Final

_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}  # Go writes either micro


def seconds(duration: str) -> float:
    """Return a duration such as `1h30m` in seconds; 0 for an empty text."""
    return sum(float(number) * _SECONDS[unit] for number, unit in re.findall(r"([\d.]+)(ns|us|µs|ms|s|m|h)", duration))
