"""Writes plain values as Python, in the layout that ruff and black keep."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

WIDTH: Final = 88
"""Columns of a line, the default of both formatters; what is broken at it stays broken at more."""
_NAMED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}


class Constants:
    """Return texts of several lines a name, and remembers them until they are written."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._waiting: list[str] = []

    def add(self, name: str, text: str) -> str:
        """Return the name of a new constant with this text."""
        plain = re.sub(r"[^A-Z0-9]+", "_", name.upper(), flags=re.ASCII).strip("_")
        plain = plain if re.match(r"[A-Z]", plain) else f"TEXT_{plain}".rstrip("_")
        plain = chosen = plain[:70]
        while chosen in self._names:
            self._names[plain] += 1
            chosen = f"{plain}_{self._names[plain]}"
        self._names[chosen] = 1
        self._waiting.append(f"{chosen} = {block(text)}\n")
        return chosen

    def taken(self) -> str:
        """Return the assignments that are not written yet."""
        waiting, self._waiting = self._waiting, []
        return "".join(waiting)


class Reference(str):
    """The name of a constant, written as it is."""


def named(value: Any, constants: Constants, name: str) -> Any:
    """Return the value with every text of several lines replaced by a constant."""
    if isinstance(value, Mapping):
        return {key: named(part, constants, f"{name}_{key}") for key, part in value.items()}
    if isinstance(value, list):
        return [named(part, constants, name) for part in value]
    if isinstance(value, str) and "\n" in value[:-1]:
        return Reference(constants.add(name, value))
    return value


def literal(value: Any, indent: int = 0, room: int = WIDTH) -> str:
    """Return a value as Python, on one line where that has room, else one item a line."""
    whole = _flat(value, room)
    if whole is not None:
        return whole
    if isinstance(value, Mapping | list) and not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    pad = " " * (indent + 4)
    if isinstance(value, Mapping):
        rows = []
        for key, part in value.items():
            start = f"{pad}{quoted(key)}: "
            left = WIDTH - len(start) - 1 if start.isascii() else -1
            rows.append(f"{start}{literal(part, indent + 4, left)},\n")
        return "{\n" + "".join(rows) + " " * indent + "}"
    if isinstance(value, list):
        items = (f"{pad}{literal(part, indent + 4, WIDTH - indent - 5)},\n" for part in value)
        return "[\n" + "".join(items) + " " * indent + "]"
    return _scalar(value)


def _flat(value: Any, room: int) -> str | None:
    """Return a value on one line, or None when it has no room or its width is in doubt; stops as soon as that is clear."""
    if not isinstance(value, Mapping | list):
        if isinstance(value, str) and len(value) > max(room, 0):
            return None
        text = _scalar(value)
        return text if len(text) <= room and text.isascii() else None
    rows: list[str] = []
    room -= 2
    for key, part in _pairs(value):
        start = "" if key is None else f"{quoted(key)}: "
        inner = _flat(part, room - len(start)) if start.isascii() else None
        if inner is None:
            return None
        rows.append(start + inner)
        room -= len(rows[-1]) + 2
    if room + (2 if rows else 0) < 0:
        return None
    whole = ", ".join(rows)
    return f"{{{whole}}}" if isinstance(value, Mapping) else f"[{whole}]"


def _pairs(value: Mapping[str, Any] | Sequence[Any]) -> Any:
    return value.items() if isinstance(value, Mapping) else ((None, part) for part in value)


def _scalar(value: Any) -> str:
    if isinstance(value, Reference):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    return repr(value).replace("e+", "e")


def quoted(text: str) -> str:
    """Return a text in the quotes that need fewer escapes, double ones in doubt; nothing invisible stays as it is."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(f"\\{quote}" if sign == quote else _sign(sign) for sign in text) + quote


def block(text: str) -> str:
    """Return a text of several lines between triple quotes, line by line as it reads."""
    body = "".join(sign if sign == "\n" else _sign(sign) for sign in text)
    body = re.sub(r'"{3,}|"+\Z', lambda found: '\\"' * len(found.group()), body)
    return f'"""\\\n{body}"""'


def printable(text: str) -> str:
    """Return a text on one line with everything invisible written out."""
    return "".join(map(_sign, text))


def _sign(sign: str) -> str:
    if sign in _NAMED:
        return _NAMED[sign]
    if sign.isprintable():
        return sign
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
