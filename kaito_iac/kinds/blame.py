"""Finds the argument that decides a value of a manifest: the lines of the `…Args` dictionary, read backwards."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from kaito_iac.kinds.rows import inner_args, lines_of

Path = tuple[str | int, ...]
ANY: Final = -1
"""Stands for any index of a list."""
PART: Final = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


class Place(NamedTuple):
    """Where an argument is in a manifest."""

    path: Path
    argument: Path
    leaf: bool
    """Whether the argument holds what the manifest has there, instead of arguments of its own."""


@cache
def parts(path: str) -> Path:
    """Return the parts of a path of a line; a bracket holds an index, or a key with dots."""
    return tuple(int(key) if key.isdecimal() else key or name for key, name in PART.findall(path))


@cache
def places(args: type) -> tuple[Place, ...]:
    """Return the places of all arguments of a dictionary, and of those inside them."""
    return tuple(_places(args))


def _places(args: type) -> Iterator[Place]:
    inner = inner_args(args)
    for name, line in lines_of(args).items():
        if line.at is None:
            continue
        path = parts(line.at.path)
        yield Place(path, (name,), name not in inner)
        item: Path = (ANY,) if typing.get_origin(line.hint) is list else ()
        if item:
            yield Place((*path, *item), (name, *item), name not in inner)
        for one in places(inner[name]) if name in inner else ():
            yield Place((*path, *item, *one.path), (name, *item, *one.argument), one.leaf)


def blame(args: type, path: Path) -> str | None:
    """Return the argument that sets the value at a path, as the user writes it; None: no argument sets it."""
    found = [(len(one.path) + more, one, tail) for more, tail in _readings(path) for one in places(args) if _inside(one, tail)]
    if not found:
        return None
    _, place, tail = max(found, key=lambda one: one[0])
    indices = [part for part, wanted in zip(tail, place.path, strict=False) if wanted == ANY]
    argument = [indices.pop(0) if part == ANY else part for part in place.argument]
    return written((*argument, *(tail[len(place.path) :] if place.leaf else ())))


def _readings(path: Path) -> Iterator[tuple[int, Path]]:
    """Return a path, and what it is in the Workspace that a set makes; each with the parts that it is longer by."""
    yield 0, path
    if path[:2] == ("spec", "template"):
        yield 2, path[2:]
    elif path[:2] == ("spec", "labelSelector"):
        yield 0, ("resource", *path[1:])


def _inside(place: Place, path: Path) -> bool:
    return len(place.path) <= len(path) and all(map(_same, place.path, path))


def _same(wanted: Any, part: Any) -> bool:
    if wanted == ANY:
        return isinstance(part, int)
    return bool(wanted == part or (isinstance(wanted, str) and wanted.endswith("/") and str(part).startswith(wanted)))


def written(path: Path) -> str:
    """Return the path of an argument as messages have it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
