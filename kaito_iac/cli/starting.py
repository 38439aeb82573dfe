"""The command `init`: a project made of a template, asked for on a terminal, taken from options otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.cli.reply import Refused, Reply, refusal
from kaito_iac.cli.table import Column, table
from kaito_iac.problem import Problem
from kaito_iac.templates.build import plan_command
from kaito_iac.templates.project import NotWritten, Value, problems_of, project_files, values_of, write_project
from kaito_iac.templates.table import BY_NAME, KINDS, PROGRAM, TEMPLATES, Template

COLUMNS: Final = (Column(title="Template"), Column(title="What it is", wraps=True), Column(title="Kind"))
UNKNOWN: Final = "KS101"


def list_templates() -> Reply:
    """List the templates."""
    rows = [(one.name, one.title, one.kind) for one in TEMPLATES]
    data = [
        {
            "name": one.name,
            "title": one.title,
            "kind": one.kind,
            "needs": one.needs,
            "config": [{"name": value.name, "default": value.default, "text": value.description} for value in values_of(one)],
        }
        for one in TEMPLATES
    ]
    return Reply(data=data, text=lambda page: table(COLUMNS, rows, page))


def start(
    name: str | None, folder: Path | None, project: str | None, given: Mapping[str, str], stack: str, *, ask: bool
) -> Reply:
    """Make a project; what is not given is asked for, or left at its default."""
    if name is None and not ask:
        message = f"one of {', '.join(BY_NAME)}"
        return refusal("init", [Problem(UNKNOWN, "template", "missing", message, "kaito-iac init quickstart")])
    template = BY_NAME.get(name or _asked_template())
    if template is None:
        near = did_you_mean(nearest(name or "", tuple(BY_NAME))[:1])
        message = f"one of {', '.join(BY_NAME)}"
        return refusal("init", [Problem(UNKNOWN, "template", f"{name!r} is no template", message, near)])
    target = folder or (Path(template.name) if template.kind == PROGRAM else Path())
    own = project or (target.name if target.name not in ("", "..") else template.name)
    problems = problems_of(template, own, stack, given)
    if problems:
        return refusal("init", problems)
    values = {**given, **_answers(template, given)} if ask else dict(given)
    problems = problems_of(template, own, stack, values)
    if problems:
        return refusal("init", problems)
    try:
        files = write_project(target, project_files(template, own, stack, values))
    except NotWritten as error:
        return refusal("init", error.problems)
    except OSError as error:
        raise Refused(f"cannot write {error.filename or target}: {error.strerror}") from error
    return _made(template, target, files)


def _asked_template() -> str:
    """Ask which template, on the terminal."""
    for kind in KINDS:
        click.echo(f"{kind[0].upper()}{kind[1:]}s:", err=True)
        for one in TEMPLATES:
            if one.kind == kind:
                click.echo(f"  {one.name:<22}{one.title}", err=True)
    answer: str = click.prompt(
        "Template", default=TEMPLATES[0].name, type=click.Choice(list(BY_NAME)), show_choices=False, err=True
    )
    return answer


def _answers(template: Template, given: Mapping[str, str]) -> dict[str, str]:
    """Ask for every plain value that is not given."""

    def one(value: Value) -> str:
        answer: str = click.prompt(value.description.rstrip("."), default=value.default, err=True)
        return answer

    asked = [value for value in values_of(template) if value.name not in given and value.type not in ("object", "array")]
    return {value.name: one(value) for value in asked}


def _made(template: Template, folder: Path, files: tuple[Path, ...]) -> Reply:
    steps = [f"cd {folder}"] if folder != Path() else []
    if template.kind == PROGRAM:
        steps += [plan_command(template), "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"]
        steps += ["pulumi stack init dev", "pulumi up"]
    steps += template.steps
    names = [str(path) for path in files]
    data = {"template": template.name, "folder": str(folder), "files": names, "next": steps, "needs": template.needs}
    talk = [*(f"next: {step}" for step in steps), f"needs: {template.needs}"]
    return Reply(data=data, text=lambda page: "".join(f"{name}\n" for name in names), talk=tuple(talk))
