"""Merges settings of several origins: a preset's first, then the stack's defaults, the program's last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return both mappings in one: maps merge, lists and values replace, an explicit None removes; neither is changed."""
    return {key: value for key, value in overlaid(base, over).items() if value is not None}


def overlaid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return both mappings in one and keep every explicit None, so that it still removes what is put under it later."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = overlaid(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return result
