"""The commands of presets; `presets NAME` is short for `presets list NAME`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Json, choice
from kaito_iac.cli.printing import emit


class ListByDefault(TyperGroup):
    """Takes what is no command of the group for arguments of its command `list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` before arguments that name no command."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


presets = typer.Typer(
    cls=ListByDefault,
    help="List presets, show one, check files. `presets NAME` is short for `presets list NAME`.",
    rich_markup_mode=None,
)


def _kinds() -> tuple[str, ...]:
    from kaito_iac.cli.preset_list import kinds

    return kinds()


@presets.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(help="One preset, in detail.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only inference, tuning or rag.", callback=choice(_kinds))
    ] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="Only presets of this model.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Folder of own presets, which win over the shipped ones.")
    ] = None,
    as_json: Json = False,
) -> ExitCode:
    """List the presets, or show one and what it comes to."""
    from kaito_iac.cli.preset_list import list_presets, show_preset

    if name is None:
        return emit(list_presets(kind=kind, model=model, folder=folder), as_json=as_json)
    if kind or model:
        raise typer.BadParameter("a NAME takes no filter")
    return emit(show_preset(name, folder), as_json=as_json)


@presets.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Preset files.", show_default=False)],
    as_json: Json = False,
) -> ExitCode:
    """Tell every problem of preset files, with its line. What they ask for is sized; exit code 1 when there are errors."""
    from kaito_iac.cli.preset_check import check_files

    return emit(check_files(files), as_json=as_json)


@presets.command()
def schema(as_json: Json = False) -> ExitCode:
    """Print the JSON schema of preset files."""
    from kaito_iac.cli.preset_check import preset_schema

    return emit(preset_schema(), as_json=as_json)
