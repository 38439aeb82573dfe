"""The commands of presets; `presets NAME` is short for `presets list NAME`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from kaito_iac.cli.command import Argument, BadParameter, Group, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Ignore, Json, Strict, choice
from kaito_iac.cli.printing import emit
from kaito_iac.cli.strictness import Strictness


def _kinds() -> tuple[str, ...]:
    from kaito_iac.cli.preset_list import kinds

    return kinds()


def _names() -> Sequence[str]:
    """Return what may follow `presets`: the presets, and the commands of the group."""
    from kaito_iac.explain.name import preset_names

    return (*preset_names(), *presets.list_commands())


def list_(
    name: Annotated[str | None, Argument(help="One preset, in detail.", complete=_names)] = None,
    kind: Annotated[
        str | None, Option("--kind", metavar="KIND", help="Only inference, tuning or rag.", check=choice(_kinds))
    ] = None,
    model: Annotated[str | None, Option("--model", metavar="NAME", help="Only presets of this model.")] = None,
    folder: Annotated[
        Path | None,
        Option("--folder", metavar="DIR", help="Folder with your own presets; they have priority."),
    ] = None,
    as_json: Json = False,
) -> ExitCode:
    """List the presets, or show one with its nodes and cost."""
    from kaito_iac.cli.preset_list import list_presets, show_preset

    if name is None:
        return emit(list_presets(kind=kind, model=model, folder=folder), as_json=as_json)
    if kind or model:
        raise BadParameter("a NAME cannot be combined with a filter")
    return emit(show_preset(name, folder), as_json=as_json)


def show(
    name: Annotated[str, Argument(help="Name of the preset.", complete=_names)],
    folder: Annotated[
        Path | None,
        Option("--folder", metavar="DIR", help="Folder with your own presets; they have priority."),
    ] = None,
    as_json: Json = False,
) -> ExitCode:
    """Show one preset with its nodes and cost; short form: `presets NAME`."""
    from kaito_iac.cli.preset_list import show_preset

    return emit(show_preset(name, folder), as_json=as_json)


def check(
    files: Annotated[list[Path], Argument(metavar="FILE...", help="Preset files.")],
    strict: Strict = False,
    ignore: Ignore = None,
    as_json: Json = False,
) -> ExitCode:
    """Report every problem of preset files, with its line, and whether the model fits. Exit code 1 when there are errors."""
    from kaito_iac.cli.preset_check import check_files

    return emit(check_files(files, Strictness(frozenset(ignore or ()), strict)), as_json=as_json)


def schema(as_json: Json = False) -> ExitCode:
    """Print the JSON schema of preset files."""
    from kaito_iac.cli.preset_check import preset_schema

    return emit(preset_schema(), as_json=as_json)


presets = Group(
    "presets", help="List presets, show one, check files. `presets NAME` is short for `presets list NAME`.", default="list"
)
presets.add("", {"list": list_, "show": show, "check": check, "schema": schema})
