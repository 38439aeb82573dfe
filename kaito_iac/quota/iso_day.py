"""Days in files that people write."""

from __future__ import annotations

import datetime
from typing import Any


def iso_day(value: Any) -> Any:
    """Return a day that YAML or JSON holds; raises ValueError for anything else."""
    if type(value) is datetime.date:
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("a day such as 2026-01-31") from None
