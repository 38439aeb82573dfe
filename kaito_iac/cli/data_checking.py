"""The command `data`: what a tuning job would make of data files, before a GPU is bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.cli import escape
from kaito_iac.cli.number_format import count
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.dataset.schedule import Sections
    from kaito_iac.dataset.survey import Survey


def check(
    files: Sequence[Path],
    *,
    preset: str | None = None,
    training: Path | None = None,
    gpus: int | None = None,
    strictness: Strictness = LENIENT,
) -> Reply:
    """Look through each file; exit code 1 when a job would end with an error, or leave rows out."""
    from kaito_iac.dataset.schedule import TEMPLATE
    from kaito_iac.dataset.survey import survey

    sections, size_gpus = TEMPLATE, 1
    problems: list[Problem] = []
    if preset is not None:
        sections, size_gpus = _of_preset(preset)
    if training is not None:
        sections, problems = _of_file(training)
    surveys = []
    for path in files:
        try:
            surveys.append(_surveyed(survey, path, sections, gpus or size_gpus))
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
            accepted = "a file of tuning data: jsonl, json, csv or parquet"
            raise Refused("data", [Problem("KS340", str(error.filename or path), why, accepted, "name the file")]) from error
    if len(files) > 1:
        message = f"{len(files)} files: the tuning program of KAITO 0.12 reads one, the first it finds in the folder"
        problems.append(Problem("KS340", "files", message, "one file", "join them, or set DatasetConfig.dataset_path", "warning"))
    found = (*problems, *(problem for one in surveys for problem in one.problems))
    problems = list(strictness.kept(problems))
    surveys = [replace(one, problems=strictness.kept(one.problems)) for one in surveys]
    data = {"files": [one.as_json() for one in surveys], "problems": [problem.as_json() for problem in problems]}
    return Reply(
        data=data, text=lambda page: text(surveys, problems, page), talk=strictness.notes(found), code=strictness.code(found)
    )


def _surveyed(survey: Any, path: Path, sections: Sections, gpus: int) -> Survey:
    from kaito_iac.dataset.rows import NoReader

    try:
        found: Survey = survey(path, sections, gpus)
    except NoReader as error:
        raise Refused("data", [Problem("KS340", path.name, str(error))]) from error
    return found


def _of_preset(name: str) -> tuple[Sections, int]:
    """Return the training of a tuning preset, and the GPUs of its VM size."""
    from kaito_iac.catalog.find import find_size
    from kaito_iac.presets.files import find_file
    from kaito_iac.presets.load import read_preset

    file = find_file(name)
    found, problems = read_preset(file) if file is not None else (None, ())
    if found is None or found.kind != "tuning":
        raise Refused("data", tuple(problems) or (_no_tuning_preset(name, found is not None),))
    size = find_size(found.vm_size or "")
    return _sections(found.training), size.gpus if size else 1


def _no_tuning_preset(name: str, exists: bool) -> Problem:
    """Report that a preset of tuning has another name."""
    from kaito_iac.explain.name import preset_names

    message = f"{name!r} is a preset, and none of tuning" if exists else f"{name!r} is no preset"
    near = did_you_mean(nearest(name, tuple(one for one in preset_names() if one.endswith(("-lora", "-qlora")))))
    return Problem("KS101", "--preset", message, "a name of `kaito-iac presets --kind tuning`", near)


def _sections(given: Any) -> Sections:
    return {str(key): value for key, value in (given or {}).items() if isinstance(value, Mapping)}


def _of_file(path: Path) -> tuple[Sections, list[Problem]]:
    """Return the sections of a training configuration: KAITO's file, a ConfigMap of it, or the sections alone."""
    from kaito_iac.admission.training import unknown_field, unknown_section
    from kaito_iac.kubernetes.yaml_file import load_yaml, read_yaml

    document, problems = load_yaml(path, path.name, code="KS226", top="sections such as TrainingArguments")
    if document is not None and isinstance(document.data.get("data"), Mapping):
        inner = document.data["data"].get("training_config.yaml")
        document, problems = read_yaml(str(inner or ""), path.name, code="KS226", top="training_config")
    if document is None:
        raise Refused(path.name, problems)
    given = document.data.get("training_config", document.data)
    sections = _sections(given if isinstance(given, Mapping) else {})
    wrong = [unknown_section(section) for section in sections]
    wrong += [unknown_field(section, str(field)) for section, fields in sections.items() for field in fields]
    return sections, [
        Problem("KS226", f"{path.name}: {'.'.join(one.path)}", one.found, one.accepted, one.fix, one.severity)
        for one in wrong
        if one
    ]


def text(surveys: Sequence[Survey], problems: Sequence[Problem], page: Page) -> str:
    """Return a block for each file, and what is wrong below it."""
    lines = []
    for one in surveys:
        lines += [*_block(one), ""]
        lines += [escape.problem(problem).text() for problem in one.problems] or ["  no problem"]
        lines.append("")
    lines += [escape.problem(problem).text("") for problem in problems]
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(one: Survey) -> list[str]:
    from kaito_iac.dataset.columns import FORMS, USED

    bad = f", {one.bad_rows:,} of them bad" if one.bad_rows else ""
    used = USED[one.form]
    columns = ", ".join(f"{column} (read)" if column in used else column for column in one.columns)
    at = one.schedule
    held = f", {at.held_back:,} held back for evaluation" if at.held_back else ""
    rows = [
        ("columns", columns or "none"),
        ("read as", FORMS[one.form]),
        ("tokens", f"{one.tokens:,} (est.), the longest row {one.longest:,}; rows are cut at {one.max_length:,}"),
        ("trained", f"{count(at.rows, 'row')}{held}"),
        ("steps", f"{at.steps:,}: {_times(at.epochs)} x {count(at.steps_per_epoch, 'step')} of {_batch(one)}"),
    ]
    head = f"{one.name}: {one.kind or 'of no kind'}, {count(one.rows, 'row')}{bad}"
    return [escape.line(head), *(escape.line(f"  {title:<9}{text}") for title, text in rows)]


def _times(epochs: float) -> str:
    return f"{epochs:g} epoch{'s' * (epochs != 1)}"


def _batch(one: Survey) -> str:
    at = one.schedule
    rows = at.batch * at.gpus * at.accumulation
    parts = [f"batch {at.batch}", *([f"{at.gpus} GPUs"] if at.gpus > 1 else [])]
    parts += [f"accumulation {at.accumulation}"] if at.accumulation > 1 else []
    return f"{count(rows, 'row')} ({', '.join(parts)})"
