"""A project made of a template: its files, its name and its configuration, written where nothing is."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.kubernetes.yaml_file import load_yaml
from kaito_iac.problem import Problem
from kaito_iac.templates.build import variables
from kaito_iac.templates.table import PROGRAM, Template

EXISTS: Final = "KO495"
UNKNOWN: Final = "KS102"
_ELSEWHERE: Final = "name another folder: -o DIR"
NAMES: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
"""What Pulumi takes for the name of a project."""
STACK: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class NotWritten(Exception):
    """Report why a project is not written: nothing of it is."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].headline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value that can be given."""

    name: str
    description: str
    default: str
    type: str = "string"


def templates_folder() -> Path:
    """Return the folder of the templates, inside the installed package or beside it in a checkout."""
    inside = Path(__file__).parent / "files"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def _files(template: Template) -> dict[str, str]:
    folder = templates_folder() / template.name
    found = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def _declared(template: Template) -> dict[str, Any]:
    if template.kind != PROGRAM:
        return {}
    file = templates_folder() / template.name / "Pulumi.yaml"
    document, _ = load_yaml(file, str(file), code=UNKNOWN, top="a mapping")
    return dict(document.data) if document is not None else {}


def values_of(template: Template) -> tuple[Value, ...]:
    """Return what a template asks for, with its defaults."""
    declared = _declared(template).get("config") or {}
    found = [
        Value(name=name, description=row["description"], default=_text(row.get("default", "")), type=row["type"])
        for name, row in declared.items()
    ]
    asked = template.questions.items()
    return (*found, *(Value(name=name, description=one.description, default=one.default) for name, one in asked))


def _text(value: Any) -> str:
    import json

    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def problems_of(template: Template, name: str, stack: str, given: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with a name, a stack and values."""
    problems = []
    accepted = "letters, digits, '-', '_' and '.', at most 100"
    if not NAMES.fullmatch(name):
        problems.append(Problem(UNKNOWN, "name", repr(name), accepted))
    if not STACK.fullmatch(stack):
        problems.append(Problem(UNKNOWN, "stack", repr(stack), accepted))
    known = {value.name: value for value in values_of(template)}
    for key, value in given.items():
        if key not in known:
            near = did_you_mean(nearest(key, tuple(known))[:1])
            message = f"one of {', '.join(known)}" if known else "no configuration: this template asks for none"
            problems.append(Problem(UNKNOWN, f"config {key}", "an unknown key", message, near))
        elif not _fits(known[key].type, value):
            problems.append(Problem(UNKNOWN, f"config {key}", repr(value), f"a value of type {known[key].type}"))
    return tuple(problems)


def _fits(kind: str, value: str) -> bool:
    import json

    try:
        read = json.loads(value)
    except ValueError:
        return kind == "string"
    kinds = {"integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list}
    wanted: Any = kinds.get(kind, object)
    return isinstance(read, wanted) and not (isinstance(read, bool) and kind in ("integer", "number"))


def project_files(template: Template, name: str, stack: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a project by name, filled with its name and values."""
    declared = _declared(template)
    message = str((declared.get("template") or {}).get("description", template.title))
    filled = {"PROJECT": name, "DESCRIPTION": message, **variables(template, given)}
    found = {path: _filled(text, filled) for path, text in _files(template).items()}
    if template.kind == PROGRAM:
        found["Pulumi.yaml"] = found["Pulumi.yaml"].partition("\ntemplate:\n")[0].rstrip() + "\n"
        config = {value.name: value for value in values_of(template)}
        stated = {key: value for key, value in given.items() if value != config[key].default}
        if stated:
            found[f"Pulumi.{stack}.yaml"] = _stack_file(name, stated, config)
    return found


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{([A-Z_]+)\}", lambda found: values.get(found[1], found[0]), text)


def _stack_file(name: str, stated: Mapping[str, str], config: Mapping[str, Value]) -> str:
    import json

    rows = "".join(
        f"  {name}:{key}: {value if config[key].type != 'string' else json.dumps(value, ensure_ascii=False)}\n"
        for key, value in stated.items()
    )
    return f"config:\n{rows}"


def write_project(folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the files of a project; raises NotWritten where one of them exists, and then writes none."""
    targets = {folder / name: text for name, text in files.items()}
    there = [Problem(EXISTS, str(path), "exists", "a new file", _ELSEWHERE) for path in targets if _exists(path)]
    blocked = next((parent for parent in (folder, *folder.parents) if parent.exists() and not parent.is_dir()), None)
    if blocked is not None:
        there = [Problem(EXISTS, str(blocked), "is no folder", "a folder, or nothing", _ELSEWHERE)]
    linked = sorted({str(parent) for path in targets for parent in _between(folder, path) if parent.is_symlink()})
    there += [Problem(EXISTS, parent, "is a link", "a folder, or nothing", _ELSEWHERE) for parent in linked]
    if there:
        raise NotWritten(tuple(there))
    _write_new(targets)
    return tuple(targets)


def _between(folder: Path, path: Path) -> tuple[Path, ...]:
    """Return the folders of a file inside the folder of the project."""
    return tuple(parent for parent in path.parents if parent.is_relative_to(folder) and parent != folder)


def _write_new(targets: Mapping[Path, str]) -> None:
    """Write files that are not there; where that ends early, none of them stays. Raises OSError."""
    made: list[Path] = []
    try:
        for path, text in targets.items():
            made += reversed([parent for parent in path.parents if not parent.exists()])
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                made.append(path)
                stream.write(text)
    except OSError:
        for one in reversed(made):
            with contextlib.suppress(OSError):
                one.rmdir() if one.is_dir() else one.unlink()
        raise


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()
