"""Quantities of Kubernetes (`8`, `"500m"`, `"2k"`, `"100Gi"`, `"1e3"`): what is one, and how much it is."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_FORM: Final = re.compile(r"([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]+))?", re.ASCII)
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_LONGEST: Final = 400
_MOST: Final = Decimal(10) ** 36


def is_quantity(text: str) -> bool:
    """Return whether Kubernetes reads the text as a quantity."""
    return len(text) < _LONGEST and _FORM.fullmatch(text) is not None


def amount(text: str) -> float | None:
    """Return how much a quantity is; None: it is none, negative, or above 10^36."""
    found = _FORM.fullmatch(text) if len(text) < _LONGEST else None
    if found is None:
        return None
    sign, number, suffix, exponent = found[1], Decimal(found[2]), found[3] or "", found[4] or ""
    if suffix in _BINARY:
        value = number * 1024 ** (_BINARY.index(suffix) + 1)
    elif len(exponent) > 3:
        return None
    else:
        value = number.scaleb(int(exponent) if exponent else _DECIMAL[suffix])
    return None if value > _MOST or (sign == "-" and value) else float(value)
