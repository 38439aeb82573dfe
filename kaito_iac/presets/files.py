"""Where preset files are, shipped ones and those of a user's folders; none of them is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][-.A-Za-z0-9]{0,62}")
"""What may be looked up on disk: no name that a preset could not have, no wildcard, nothing outside the folder."""


@cache
def shipped_folder() -> Path:
    """Return the folder of the shipped presets: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "files"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "presets"


def _files_in(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("*/*.yaml"))):
        if path.is_file():
            files.setdefault(path.stem, path)
    return files


@cache
def shipped_files() -> Mapping[str, Path]:
    """Return every shipped preset file by preset name."""
    return MappingProxyType(_files_in(shipped_folder()))


def preset_files(folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Return every preset file by preset name; a user's folder wins over the shipped ones, an earlier over a later one."""
    files: dict[str, Path] = {}
    for found in (*map(_files_in, folders), shipped_files()):
        files |= {name: path for name, path in found.items() if name not in files}
    return files


def find_file(name: str, folders: Sequence[Path] = ()) -> Path | None:
    """Return the file of a preset name without reading any file; it is in a folder itself or one level below."""
    if not _FILE_NAME.fullmatch(name):
        return None
    for folder in folders:
        for path in (folder / f"{name}.yaml", *sorted(folder.glob(f"*/{name}.yaml"))):
            if path.is_file():
                return path
    return shipped_files().get(name)
