"""A Pulumi project on disk: where it is, what it declares, and where its program starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kaito_iac.kubernetes.yaml_file import load_yaml
from kaito_iac.offline.go_yaml import PULUMI, iso
from kaito_iac.offline.recording import Refusal
from kaito_iac.problem import Problem

NO_PROGRAM: Final = "KO480"
OTHER_RUNTIME: Final = "KO481"
_NAMES: Final = ("Pulumi.yaml", "Pulumi.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a Pulumi.yaml says."""

    name: str
    file: Path
    entry: Path
    """The file that runs."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """The declared config, as written."""
    config_folder: Path
    """Where the `Pulumi.<stack>.yaml` files are."""

    @property
    def folder(self) -> Path:
        """Return the folder of the program: its working directory."""
        return self.entry.parent


def load(program: Path) -> Project:
    """Find the project of a program; refuse what is no Python program, saying all that is wrong."""
    program = program.expanduser().absolute()
    file = _project_file(program)
    content = read_yaml(file)
    problems = [*_runtime_problems(content, file)]
    name = content.get("name")
    if not isinstance(name, str) or not name:
        problems.append(Problem(NO_PROGRAM, f"{file.name}: name", "missing", "the name of the project"))
    config = content.get("config")
    if config is not None and not isinstance(config, dict | str):
        problems.append(Problem(NO_PROGRAM, f"{file.name}: config", "neither a mapping nor a folder", "keys and their types"))
    if problems:
        raise Refusal(f"Program {str(program)!r} cannot run offline", problems)
    folder = content.get("stackConfigDir") or (config if isinstance(config, str) else "")
    config_folder = file.parent / str(folder)
    try:
        entry = _entry(program, file, content)
        config_folder.is_dir()
    except OSError as error:  # such as a name that is longer than the system takes
        message = f"names a path that cannot be looked at: {error.strerror}"
        raise _refusal(file.name, message, "folders that exist in main and stackConfigDir") from None
    return Project(
        name=str(name),
        file=file,
        entry=entry,
        config=iso(config) if isinstance(config, dict) else {},
        config_folder=config_folder,
    )


def read_yaml(file: Path) -> dict[str, Any]:
    """Return the mapping a YAML file holds, as the Pulumi CLI reads it; an empty file holds an empty one."""
    document, problems = load_yaml(file, str(file), code=NO_PROGRAM, top="a mapping", dialect=PULUMI, empty=True)
    if document is None:
        raise Refusal("The program cannot run offline", problems)
    found: dict[str, Any] = document.data
    return found


_PROGRAM: Final = "a folder with a stack program, its __main__.py or its Pulumi.yaml"


def _project_file(program: Path) -> Path:
    if not program.exists():
        raise _refusal(str(program), "does not exist", _PROGRAM, "correct the path; `kaito-iac init` writes a new program")
    if program.name in _NAMES:
        return program
    if program.is_file() and program.suffix != ".py":
        raise _refusal(str(program), "no program", _PROGRAM)
    for folder in (program if program.is_dir() else program.parent, *program.parents):
        for name in _NAMES:
            if (folder / name).is_file():
                return folder / name
    raise _refusal(
        str(program), "no Pulumi.yaml here or above", "a Pulumi project", "run `kaito-iac init`, or pass the folder of a program"
    )


def _runtime_problems(content: dict[str, Any], file: Path) -> list[Problem]:
    runtime = content.get("runtime")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name == "python":
        return []
    found = "missing" if name is None else f"{name!r}"
    fix = "" if name is None else "kaito-iac plan --preview plans it with the Pulumi CLI"
    return [Problem(OTHER_RUNTIME, f"{file.name}: runtime", found, "python, the only language that runs offline", fix)]


def _entry(program: Path, file: Path, content: dict[str, Any]) -> Path:
    """Return the file to run: the one named, the one in the folder named, or the one that `main` points at."""
    if program.is_file() and program.suffix == ".py":
        return program
    if program.is_dir() and program != file.parent:
        target = program
    else:
        target = file.parent / str(content.get("main") or "")
    entry = target / "__main__.py" if target.is_dir() else target
    if not entry.is_file():
        raise _refusal(str(target), "no __main__.py", "a Python program", "write one, or point `main` in Pulumi.yaml at it")
    return Path(os.path.realpath(entry))


def _refusal(path: str, found: str, accepted: str, fix: str = "") -> Refusal:
    return Refusal("The program cannot run offline", [Problem(NO_PROGRAM, path, found, accepted, fix)])
