"""Write a program into a folder, never over a file of another origin, or one that was edited since."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from kaito_iac.errors import SpecError
from kaito_iac.files import PLAN_BYTES, FileError, read_bytes, write_folder
from kaito_iac.problem import Problem

_MARK: Final = re.compile(r"# Written by kaito-iac convert \(([0-9a-f]{12})\); not overwritten once it is edited\.\n")


def marked(text: str) -> str:
    """Return a text with a first line that shows whether it was edited since."""
    return f"# Written by kaito-iac convert ({_digest(text)}); not overwritten once it is edited.\n{text}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write(folder: Path, text: str) -> tuple[Path, ...]:
    """Write __main__.py and Pulumi.yaml; raises SpecError, and write nothing, where one is not ours."""
    texts = {"__main__.py": marked(text), "Pulumi.yaml": marked(_project(folder))}
    foreign = [name for name in texts if not _ours(folder / name)]
    if foreign:
        found, fix = "a file that convert has not written, or that was edited since", "choose an empty folder"
        raise SpecError("Convert", [Problem("KS105", name, found, "a folder without it", fix) for name in foreign])
    write_folder(folder, texts, "Pulumi.yaml")
    return tuple(folder / name for name in texts)


def _project(folder: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-.")[:100] or "converted"
    return f'name: "{name}"\ndescription: Kubernetes objects converted from manifests.\nruntime: python\n'


def _ours(file: Path) -> bool:
    if not file.exists() and not file.is_symlink():
        return True
    if file.is_symlink() or not file.is_file():
        return False
    try:
        text = read_bytes(file, PLAN_BYTES).decode("utf-8", errors="replace")
    except FileError:
        return False
    found = _MARK.match(text)
    return found is not None and found.group(1) == _digest(text[found.end() :])
