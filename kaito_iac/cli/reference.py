"""Writes docs/reference/cli.md from the commands themselves: `python -m kaito_iac.cli.reference` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.cli.command import Group
from kaito_iac.cli.exit_code import ExitCode

HEAD: Final = """\
# Command line

<!-- Generated from the commands by kaito_iac.cli.reference; do not edit. -->

The answer goes to stdout, everything else to stderr. `--json` prints the answer as JSON (see [its shapes](cli-json.md)).
Every command has `-q` (no notes on stderr) and `-v` (defaults that were used, and how long it took), and takes defaults from
[a file](configuration.md). `--strict` counts warnings as errors, `--ignore CODE` leaves problems of a code out.
Completion for bash or zsh: `eval "$(kaito-iac completion bash)"` in the start file of the shell (for zsh: `completion zsh`); for
fish: `kaito-iac completion fish > ~/.config/fish/completions/kaito-iac.fish`. It completes presets, models, sizes and codes too.
Colours appear only on a terminal, and never when `NO_COLOR` is set. Figures marked `est.` are estimates; prices are list
prices with their day, and a price without a source is `unknown`, never 0. `wait`, `diagnose`, `leftovers` and `doctor` talk to
the API server of a cluster, `quota fetch` and `prices refresh` to Azure or AWS, `report post` to the platform of a pull request.
`plan --preview` and `report run` start the Pulumi CLI; `helm` downloads charts to render them. All other work is done offline.
"""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _usage(path: str, command: Any) -> str:
    arguments = []
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            name = (parameter.metavar or parameter.name.upper()).strip("[]")
            arguments.append(name if parameter.required else f"[{name}]")
    return " ".join([path, *arguments, "[OPTIONS]"])


def _parameter(parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        return f"`{(parameter.metavar or parameter.name.upper()).strip('[]')}`", parameter.help or ""
    names = ", ".join(f"`{name}`" for name in sorted(parameter.opts, key=len, reverse=True))
    value = "" if parameter.is_flag else f" {parameter.metavar or 'NUMBER'}"
    needed = " Needed." if parameter.required else ""
    return f"{names}{value}", f"{parameter.help or ''}{needed}"


def _section(path: str, command: Any) -> Iterator[str]:
    yield f"## {path}\n"
    yield f"{' '.join((command.help or '').split())}\n"
    if isinstance(command, Group):
        for name in command.list_commands():
            yield from _section(f"{path} {name}", command.get_command(None, name))
        return
    yield f"    {_usage(path, command)}\n"
    rows = [_parameter(parameter) for parameter in command.params if parameter.name not in ("help", "quiet", "verbose")]
    if rows:
        body = "\n".join(f"| {_cell(name)} | {_cell(text)} |" for name, text in rows)
        yield f"| argument or option | what it does |\n|---|---|\n{body}\n"


def markdown() -> str:
    """Return the whole page."""
    from kaito_iac.cli.app import app

    parts = [HEAD]
    for name in app.list_commands():
        parts += _section(f"kaito-iac {name}", app.get_command(None, name))
    codes = "\n".join(f"| {code.value} | {code.meaning} |" for code in ExitCode)
    parts.append(f"## Exit codes\n\n| code | meaning |\n|---|---|\n{codes}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(markdown(), end="")
