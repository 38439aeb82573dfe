"""Reads preset files into checked presets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.files import read_text, reason
from kaito_iac.kubernetes.document import Document
from kaito_iac.kubernetes.yaml_file import read_yaml
from kaito_iac.presets.files import preset_files, shipped_files
from kaito_iac.presets.record import record
from kaito_iac.problem import Problem

_SAID: Final = (
    ("Input should be a valid dictionary", "keys and values"),
    ("Input should be a valid string", "text"),
    ("Input should be a valid integer", "a whole number"),
    ("Input should be greater than or equal to ", "at least "),
    ("Input should be less than or equal to ", "at most "),
    ("Input should be ", ""),
    ("String should have ", ""),
    ("String should match pattern ", "text of the form "),
)
"""How pydantic begins, and how we go on after `expected`; the first that fits counts."""


def name_problem(name: str, path: str, folders: Sequence[Path] = ()) -> Problem:
    """Report that a name is no preset, and what may have been meant."""
    fix = did_you_mean(nearest(name, tuple(preset_files(folders))))
    return Problem("KS101", path, f"'{name}' is not a preset", "a name from `kaito-iac presets`, or an `organisation/model`", fix)


def read_preset(path: Path, name: str | None = None) -> tuple[Any, list[Problem]]:
    """Read a preset file; return the preset, or None and every problem with file and line.

    A file that has not changed since is not read again: a program with many components gets one shared preset.
    """
    shown = name or path.name
    try:
        stated = path.stat()
        version = (stated.st_ino, stated.st_mtime_ns, stated.st_ctime_ns, stated.st_size)
        preset, problems = _read(path, shown, version)
    except (OSError, ValueError) as error:
        return None, [Problem("KS107", shown, reason(error), "a readable YAML file")]
    return preset, list(problems)


@lru_cache(maxsize=512)
def _read(path: Path, shown: str, version: tuple[int, ...]) -> tuple[Any, tuple[Problem, ...]]:
    """Read one version of a file; what it raises is not remembered."""
    document, problems = read_yaml(read_text(path), shown)
    if document is None:
        return None, tuple(problems)
    preset, problems = (record(document.data), []) if _is_shipped(path) else _validate(document, shown)
    if preset is not None and preset.name != path.stem:
        message = f"'{preset.name}' in a file called {path.name}"
        where = f"{shown}:{document.line_of(('name',))}"
        return None, (Problem("KS107", where, message, f"name: {path.stem}", "rename one of them"),)
    return preset, tuple(problems)


def _is_shipped(path: Path) -> bool:
    """Report whether a file is one of ours: tests validate every one of them, and validation takes longer than a plan."""
    return shipped_files().get(path.stem) == path


def _validate(document: Document, shown: str) -> tuple[Any, list[Problem]]:
    from pydantic import ValidationError

    from kaito_iac.presets.schema import ADAPTER

    try:
        ADAPTER.validate_python(document.data)
    except ValidationError as error:
        found = {_location(entry): entry for entry in error.errors(include_url=False)}
        ordered = sorted(found.items(), key=lambda item: document.line_of(item[0]))
        return None, [_problem(entry, location, document, shown) for location, entry in ordered]
    return record(document.data), []


def _location(entry: Any) -> tuple[str | int, ...]:
    """Return where an entry is about, without what pydantic adds for kinds and for alternatives of a value."""
    location = tuple(entry["loc"])
    if entry["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return ("kind",)
    if location[:1] and location[0] in ("inference", "tuning", "rag"):
        location = location[1:]
    return location[:2] if location[:1] == ("vllm",) else location


def _problem(entry: Any, location: tuple[str | int, ...], document: Document, shown: str) -> Problem:
    path = ".".join(str(part) for part in location)
    where = f"{shown}:{document.line_of(location)}"
    if entry["type"] == "extra_forbidden":
        return Problem("KS107", where, f"{path}: an unknown key", "a key of `kaito-iac presets schema`")
    if entry["type"] in ("missing", "union_tag_not_found") and path not in document.data:
        return Problem("KS107", where, f"{path}: missing", "this key", f"add {path}")
    value = repr(document.data.get("kind") if path == "kind" else entry.get("input"))
    expected = _accepted(entry["msg"])
    if path == "kind":
        expected = "inference, tuning or rag"
    elif location[0] == "vllm" and len(location) > 1:
        expected = "text, a number, true or false"
    return Problem("KS107", where, f"{path}: {value if len(value) < 60 else value[:57] + '...'}", expected)


def _accepted(message: str) -> str:
    """Return what pydantic would accept as words that follow `expected`."""
    for start, instead in _SAID:
        if message.startswith(start):
            return f"{instead}{message.removeprefix(start)}"
    return message[0].lower() + message[1:]
