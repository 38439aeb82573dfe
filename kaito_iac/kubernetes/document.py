"""Reads YAML as kubectl does, one document after the other, within bounds, and remembers the line of every key and item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from kaito_iac.kubernetes.scalar import AMBIGUOUS, plain, tagged
from kaito_iac.kubernetes.schema import Path

MAX_BYTES: Final = 3 * 2**20
"""Longest document: the API server takes no longer request."""
MAX_LEVELS: Final = 64
"""Deepest nesting that is read."""
MAX_VALUES: Final = 100_000
"""Most values of a document, those of aliases counted as often as they are used."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPLIT: Final = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_EMPTY: Final = re.compile(r"(?:---[ \t]*\r?\n?)?(?:[ \t]*(?:[#%][^\n]*)?\n)*[ \t]*(?:[#%][^\n]*)?")


class Unreadable(ValueError):
    """Says on which line of a document reading stops, and why."""

    def __init__(self, line: int, told: str) -> None:
        self.line = line
        self.told = told
        super().__init__(told)


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
            if not _EMPTY.fullmatch(chunk):
                if len(chunk) > MAX_BYTES:
                    raise Unreadable(1, f"a document of more than {MAX_BYTES} bytes")
                found = read_one(chunk)
                if found.data is not None:
                    found.line += line - 1
                    found.doubts = [(at + line - 1, text) for at, text in found.doubts]
                    for marks in found.lines.values():
                        for key in marks:
                            marks[key] += line - 1
                    yield found
        except Unreadable as error:
            yield Unreadable(line + min(error.line - 1, chunk.rstrip().count("\n")), error.told)
        line += chunk.count("\n")


def _chunks(text: str) -> Iterator[str]:
    start = 0
    for found in _SPLIT.finditer(text):
        if found.start() > start:
            yield text[start : found.start()]
        start = found.start()
    yield text[start:]


def read_one(text: str, resolve: Callable[[str], Any] | None = None) -> Document:
    """Read one document; raises nothing but Unreadable."""
    builder = _Builder(resolve or plain)
    try:
        loader = _Loader(text)
        try:
            builder.feed(loader)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        told = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML")
        raise Unreadable(mark.line + 1 if mark else 1, told) from None
    except Unreadable:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Unreadable(builder.at, f"not YAML ({type(error).__name__})") from None
    return Document(builder.top, builder.first, builder.lines, builder.doubts)


class _Builder:
    """Makes plain data of events, without recursion."""

    def __init__(self, resolve: Callable[[str], Any]) -> None:
        self.resolve = resolve
        self.top: Any = None
        self.first = 1
        self.at = 1
        self.values = 0
        self.lines: dict[int, dict[str | int, int]] = {}
        self.stack: list[tuple[Any, dict[str | int, int], Any, int, str | None, int]] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.doubts: list[tuple[int, str]] = []
        self.key: Any = _NONE
        self.key_line = 0

    def feed(self, loader: Any) -> None:
        """Take all events of one document."""
        started = False
        while loader.check_event():
            event = loader.get_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.scalar(event)
            elif kind is yaml.MappingStartEvent:
                self.open({}, event)
            elif kind is yaml.SequenceStartEvent:
                self.open([], event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.close()
            elif kind is yaml.AliasEvent:
                self.alias(event)
            elif kind is yaml.DocumentStartEvent:
                if started:
                    raise Unreadable(event.start_mark.line + 1, "a second document without a line of ---")
                started = True

    def scalar(self, event: Any) -> None:
        """Take a scalar: a key when one is awaited, else a value."""
        self.at = event.start_mark.line + 1
        tag = event.tag
        if tag is None or tag == "!":
            value = self.resolve(event.value) if event.implicit[0] else event.value
            if event.implicit[0] and value in AMBIGUOUS:
                self.doubts.append((self.at, event.value))
        else:
            value = tagged(tag, event.value)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self.put(value, 1, event.implicit[0])

    def put(self, value: Any, size: int, bare: bool = False) -> None:
        """Put a value where it belongs."""
        self.values += size
        if self.values > MAX_VALUES:
            raise Unreadable(self.at, f"more than {MAX_VALUES} values, those of anchors counted as often as they are used")
        if not self.stack:
            self.top, self.first = value, self.at
            return
        holder, marks = self.stack[-1][:2]
        if isinstance(holder, list):
            marks[len(holder)] = self.at
            holder.append(value)
        elif self.key is _NONE:
            self.key, self.key_line = _Merge if value == "<<" and bare else key_text(value, self.at), self.at
        else:
            key, self.key = self.key, _NONE
            if key is _Merge:
                self.merge(holder, value)
            else:
                holder[key] = value
                marks[key] = self.key_line

    def open(self, value: Any, event: Any) -> None:
        """Start a mapping or list."""
        self.at = event.start_mark.line + 1
        if len(self.stack) >= MAX_LEVELS:
            raise Unreadable(self.at, f"more than {MAX_LEVELS} levels")
        if self.stack and self.key is _NONE and isinstance(self.stack[-1][0], dict):
            raise Unreadable(self.at, "a key that is no text")
        marks: dict[str | int, int] = {}
        self.lines[id(value)] = marks
        if not self.stack:
            self.first = self.at
        self.stack.append((value, marks, self.key, self.key_line, event.anchor, self.at))
        if event.anchor:
            self.anchors.pop(event.anchor, None)
        self.key = _NONE
        self.values += 1

    def close(self) -> None:
        """End a mapping or list and puts it where it belongs."""
        value, _, self.key, self.key_line, anchor, self.at = self.stack.pop()
        if anchor:
            self.anchors[anchor] = (value, _size(value, self.lines))
        if self.stack:
            self.put(value, 0)
        else:
            self.top = value

    def alias(self, event: Any) -> None:
        """Take what an anchor stands for."""
        self.at = event.start_mark.line + 1
        if event.anchor not in self.anchors:
            raise Unreadable(self.at, f"anchor '{event.anchor[:60]}' that is not defined before")
        value, size = self.anchors[event.anchor]
        if isinstance(value, dict | list) and self.stack and self.key is _NONE and isinstance(self.stack[-1][0], dict):
            raise Unreadable(self.at, "a key that is no text")
        self.put(value, size)

    def merge(self, holder: dict[Any, Any], value: Any) -> None:
        """Add the keys of other mappings that are not there yet."""
        for other in value if isinstance(value, list) else [value]:
            if not isinstance(other, dict):
                raise Unreadable(self.at, "a merge of something that is no mapping")
            for key, inner in other.items():
                if key not in holder:
                    holder[key] = inner
                    self.lines[id(holder)][key] = self.key_line


_NONE: Final = object()
_Merge: Final = object()


def _size(value: Any, lines: dict[int, dict[str | int, int]]) -> int:
    """Count the values inside, those of aliases as often as they are used."""
    count, waiting = 0, [value]
    while waiting and count <= MAX_VALUES:
        one = waiting.pop()
        count += 1
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return count


def key_text(key: Any, line: int) -> str:
    """Return a key as JSON would have it."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, dict | list):
        raise Unreadable(line, "a key that is no text")
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if not isinstance(key, int) or key.bit_length() < 256 else "number"
