"""The commands `presets check` and `presets schema`: every problem of preset files, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.admission.training import unknown_field
from kaito_iac.catalog.find import RETIRED, find_model, model_problem, size_problems
from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.number_format import count
from kaito_iac.cli.reply import Reply, json_text
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.cli.terminal import Page
from kaito_iac.files import FileError, read_text
from kaito_iac.presets.load import read_preset
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.sizing.fit import Fit, Query, fit

if TYPE_CHECKING:
    from kaito_iac.kubernetes.document import Document
    from kaito_iac.presets.record import Preset, TuningPreset

KEYS: Final = {"model": "model", "size": "vmSize", "context": "context"}
"""Which key of a preset a question of sizing is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in one file."""

    file: str
    preset: Preset | None
    problems: tuple[Problem, ...]
    readable: bool
    answer: Fit | None = None


def reaches(preset: Preset) -> Fit | None:
    """Return what an inference preset comes to; None for other kinds."""
    if preset.kind != "inference":
        return None
    return fit(Query(model=preset.model, size=preset.vm_size, context=preset.context))


def check_file(path: Path) -> Checked:
    """Read one file and sizes what it asks for."""
    file = str(path)
    try:
        text = read_text(path)
    except FileError as error:
        wrong = Problem("KS107", file, str(error), "a readable YAML file")
        return Checked(file=file, preset=None, problems=(wrong,), readable=False)
    preset, problems = read_preset(path, file)
    if preset is None:
        return Checked(file=file, preset=None, problems=tuple(problems), readable=True)
    from kaito_iac.kubernetes.yaml_file import read_yaml

    document, _ = read_yaml(text, file)
    answer = reaches(preset)
    judged = sorted(_judged(preset, answer), key=lambda problem: _line(problem, document))
    found = tuple(_placed(problem, file, document) for problem in judged)
    return Checked(file=file, preset=preset, problems=(*problems, *found), readable=True, answer=answer)


def _judged(preset: Preset, answer: Fit | None) -> Iterator[Problem]:
    """Report what sizing finds; the path of each problem is a key of the preset."""
    from kaito_iac.resolve.engine import engine_problems  # loads the Pulumi SDK

    if answer is not None and preset.kind == "inference":
        for problem in answer.problems:
            if problem.code == "KS293" and "max-num-seqs" in preset.vllm:
                continue
            if problem.code == "KS101" and problem.cause != RETIRED and _could_be_looked_up(preset.model):
                yield _outside(preset.model)
            else:
                yield replace(problem, path=KEYS.get(problem.path, problem.path))
        for key, value in preset.vllm.items():
            yield from engine_problems(key, value)
    elif preset.kind == "tuning":
        yield from _tuning(preset)
    if preset.kind != "inference" and preset.vm_size is not None:
        yield from size_problems(preset.vm_size, None, "vmSize")


def _could_be_looked_up(model: str) -> bool:
    return model.count("/") == 1 and all(model.split("/"))


def _outside(model: str) -> Problem:
    message = f"'{model}' is not in the catalogue: KAITO would look it up on Hugging Face, so it cannot be sized here"
    near = model_problem(model, "model").fix
    fix = f"give the Workspace model_facts, or size it with `kaito-iac fit`{f'; or: {near}' if near else ''}"
    return Problem("KS217", "model", message, "a name from `kaito-iac models`", fix, "warning")


def _tuning(preset: TuningPreset) -> Iterator[Problem]:
    card = find_model(preset.model)
    if card is None:
        yield model_problem(preset.model, "model")
        return
    for section, fields in preset.training.items():
        for field in fields:
            if wrong := unknown_field(section, field):
                path = ".".join(("training", *wrong.path))
                yield Problem("KS226", path, wrong.found, wrong.accepted, wrong.fix, wrong.severity)
    if preset.method not in card.tuning_methods:
        accepted = f"one of {', '.join(card.tuning_methods)}" if card.tunable else "a model of `kaito-iac models --tunable`"
        yield Problem("KS205", "model", f"{card.preset_name} cannot be tuned with {preset.method}", accepted)
    elif card.tuning_defect:
        yield Problem("KS205", "model", card.tuning_defect, "another model", severity="warning")


def _line(problem: Problem, document: Document | None) -> int:
    return document.line_of(tuple(problem.path.split(".", 2)[:2])) if document else 1


def _placed(problem: Problem, file: str, document: Document | None) -> Problem:
    """Put file and line where the key was, and the key before what was found."""
    return replace(problem, path=f"{file}:{_line(problem, document)}", found=f"{problem.path}: {problem.found}")


def check_files(paths: Sequence[Path], strictness: Strictness = LENIENT) -> Reply:
    """Check files; exit code 1 for a problem of severity error, 3 when a file cannot be read."""
    every = [check_file(path) for path in paths]
    checked = [replace(one, problems=strictness.kept(one.problems)) for one in every]
    problems = [problem for one in checked for problem in one.problems]
    bad = sum(bool(errors(one.problems)) for one in checked)
    code = strictness.code(problems) if all(one.readable for one in checked) else ExitCode.REFUSED
    return Reply(
        data={"files": [file_data(one) for one in checked]},
        text=lambda page: checked_text(checked, page),
        talk=(
            f"{count(len(checked), 'file')}, {bad or 'none'} with errors",
            *strictness.notes(problem for one in every for problem in one.problems),
        ),
        code=code,
    )


def file_data(checked: Checked) -> dict[str, Any]:
    """Return what was found in one file as plain data."""
    return {
        "file": checked.file,
        "kind": checked.preset.kind if checked.preset else None,
        "name": checked.preset.name if checked.preset else None,
        "problems": [problem.as_json() for problem in checked.problems],
        "fit": checked.answer.as_json() if checked.answer else None,
    }


def checked_text(checked: Sequence[Checked], page: Page) -> str:
    """Return one line per good file, and the listing of the problems of the others."""
    return "\n".join(_file_text(one) for one in checked) + "\n"


def _file_text(checked: Checked) -> str:
    if checked.problems or checked.preset is None:
        return escape.problems(checked.file, checked.problems)
    answer = checked.answer
    heading: str = checked.preset.kind
    if answer is not None and isinstance(answer.nodes, int):
        price = answer.usd_per_month
        cost = "price unknown" if isinstance(price, Unknown) else f"{price:,.0f} USD a month (est.)"
        heading = f"{heading}, {answer.nodes} x {answer.size}, {cost}"
    return f"{escape.line(checked.file)}: ok ({escape.line(heading)})"


def preset_schema() -> Reply:
    """Return the JSON schema of preset files; the same with and without `--json`."""
    from kaito_iac.presets.schema import json_schema

    schema = json_schema()
    return Reply(data=schema, text=lambda page: json_text(schema) + "\n")
