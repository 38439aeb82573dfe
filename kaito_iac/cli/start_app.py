"""The commands about kaito-iac itself, and their options: parsing only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

from kaito_iac.cli.cluster_app import Context, Kubeconfig
from kaito_iac.cli.command import Argument, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Config, Json, References, Stack, choice, key_values
from kaito_iac.cli.printing import emit, write
from kaito_iac.cli.terminal import is_terminal


def _template_names() -> Sequence[str]:
    from kaito_iac.templates.table import BY_NAME

    return tuple(BY_NAME)


def init(
    template: Annotated[str | None, Argument(help="Template, one of `kaito-iac init --list`.", complete=_template_names)] = None,
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="DIR", help="Folder for the files. Default: the name of the template."),
    ] = None,
    name: Annotated[
        str | None, Option("--name", metavar="NAME", help="Name of the project. Default: that of the folder.")
    ] = None,
    config: Config = None,
    stack: Annotated[str, Option("--stack", "-s", metavar="NAME", help="Stack whose configuration is written.")] = "dev",
    yes: Annotated[bool, Option("--yes", "-y", help="Ask nothing, and use the defaults.")] = False,
    listed: Annotated[bool, Option("--list", help="List the templates.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """Start a project from a template. Asks on a terminal; never overwrites a file."""
    from kaito_iac.cli import starting

    if listed:
        return emit(starting.list_templates(), as_json=as_json)
    ask = not yes and not as_json and is_terminal(sys.stdin) and is_terminal(sys.stderr)
    return emit(starting.start(template, output, name, key_values(config), stack, ask=ask), as_json=as_json)


def doctor(
    program: Annotated[Path, Argument(metavar="[PROGRAM]", help="Folder of a stack program.")] = Path("."),
    stack: Stack = None,
    references: References = None,
    quota: Annotated[Path | None, Option("--quota", metavar="FILE", help="Quota file whose age is checked.")] = None,
    prices: Annotated[Path | None, Option("--prices", metavar="FILE", help="Price file whose age is checked.")] = None,
    region: Annotated[str | None, Option("--region", metavar="NAME", help="Region of list prices.")] = None,
    kubeconfig: Kubeconfig = None,
    context: Context = None,
    offline: Annotated[bool, Option("--offline", help="Do not connect to a cluster.")] = False,
    strict: Annotated[bool, Option("--strict", help="Count warnings as errors: exit code 1.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """Check tools, packages, files, program and cluster before a deployment. Exit code 1 if it cannot work."""
    from kaito_iac.cli import doctoring
    from kaito_iac.doctor.examine import Asked

    asked = Asked(
        program=program,
        stack=stack,
        references=references,
        quota=quota,
        prices=prices,
        region=region,
        kubeconfig=kubeconfig,
        context=context,
        offline=offline,
    )
    return emit(doctoring.doctor(asked, strict=strict), as_json=as_json)


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
    """Print the completion script of a shell. It completes commands, presets, models, sizes and codes."""
    from kaito_iac.cli.completing import script

    write(script(choice(lambda: SHELLS)(shell) or ""))
    return ExitCode.OK


def help_(
    names: Annotated[
        list[str] | None, Argument(metavar="[COMMAND...]", help="Command and subcommand.", complete=_commands)
    ] = None,
) -> ExitCode:
    """Print the help of a command."""
    from kaito_iac.cli.completing import help_of

    write(help_of(names or ()))
    return ExitCode.OK


def version(as_json: Json = False) -> ExitCode:
    """Print the versions of kaito-iac, KAITO, Python and Pulumi that belong together."""
    from kaito_iac.cli.own_version import versions

    return emit(versions(), as_json=as_json)


STARTING: Final[Mapping[str, Callable[..., ExitCode]]] = {"init": init, "doctor": doctor}
"""Commands by which one starts."""
COMMANDS: Final[Mapping[str, Callable[..., ExitCode]]] = {
    "explain": explain,
    "completion": completion,
    "help": help_,
    "version": version,
}
"""By name."""
