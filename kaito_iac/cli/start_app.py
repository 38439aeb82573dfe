"""The commands about kaito-iac itself, and their options: parsing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final

from kaito_iac.cli.command import Argument
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Json, choice
from kaito_iac.cli.printing import emit, write

SHELLS: Final = ("bash", "zsh", "fish")


def _explainable() -> Sequence[str]:
    from kaito_iac.explain.name import explainable

    return explainable()


def _commands() -> Sequence[str]:
    from kaito_iac.cli.app import app

    return app.list_commands()


def explain(
    name: Annotated[
        str,
        Argument(help="Problem code, COMPONENT[.argument], preset, model, VM size or policy rule.", complete=_explainable),
    ],
    as_json: Json = False,
) -> ExitCode:
    """Explain a problem code, a component or its argument, a preset, a model or a size."""
    from kaito_iac.cli import explaining

    return emit(explaining.explain(name.strip()), as_json=as_json)


def completion(shell: Annotated[str, Argument(help="bash, zsh or fish.", complete=lambda: SHELLS)]) -> ExitCode:
    """Print the script that completes commands, presets, models, sizes and codes in a shell."""
    from kaito_iac.cli.completing import script

    write(script(choice(lambda: SHELLS)(shell) or ""))
    return ExitCode.OK


def help_(
    names: Annotated[list[str] | None, Argument(metavar="[COMMAND...]", help="Command, and its own.", complete=_commands)] = None,
) -> ExitCode:
    """Print the help of a command."""
    from kaito_iac.cli.completing import help_of

    write(help_of(names or ()))
    return ExitCode.OK


def version(as_json: Json = False) -> ExitCode:
    """Print the versions of kaito-iac, KAITO, Python and Pulumi that belong together."""
    from kaito_iac.cli.own_version import versions

    return emit(versions(), as_json=as_json)


COMMANDS: Final[Mapping[str, Callable[..., ExitCode]]] = {
    "explain": explain,
    "completion": completion,
    "help": help_,
    "version": version,
}
"""By name."""
