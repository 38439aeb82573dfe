"""Which Python runs a stack program: that of its own environment where Pulumi.yaml names one that exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kaito_iac.files import FileError, read_bytes, read_text
from kaito_iac.project_url import pip_install

_PLACES: Final = ("bin/python", "Scripts/python.exe")
_NAMES: Final = ("Pulumi.yaml", "Pulumi.yml")
_NAMED: Final = re.compile(r"^ +virtualenv: +([\w./-]+) *$", re.MULTILINE)
"""An environment named as most project files do."""
_WORDS: Final = (b"virtualenv", b"toolchain")
"""A project file without any of these names no environment."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One Python."""

    path: str
    own: bool
    """Whether it is the one that runs this process."""
    missing: str = ""
    """The environment that the project names and that does not exist; this Python is used instead."""
    add: str = pip_install()
    """The command that installs kaito-iac there."""
    toolchain: str = "pip"
    """What makes the environment: pip, uv or poetry."""


def of_program(program: Path) -> Interpreter:
    """Return the Python that `pulumi up` would run the program with, as far as the project names one."""
    file = project_file(program)
    if file is not None and _names_own(file):
        return Interpreter(sys.executable, own=True)
    options = _options(file) if file is not None else {}
    toolchain = _toolchain(file.parent, options) if file is not None else "pip"
    folder = _environment(file.parent, options, toolchain) if file is not None else None
    if folder is None:
        return Interpreter(sys.executable, own=True)
    python = next((folder / place for place in _PLACES if (folder / place).is_file()), None)
    if python is None:
        return Interpreter(sys.executable, own=True, missing=str(folder), toolchain=toolchain)
    if _is_same(folder, Path(sys.prefix)):
        return Interpreter(sys.executable, own=True)
    add = f"{python} -m {pip_install()}" if toolchain == "pip" else pip_install().replace("pip install", f"{toolchain} add")
    return Interpreter(str(python), own=False, add=add, toolchain=toolchain)


def project_file(program: Path) -> Path | None:
    """Return the project file of a program; the run reports what is wrong with it."""
    place = Path(os.path.abspath(program.expanduser()))
    if place.name in _NAMES:
        return place if place.is_file() else None
    for folder in (place, *place.parents):
        for name in _NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def _names_own(file: Path) -> bool:
    """Report whether the one environment that a project file can mean is that of this process; YAML is not needed for it."""
    try:
        text = read_text(file)
    except FileError:
        return False
    named = _NAMED.findall(text)
    if text.count("virtualenv") != 1 or len(named) != 1 or "toolchain" in text:
        return False
    return _is_same(file.parent / named[0], Path(sys.prefix))


def _options(file: Path) -> Mapping[str, Any]:
    """Return the options of the runtime; the file is parsed only when it holds one of the words that matter."""
    try:
        text = read_bytes(file)
    except FileError:
        return {}
    if not any(word in text for word in _WORDS):
        return {}
    from kaito_iac.offline.project import read_yaml
    from kaito_iac.offline.recording import Refusal

    try:
        runtime = read_yaml(file).get("runtime")
    except Refusal:
        return {}
    options = runtime.get("options") if isinstance(runtime, dict) else None
    return options if isinstance(options, dict) else {}


def _toolchain(root: Path, options: Mapping[str, Any]) -> str:
    """Return what makes the environment: the named toolchain, else that of a lock file in or above the project, else pip."""
    named = options.get("toolchain")
    if named in ("pip", "uv", "poetry"):
        return str(named)
    return next((tool for tool in ("uv", "poetry") if _above(root, f"{tool}.lock")), "pip")


def _above(root: Path, name: str) -> Path | None:
    """Return the nearest folder, the project's or one above it, that holds a file."""
    return next((folder for folder in (root, *root.parents) if (folder / name).is_file()), None)


def _environment(root: Path, options: Mapping[str, Any], toolchain: str) -> Path | None:
    """Return the folder of the environment that the options name, as Pulumi's Python host finds it; None where there is none."""
    if toolchain == "poetry":  # it has its own answer, whatever else is named
        return _of_poetry(root)
    if named := options.get("virtualenv"):
        return Path(os.path.abspath(root / Path(str(named)).expanduser()))
    if toolchain == "uv":
        beside = _above(root, "uv.lock") or _above(root, "pyproject.toml") or root
        return Path(os.path.abspath(beside / (os.environ.get("UV_PROJECT_ENVIRONMENT") or ".venv")))
    return None


def _of_poetry(root: Path) -> Path:
    """Return where poetry keeps the environment of a project; `.venv` beside it when poetry cannot be asked."""
    command = ["poetry", "env", "info", "--path"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return root / ".venv"
    return Path(done.stdout.strip() or root / ".venv")


def _is_same(folder: Path, other: Path) -> bool:
    try:
        return folder.samefile(other)
    except OSError:
        return False
