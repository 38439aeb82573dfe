"""Reads scalars of YAML as kubectl does: by the words and numbers of YAML 1.1, and as JSON can say them."""

from __future__ import annotations

import base64
import re
from typing import Any, Final

_INT: Final = re.compile(r"[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+|0[0-7_]+|[0-9][0-9_]*)", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
AMBIGUOUS: Final = frozenset("yYnN")
"""Letters that kubectl reads as true and false, and most other readers as text; here they are text, and told."""

_SPECIAL: Final = frozenset(f"{sign}{word}" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")) | {
    ".nan",
    ".NaN",
    ".NAN",
}
_FIRST: Final = frozenset("yYnNtTfFoO~.+-0123456789")


def plain(text: str) -> Any:
    """Return the value of a scalar without quotes, as kubectl reads it: by the words and numbers of YAML 1.1."""
    if text == "" or (text[0] in _FIRST and text in _WORDS):
        return _WORDS[text]
    if text[0] not in _FIRST or len(text) > 400:
        return text
    if _INT.fullmatch(text):
        return whole(text)
    if _FLOAT.fullmatch(text) and any(map(str.isdigit, text)):
        return fraction(text.replace("_", ""))
    if text in _SPECIAL:
        raise ValueError("JSON has no infinity")
    return text


def whole(text: str) -> int | float:
    """Return a whole number; one that is too long for 64 bits as the float that it becomes."""
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    for prefix, radix in (("0b", 2), ("0x", 16), ("0o", 8)):
        if digits.startswith(prefix):
            number = int(digits[2:], radix)
            break
    else:
        octal = len(digits) > 1 and digits[0] == "0" and not set(digits) & {"8", "9"}
        number = int(digits, 8 if octal else 10)
    number *= sign
    return number if -(2**63) <= number < 2**63 else fraction(str(number))


def fraction(text: str) -> float | int:
    """Return a number with a fraction; a whole one as JSON would print it."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("JSON has no infinity")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar whose type is written before it."""
    name = tag.rpartition(":")[2]
    if not tag.startswith("tag:yaml.org,2002:") or name in ("str", "timestamp"):
        return text
    if name == "binary":
        return base64.b64decode(text, validate=False).decode("utf-8", errors="replace")
    value = plain(text)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return value
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}.get(name)
    if wanted is not None and type(value) is not wanted:
        raise ValueError(f"no {name}")
    return value
