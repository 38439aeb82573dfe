"""Reads YAML as kubectl does, one document after the other, within bounds, and remembers the line of every key and item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from kaito_iac.kubernetes.builder import KUBECTL, MAX_LEVELS, MAX_VALUES, Builder, Dialect, Unreadable
from kaito_iac.kubernetes.schema import Path

__all__ = ["MAX_BYTES", "MAX_LEVELS", "MAX_VALUES", "Document", "Unreadable", "documents", "read_one"]

MAX_BYTES: Final = 3 * 2**20
"""Longest document: the API server takes no longer request."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPLIT: Final = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_MARK: Final = re.compile(r"---[ \t\r]*(?:\n|\Z)")
_CONTENT: Final = re.compile(r"^[ \t]*[^ \t\r\n#%]", re.MULTILINE)
"""A line that is neither blank nor a comment nor a directive."""


@dataclass(slots=True)
class Document:
    """A document and the line of each of its keys and items, counted from 1."""

    data: Any
    line: int
    """Where it starts."""
    lines: dict[int, dict[str | int, int]]
    """Identity of a mapping or list to the line of each key or index."""

    doubts: list[tuple[int, str]] = field(default_factory=list)
    """Line and text of scalars that readers of YAML disagree about."""
    repeated: list[tuple[int, str]] = field(default_factory=list)
    """Line and key of what is repeated in one mapping: kubectl takes the last, stricter readers refuse it."""

    def line_of(self, path: Path) -> int:
        """Return the line of a value; of the nearest one around it when it is not there."""
        value, line = self.data, self.line
        for part in path:
            line = self.lines.get(id(value), {}).get(part, line)
            try:
                value = value[part]
            except (LookupError, TypeError):
                break
        return line


def documents(text: str) -> Iterator[Document | Unreadable]:
    """Return the documents of a text, each read for itself; an unreadable one does not hide the others."""
    line = 1
    for chunk in _chunks(text):
        try:
            if _has_content(chunk):
                if len(chunk) > MAX_BYTES:
                    raise Unreadable(1, f"a document of more than {MAX_BYTES} bytes")
                found = read_one(chunk)
                if found.data is not None:
                    found.line += line - 1
                    found.doubts = [(at + line - 1, text) for at, text in found.doubts]
                    found.repeated = [(at + line - 1, key) for at, key in found.repeated]
                    for marks in found.lines.values():
                        for key in marks:
                            marks[key] += line - 1
                    yield found
        except Unreadable as error:
            at = min(error.line - 1, chunk.rstrip().count("\n"))
            yield Unreadable(line + at, error.reason, syntax=error.syntax)
        line += chunk.count("\n")


def _chunks(text: str) -> Iterator[str]:
    start = 0
    for found in _SPLIT.finditer(text):
        if found.start() > start:
            yield text[start : found.start()]
        start = found.start()
    yield text[start:]


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "half a surrogate, which is no character"
    return str(error) if type(error) is ValueError else "a value that its tag does not allow"


def _has_content(chunk: str) -> bool:
    mark = _MARK.match(chunk)
    return _CONTENT.search(chunk, mark.end() if mark else 0) is not None


def read_one(text: str, dialect: Dialect = KUBECTL) -> Document:
    """Read one document; raises nothing but Unreadable."""
    builder = Builder(dialect)
    try:
        loader = _Loader(text)
        try:
            builder.feed(loader)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        message = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML")
        raise Unreadable(mark.line + 1 if mark else 1, message, syntax=True) from None
    except Unreadable:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Unreadable(builder.at, _reason(error)) from None
    return Document(builder.top, builder.first, builder.lines, builder.doubts, builder.repeated)
