"""The command `convert`: manifests as a stack program, and what of them is not converted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kaito_iac.catalog.find import size_problems
from kaito_iac.cli.checking import no_collector
from kaito_iac.cli.escape import line
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.manifests import everything, template_note
from kaito_iac.cli.number_format import count
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.convert.component import use_components
from kaito_iac.convert.decide import Given, Outcome, may_be_object
from kaito_iac.convert.folder import marked, write
from kaito_iac.convert.program import adopts, decisions, program
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem, errors
from kaito_iac.project_url import page_url


def convert_paths(
    paths: Sequence[str],
    folder: Path | None = None,
    *,
    presets: bool = False,
    size: str | None = None,
    strictness: Strictness = LENIENT,
) -> Reply:
    """Convert everything below the paths; exit code 1 when something is not converted, 3 when something cannot be read.

    `presets`: with components where they make the same; `size`: the VM size of existing nodes.
    """
    if size is not None and (wrong := errors(size_problems(size, None, "--node-size"))):
        raise Refused("Convert", wrong)
    templates: dict[str, None] = {}
    with no_collector():
        given = [Given(one.file, one.line, one.data, one.unreadable) for one in everything(paths, templates)]
        objects = [one for one in given if one.unreadable or may_be_object(one.data)]
        found = decisions(objects)
        if presets:
            use_components(found, size)
        text = program(found, size=size, presets=presets)
    nothing = all(one.given.unreadable for one in found)
    files = [] if folder is None or nothing else [str(file) for file in _written(folder, text)]
    data = {
        "files": files,
        "program": marked(text) if folder is None else None,
        "objects": [_as_json(one, presets) for one in found],
    }
    problems = [problem for one in found for problem in _problems(one)]
    talk = [*map(template_note, templates), *_talk(found, presets, strictness, len(given) - len(objects))]
    return Reply(
        data=data,
        text=lambda page: marked(text) if folder is None else "".join(f"{line(name)}\n" for name in files),
        talk=(*talk, *strictness.notes(problems)),
        code=_code(found, strictness.code(problems)),
    )


def _written(folder: Path, text: str) -> tuple[Path, ...]:
    try:
        return write(folder, text)
    except SpecError as error:
        raise Refused(f"Convert to {folder}", error.problems) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no name of a folder"
        raise Refused(f"cannot write {folder}: {why}; name another folder with --output") from error


def _code(found: Sequence[Outcome], code: ExitCode) -> ExitCode:
    """Return the exit code: of what cannot be read, of an input without objects, else the one of the problems."""
    if any(one.given.unreadable for one in found):
        return ExitCode.REFUSED
    return code if found else ExitCode.PROBLEMS


def _problems(one: Outcome) -> list[Problem]:
    """Return why an object is not converted as a whole, or by no component."""
    return [problem for problem in (one.problem, one.plain) if problem is not None]


def _line(problem: Problem, label: str) -> str:
    """Return a problem on one line, as `check` prints it."""
    fix = f"; fix: {problem.fix}" if problem.fix else ""
    return f"{problem.severity}: {label}{problem.headline.removeprefix(': ')}{fix}"


def _talk(found: Sequence[Outcome], presets: bool, strictness: Strictness, passed: int) -> list[str]:
    """Report what is not converted, what is left out and what is written otherwise, then counts."""
    lines = []
    for one in found:
        start, about = f"{one.given.file}:{one.given.line}: ", f"{one.label}: "
        if one.problem and one.problem.code not in strictness.ignore:
            head = "not converted" if one.arguments is None else "not converted as a whole"
            lines.append(start + _line(one.problem, f"{about}{head}: "))
        if one.left_out:
            lines.append(f"{start}{about}left out, set by the cluster: {', '.join(one.left_out)}")
        if one.plain and one.plain.code not in strictness.ignore:
            lines.append(start + _line(one.plain, f"{about}plain kind: "))
        lines += [f"{start}{about}{note}" for note in one.notes]
    whole = sum(one.problem is None for one in found)
    made = f", {count(sum(one.call is not None for one in found), 'component')}" if presets else ""
    nowhere = sum((one.call is not None or one.covered) and "namespace" not in one.given.data["metadata"] for one in found)
    over = sum(bool(adopts(one)) for one in found) if presets else 0
    lines += (
        [f"{count(over, 'object')} of a cluster: adopted, not created again; see {page_url('how-to/adopt.md')}"] if over else []
    )
    lines += [f"{count(nowhere, 'object')} without a namespace: components write default"] if nowhere else []
    other = f"; {count(passed, 'other document')} passed over" if passed else ""
    return [*lines, f"{count(len(found), 'object')}, {whole or 'none'} converted as a whole{made}{other}"]


def _as_json(one: Outcome, presets: bool) -> dict[str, Any]:
    version = one.given.data.get("apiVersion") if isinstance(one.given.data, dict) else None
    return {
        "file": one.given.file,
        "line": one.given.line,
        "apiVersion": version if isinstance(version, str) else None,
        "kind": one.kind,
        "name": one.name,
        "converted": one.problem is None,
        "logicalName": one.logical,
        "component": one.call.component if one.call else None,
        "adopts": adopts(one) or None if presets else None,
        "problems": [problem.as_json() for problem in _problems(one)],
        "leftOut": one.left_out,
        "notes": one.notes,
    }
