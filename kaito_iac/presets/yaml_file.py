"""Reads one YAML document safely and remembers on which line every value stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from kaito_iac.problem import Problem

MAX_BYTES: Final = 65536
"""Longest file that is read."""

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a document."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """A mapping and the line of each of its values, counted from 1."""

    data: dict[str, Any]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """Gives the line of a value; of the nearest one around it when it is not there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, name: str) -> tuple[Document | None, list[Problem]]:
    """Reads a document whose top is a mapping; every problem names the file and a line."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        return None, [Problem("KS107", name, f"file of more than {MAX_BYTES} bytes", "a short YAML file")]
    try:
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or str(error).splitlines()[0]
        return None, [Problem("KS107", f"{name}:{mark.line + 1 if mark else 1}", f"no YAML: {told}", "a YAML mapping")]
    if not isinstance(node, yaml.MappingNode):
        return None, [Problem("KS107", f"{name}:1", "no mapping at the top", "keys such as kind, name and why")]
    lines: dict[Path, int] = {}
    problems = list(_walk(node, (), name, lines, set()))
    if problems:
        return None, problems
    try:
        return Document(_Loader(text).get_single_data(), lines), []
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        return None, [
            Problem(
                "KS107", f"{name}:{mark.line + 1 if mark else 1}", f"no plain value: {str(error).splitlines()[0]}", "plain YAML"
            )
        ]


def _walk(node: yaml.Node, path: Path, name: str, lines: dict[Path, int], seen: set[int]) -> Iterator[Problem]:
    line = node.start_mark.line + 1
    lines[path] = line
    if id(node) in seen:
        yield Problem("KS107", f"{name}:{line}", "an anchor used twice", "values written out")
        return
    seen.add(id(node))
    if len(path) > 20:
        yield Problem("KS107", f"{name}:{line}", "more than 20 levels", "a flat file")
        return
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
