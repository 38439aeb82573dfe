"""What one call of a command knows beside its arguments: defaults from a file, and how much it prints on stderr."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final

import click

PROGRAM: Final = "program"
"""Parameter whose folder is where the file of defaults is looked for first."""
RELEASE: Final = "kaito-version"
"""Key whose variable programs and policy packs read too: it is no variable of the option alone."""
_QUIET: Final = "kaito_iac.quiet"
_VERBOSE: Final = "kaito_iac.verbose"
_USED: Final = "kaito_iac.used"
_BEGUN: Final = "kaito_iac.begun"


def variable(key: str) -> str:
    """Return the environment variable of a key of the file of defaults."""
    return f"KAITO_IAC_{key.upper().replace('-', '_')}"


class Invocation(click.Context):
    """The context of a command; the file of defaults is read once, and only when an option asks."""

    def default_of(self, key: str) -> Any:
        """Return what the file says of a key; None where it says nothing, or is not to be asked."""
        if self.resilient_parsing or (key == RELEASE and os.environ.get(variable(key))):
            return None
        value = self._file().of(key)
        if value is not None:
            self.meta.setdefault(_USED, {})[key] = value
        return value

    def _file(self) -> Any:
        found = self.meta.get("kaito_iac.file")
        if found is None:
            from kaito_iac.cli.defaults import Refusal, read_defaults
            from kaito_iac.cli.reply import Refused

            program = self.params.get(PROGRAM)
            start = program if isinstance(program, Path) else Path()
            try:
                found = read_defaults(start)
            except Refusal as error:
                raise Refused(str(error.file), error.problems) from error
            self.meta["kaito_iac.file"] = found
        return found


class Defaulted(click.Option):
    """An option whose default may stand in a file, below the command line and the environment."""

    def __init__(self, names: Sequence[str], option: Any, **rest: Any) -> None:
        super().__init__(names, **rest)
        self.key: str = option.key
        self.unless: tuple[str, ...] = option.unless

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[Any, click.core.ParameterSource]:
        """Return the value and where it comes from."""
        value, source = super().consume_value(ctx, opts)
        if source is not click.core.ParameterSource.DEFAULT or not self.key or not isinstance(ctx, Invocation):
            return value, source
        if any(ctx.params.get(name) for name in self.unless):
            return value, source
        found = ctx.default_of(self.key)
        return (value, source) if found is None else (found, click.core.ParameterSource.DEFAULT_MAP)


def talk_options() -> tuple[click.Option, ...]:
    """Return the options of every command that decide what is printed on stderr."""

    def keep(name: str) -> Any:
        def callback(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
            context.meta.setdefault(_BEGUN, monotonic())
            context.meta[name] = wanted

        return callback

    quiet = "Print no notes on stderr; problems are printed."
    verbose = "Also print which defaults were used, and how long it took."
    return (
        click.Option(["--quiet", "-q"], is_flag=True, expose_value=False, help=quiet, callback=keep(_QUIET)),
        click.Option(["--verbose", "-v"], is_flag=True, expose_value=False, help=verbose, callback=keep(_VERBOSE)),
    )


def quiet() -> bool:
    """Return whether the command is to print no notes."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_QUIET))


def details() -> list[str]:
    """Return the lines of --verbose: defaults that were used, and the time."""
    context = click.get_current_context(silent=True)
    if context is None or not context.meta.get(_VERBOSE):
        return []
    used, file = context.meta.get(_USED, {}), context.meta.get("kaito_iac.file")
    lines = [f"default of {file.file}: {key} = {_shown(value)}" for key, value in used.items() if file is not None]
    return [*lines, f"took {monotonic() - context.meta[_BEGUN]:.2f} s"]


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
