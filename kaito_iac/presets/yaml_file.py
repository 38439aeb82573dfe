"""Reads one YAML document safely and remembers on which line every value stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from kaito_iac.problem import Problem

NO_MAPPING: Final = "no mapping"
"""Cause of the problem of a document whose top is no mapping."""
MAX_BYTES: Final = 65536
"""Longest file that is read."""

MAX_LEVELS: Final = 20
"""Deepest nesting that is read."""

MAX_BITS: Final = 64
"""Longest whole number that is read, in bits."""

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a document."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNREADABLE: Final = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError)
"""What PyYAML raises for a text it cannot read; `!!bool x` ends in a KeyError, `!!timestamp x` in an AttributeError."""


@dataclass(frozen=True, slots=True)
class Document:
    """A mapping and the line of each of its values, counted from 1."""

    data: dict[str, Any]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """Return the line of a value; of the nearest one around it when it is not there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def too_long(name: str) -> Problem:
    """Report that a file is longer than what is read."""
    return Problem("KS107", name, f"file of more than {MAX_BYTES} bytes", "a short YAML file")


def read_yaml(text: str, name: str) -> tuple[Document | None, list[Problem]]:
    """Read a document whose top is a mapping; every problem names the file and a line; no text raises."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        return None, [too_long(name)]
    try:
        if (line := _first_too_deep(text)) is not None:
            return None, [_too_deep(name, line)]
        node = yaml.compose(text, Loader=_Loader)
    except _UNREADABLE as error:
        return None, [_unreadable(error, name, "no YAML", "a YAML mapping")]
    if not isinstance(node, yaml.MappingNode):
        return None, [Problem("KS107", f"{name}:1", "no mapping at the top", "keys such as kind, name and why", cause=NO_MAPPING)]
    lines: dict[Path, int] = {}
    problems = list(_walk(node, (), name, lines, set()))
    if problems:
        return None, problems
    try:
        document = Document(_Loader(text).get_single_data(), lines)
    except _UNREADABLE as error:
        return None, [_unreadable(error, name, "no plain value", "plain YAML")]
    huge = list(_huge_numbers(document.data, ()))
    if huge:
        told = f"a whole number of more than {MAX_BITS} bits"
        return None, [Problem("KS107", f"{name}:{document.line(path)}", told, "a smaller number") for path in huge]
    return document, []


def _unreadable(error: Exception, name: str, what: str, accepted: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    told = getattr(error, "problem", None) or next(iter(str(error).splitlines()), "")
    if not isinstance(error, yaml.YAMLError | ValueError) or not told:
        told = "a value that its tag does not allow"
    elif "integer string conversion" in told:
        told = "a number of too many digits"
    return Problem("KS107", f"{name}:{mark.line + 1 if mark else 1}", f"{what}: {told}", accepted)


def _too_deep(name: str, line: int) -> Problem:
    return Problem("KS107", f"{name}:{line}", f"more than {MAX_LEVELS} levels", "a flat file")


def _first_too_deep(text: str) -> int | None:
    """Return the line where nesting gets too deep; libyaml's composer would overflow the stack on ten thousand levels."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_LEVELS:
                return event.start_mark.line + 1 if event.start_mark else 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _huge_numbers(value: Any, path: Path) -> Iterator[Path]:
    """Return the paths of whole numbers that Python itself would refuse to print."""
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _huge_numbers(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _huge_numbers(item, (*path, index))


def _walk(node: yaml.Node, path: Path, name: str, lines: dict[Path, int], seen: set[int]) -> Iterator[Problem]:
    line = node.start_mark.line + 1
    lines[path] = line
    if id(node) in seen:
        yield Problem("KS107", f"{name}:{line}", "an anchor used twice", "values written out")
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), name, lines, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                yield Problem("KS107", f"{name}:{key.start_mark.line + 1}", "a key that is no text", "keys that are text")
                continue
            if key.value in keys:
                yield Problem("KS107", f"{name}:{key.start_mark.line + 1}", f"key {key.value} a second time", "every key once")
            keys.add(key.value)
            yield from _walk(value, (*path, key.value), name, lines, seen)
            lines[*path, key.value] = key.start_mark.line + 1
