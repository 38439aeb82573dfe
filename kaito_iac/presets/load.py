"""Finds preset files by name, shipped ones and those of a user's folders, and reads them into checked presets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from kaito_iac.catalog.find import nearest
from kaito_iac.presets.yaml_file import MAX_BYTES, Document, read_yaml, too_long
from kaito_iac.problem import Problem

_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][-.A-Za-z0-9]{0,62}")
"""What may be looked up on disk: no name that a preset could not have, no wildcard, no way out of the folder."""


@cache
def shipped_folder() -> Path:
    """Gives the folder of the shipped presets: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "files"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "presets"


def preset_files(folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Gives every preset file by preset name; a user's folder wins over the shipped ones, an earlier over a later one."""
    files: dict[str, Path] = {}
    for folder in (*folders, shipped_folder()):
        for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("*/*.yaml"))):
            if path.is_file():
                files.setdefault(path.stem, path)
    return files


def find_file(name: str, folders: Sequence[Path] = ()) -> Path | None:
    """Gives the file of a preset name without reading any file; it lies in a folder itself or one level below."""
    if not _FILE_NAME.fullmatch(name):
        return None
    for folder in (*folders, shipped_folder()):
        for path in (folder / f"{name}.yaml", *sorted(folder.glob(f"*/{name}.yaml"))):
            if path.is_file():
                return path
    return None


def name_problem(name: str, path: str, folders: Sequence[Path] = ()) -> Problem:
    """Says that a name is no preset, and what may have been meant."""
    names = nearest(name, tuple(preset_files(folders)))
    meant = f"did you mean {' or '.join(repr(near) for near in names)}?" if names else ""
    return Problem(
        "KS101", path, f"'{name}' is not a preset", "a name from `kaito-iac presets`, or an `organisation/model`", meant
    )


def read_preset(path: Path, name: str | None = None) -> tuple[Any, list[Problem]]:
    """Reads a preset file; gives the preset, or None and every problem with file and line."""
    shown = name or path.name
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return None, [too_long(shown)]
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else "no UTF-8 text"
        return None, [Problem("KS107", shown, told, "a readable YAML file")]
    document, problems = read_yaml(text, shown)
    if document is None:
        return None, problems
    preset, problems = _validate(document, shown)
    if preset is not None and preset.name != path.stem:
        told = f"'{preset.name}' in a file called {path.name}"
        return None, [Problem("KS107", f"{shown}:{document.line(('name',))}", told, f"name: {path.stem}", "rename one of them")]
    return preset, problems


def _validate(document: Document, shown: str) -> tuple[Any, list[Problem]]:
    from pydantic import ValidationError

    from kaito_iac.presets.schema import ADAPTER

    try:
        return ADAPTER.validate_python(document.data), []
    except ValidationError as error:
        return None, list(_problems(error.errors(include_url=False), document, shown))


def _problems(found: Sequence[Any], document: Document, shown: str) -> Iterator[Problem]:
    kinds = {"inference", "tuning", "rag"}
    for entry in found:
        loc = tuple(part for index, part in enumerate(entry["loc"]) if not (index == 0 and part in kinds))
        path = ".".join(str(part) for part in loc)
        where = f"{shown}:{document.line(loc)}"
        if entry["type"] in ("union_tag_invalid", "union_tag_not_found"):
            kind = document.data.get("kind")
            yield Problem("KS107", f"{shown}:{document.line(('kind',))}", f"kind: {kind!r}", "inference, tuning or rag")
        elif entry["type"] == "extra_forbidden":
            yield Problem("KS107", where, f"{path}: a key nobody knows", "a key of `kaito-iac presets schema`")
        elif entry["type"] == "missing":
            yield Problem("KS107", where, f"{path}: missing", "this key", f"add {path}")
        else:
            value = repr(entry.get("input"))
            told = entry["msg"][0].lower() + entry["msg"][1:]
            yield Problem("KS107", where, f"{path}: {value if len(value) < 60 else value[:57] + '...'}", told)
