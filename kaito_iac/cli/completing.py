"""What the command line says about itself: the completion script of a shell, and the help of a command by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from kaito_iac.catalog.find import nearest
from kaito_iac.cli.command import BadParameter

PROGRAM: Final = "kaito-iac"
VARIABLE: Final = "_KAITO_IAC_COMPLETE"
"""A shell sets it to ask for completions."""


def script(shell: str) -> str:
    """Return the script that a shell sources."""
    from click.shell_completion import BashComplete, get_completion_class

    from kaito_iac.cli.app import app

    made = get_completion_class(shell)
    if made is None:  # the shells that are offered are click's
        raise BadParameter(f"{shell!r} is no shell that can complete")
    own = made(app, {}, PROGRAM, VARIABLE)
    text = own.source_template % own.source_vars() if isinstance(own, BashComplete) else own.source()
    return f"{text.rstrip()}\n"


def help_of(names: Sequence[str]) -> str:
    """Return the help of a command that is named by its words; raises BadParameter for one that there is not."""
    from kaito_iac.cli.app import app

    context = app.make_context(PROGRAM, [], resilient_parsing=True)
    command: click.Command = app
    for index, name in enumerate(names):
        inner = command.get_command(context, name) if isinstance(command, click.Group) else None
        if inner is None:
            known = tuple(command.list_commands(context)) if isinstance(command, click.Group) else ()
            near = nearest(name, known)[:1]
            message = f"; did you mean {near[0]!r}?" if near else ""
            raise BadParameter(f"no such command {' '.join(names[: index + 1])!r}{message}")
        context = inner.context_class(inner, parent=context, info_name=name, resilient_parsing=True, **inner.context_settings)
        command = inner
    return f"{command.get_help(context)}\n"
