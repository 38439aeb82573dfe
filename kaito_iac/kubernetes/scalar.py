"""Reads scalars of YAML as kubectl does: by the words and numbers of YAML 1.1, and as JSON can say them."""

from __future__ import annotations

import base64
import re
from typing import Any, Final

_DECIMAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_WHOLE: Final = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([0-9]|[1-9][0-9]*))", re.ASCII)
_RADIX: Final = (16, 2, 8, 10)
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
AMBIGUOUS: Final = frozenset("yYnN")
"""Letters that kubectl reads as true and false, and most other readers as text; here they are text, and reported."""

_SPECIAL: Final = frozenset(f"{sign}{word}" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")) | {
    ".nan",
    ".NaN",
    ".NAN",
}
_FIRST: Final = frozenset("yYnNtTfFoO~.+-0123456789")
_NUMERIC: Final = frozenset(".+-0123456789")
_INFINITY: Final = float("inf")


def plain(text: str) -> Any:
    """Return the value of a scalar without quotes, as kubectl reads it: by the words and numbers of YAML 1.1."""
    if text == "" or (text[0] in _FIRST and text in _WORDS):
        return _WORDS[text]
    if text[0] not in _FIRST or len(text) > 400:
        return text
    found = number(text)
    if found is not None:
        return found if isinstance(found, int) and _fits(found) else as_json(float(found))
    if text in _SPECIAL:
        raise ValueError("JSON has no infinity")
    return text


def as_settings(text: str) -> Any:
    """Return the value of a scalar in a file of ours: as kubectl reads it, but 1.0 is a number with a fraction."""
    value = plain(text)
    found = number(text) if type(value) is int else None
    return found if isinstance(found, float) else value


def as_python(text: str) -> Any:
    """Return the value of a scalar as PyYAML reads it, but numbers with a fraction as they are written.

    PyYAML takes 1e3 and 0o17, which YAML 1.2 calls numbers, for text.
    """
    value = plain(text)
    if value is None or isinstance(value, bool):
        return value
    exponent = not text.lower().lstrip("+-").startswith("0x") and "e" in text.lower()
    if isinstance(value, int) and "." not in text and not exponent and not text.lower().lstrip("+-").startswith("0o"):
        return value
    return text


def number(text: str) -> int | float | None:
    """Return the number that go-yaml takes a bare text for: a whole one of at most 64 bits, else a float; None: it is text."""
    if text[0] not in _NUMERIC:
        return None
    digits = text if text[0] == "." else text.replace("_", "")
    found = _WHOLE.fullmatch(digits)
    if found:
        sign, *parts = found.groups()
        radix, body = next((radix, part) for radix, part in zip(_RADIX, parts, strict=True) if part is not None)
        whole = int(f"{sign}{body}", radix)
        if -(2**63) <= whole < (2**63 if sign else 2**64):
            return whole
    if _DECIMAL.fullmatch(digits):
        value = float(digits)
        return None if value in (_INFINITY, -_INFINITY) else value
    if digits[:2] == "0b" and digits[2:3] in ("+", "-") and set(digits[3:]) in ({"0"}, {"1"}, {"0", "1"}):
        return int(digits[2:], 2)  # go-yaml parses what follows the prefix, sign and all
    return None


def _fits(whole: int) -> bool:
    return -(2**63) <= whole < 2**63


def as_json(value: float) -> float | int:
    """Return a float as a reader of JSON gets it from one of Go's writers: whole ones of at most 64 bits are whole numbers."""
    if not value.is_integer() or abs(value) >= 2**63:
        return value
    digits, _, power = repr(value).partition("e")
    if not power:
        return int(value)
    digits, _, fraction = digits.partition(".")
    return int(digits + fraction + "0" * (int(power) - len(fraction)))  # the shortest digits, as Go prints them


def tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar whose type is written before it."""
    name = tag.rpartition(":")[2]
    if not tag.startswith("tag:yaml.org,2002:") or name in ("str", "timestamp"):
        return text
    if name == "binary":
        return base64.b64decode(text, validate=False).decode("utf-8", errors="replace")
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}.get(name)
    if wanted is None:
        return text  # go-yaml leaves what it does not know a text
    value = plain(text)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if type(value) is not wanted:
        raise ValueError(f"no {name}")
    return value
