"""Makes plain data of the events of a YAML document, without recursion, within bounds, with the line of every key and item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import yaml

from kaito_iac.kubernetes.scalar import AMBIGUOUS, as_settings, plain, tagged

MAX_LEVELS: Final = 64
"""Deepest nesting that is read."""
MAX_VALUES: Final = 100_000
"""Most values of a document, those of aliases counted as often as they are used."""


class Unreadable(ValueError):
    """Report on which line of a document reading stops, and why."""

    def __init__(self, line: int, reason: str, *, syntax: bool = False) -> None:
        self.line = line
        self.reason = reason
        self.syntax = syntax
        """Whether the text is no YAML at all."""
        super().__init__(reason)


def key_text(key: Any) -> str | None:
    """Return a key as JSON would have it; None: it cannot be one."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, dict | list):
        return None
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if not isinstance(key, int) or key.bit_length() < 256 else "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one reader of YAML takes scalars."""

    plain: Callable[[str], Any]
    """Value of a scalar without quotes."""
    tagged: Callable[[str, str], Any]
    """Value of a scalar by the tag before it."""
    key: Callable[[Any], str | None] = key_text
    """A scalar as a key; None: it cannot be one."""
    doubtful: frozenset[str] = frozenset()
    """Scalars without quotes that other readers take for something else."""


KUBECTL: Final = Dialect(plain=plain, tagged=tagged, doubtful=AMBIGUOUS)
"""As kubectl, kustomize and Helm read: by the words and numbers of YAML 1.1."""
SETTINGS: Final = Dialect(plain=as_settings, tagged=tagged)
"""As files of ours are read, presets and quotas: the same, but a number with a fraction stays one."""


class Builder:
    """One document in the making."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.resolve = dialect.plain
        self.top: Any = None
        self.first = 1
        self.at = 1
        self.values = 0
        self.lines: dict[int, dict[str | int, int]] = {}
        self.stack: list[tuple[Any, dict[str | int, int], Any, int, str | None, int]] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.doubts: list[tuple[int, str]] = []
        self.repeated: list[tuple[int, str]] = []
        self.merged: set[tuple[int, str]] = set()
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
                    message = "a second document" if event.explicit else "a second document without a line of ---"
                    raise Unreadable(event.start_mark.line + 1, message)
                started = True

    def scalar(self, event: Any) -> None:
        """Take a scalar: a key when one is awaited, else a value."""
        self.at = event.start_mark.line + 1
        tag = event.tag
        if tag is None or tag == "!":
            value = self.resolve(event.value) if event.implicit[0] else event.value
            if event.implicit[0] and event.value in self.dialect.doubtful:
                self.doubts.append((self.at, event.value))
        else:
            value = self.dialect.tagged(tag, event.value)
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
            self.key, self.key_line = _Merge if value == "<<" and bare else self.named(value), self.at
        else:
            key, self.key = self.key, _NONE
            if key is _Merge:
                self.merge(holder, value)
            else:
                if key in marks and (id(holder), key) not in self.merged:
                    self.repeated.append((self.key_line, key))
                holder[key] = value
                marks[key] = self.key_line

    def named(self, value: Any) -> str:
        """Return a key as text."""
        key = self.dialect.key(value) if not isinstance(value, dict | list) else None
        if key is None:
            raise Unreadable(self.at, "a key that is no text")
        return key

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
        """End a mapping or list and put it where it belongs."""
        value, _, self.key, self.key_line, anchor, self.at = self.stack.pop()
        if anchor:
            self.anchors[anchor] = (value, _size(value))
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
                    self.merged.add((id(holder), key))


_NONE: Final = object()
_Merge: Final = object()


def _size(value: Any) -> int:
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
