"""Commands as functions: a signature says what the options are, and only the command that is called is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

import click
from click import BadParameter as BadParameter

from kaito_iac.cli.invocation import PROGRAM, RELEASE, Defaulted, Invocation, talk_options, variable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HELP: Final[dict[str, Any]] = {"help_option_names": ["--help", "-h"], "max_content_width": 100}
Check = Callable[[Any], Any]
Work = Callable[..., Any]
Names = Callable[[], Sequence[str]]
"""Return the names that a shell completes; asked only when it does."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What the signature of a command adds to a parameter that is an argument."""

    help: str
    metavar: str | None = None
    complete: Names | None = None


class Option:
    """What the signature of a command adds to a parameter that is an option."""

    __slots__ = ("check", "complete", "help", "key", "max", "metavar", "min", "names", "unless")

    def __init__(
        self,
        *names: str,
        help: str,
        metavar: str | None = None,
        min: float | None = None,
        max: float | None = None,
        check: Check | None = None,
        complete: Names | None = None,
        key: str = "",
        unless: tuple[str, ...] = (),
    ) -> None:
        self.names = names
        self.help = help
        self.metavar = metavar
        self.min, self.max = min, max
        self.check = check
        self.complete = complete or getattr(check, "known", None)
        self.key = key
        """Key of the file of defaults, which also names the environment variable."""
        self.unless = unless
        """Parameters beside which the option has no meaning, so that its default is left alone."""


class _PathText(click.Path):
    """A path; an empty text is none, although the folder of the process would stand for it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if isinstance(value, str) and not value.strip():
            self.fail("it is empty; give a path, or leave the option out", param, ctx)
        return super().convert(value, param, ctx)


class Group(click.Group):
    """Commands by name, in sections; each is made of its function when it is asked for."""

    def __init__(self, name: str, *, help: str, default: str | None = None, **rest: Any) -> None:
        super().__init__(name, help=help, no_args_is_help=False, context_settings=dict(HELP), **rest)
        self.sections: dict[str, list[str]] = {}
        self._made: dict[str, Work | click.Command] = {}
        self._default = default

    def add(self, section: str, commands: Mapping[str, Work] | Mapping[str, click.Command]) -> None:
        """Add commands to a section of the help; one section without a name is called Commands."""
        self.sections.setdefault(section, []).extend(commands)
        self._made.update(commands)

    def list_commands(self, ctx: click.Context | None = None) -> list[str]:
        """Return the names of the commands, section by section."""
        return [name for names in self.sections.values() for name in names]

    def get_command(self, ctx: click.Context | None, cmd_name: str) -> click.Command | None:
        """Return a command; it is made now."""
        made = self._made.get(cmd_name)
        return made if made is None or isinstance(made, click.Command) else command(cmd_name, made)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command, where there is one, before arguments that name none."""
        if self._default is not None and (not args or (args[0] not in self._made and args[0] not in ctx.help_option_names)):
            args = [self._default, *args]
        if not args and self._default is None and not self.invoke_without_command and not ctx.resilient_parsing:
            raise click.UsageError(f"missing command: one of {', '.join(self.list_commands())}", ctx)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is named; an unknown one is refused with the nearest."""
        if args[0] not in self._made and not args[0].startswith("-") and not ctx.resilient_parsing:
            from kaito_iac.catalog.find import did_you_mean, nearest

            near = did_you_mean(nearest(args[0], tuple(self.list_commands()))[:1])
            known = "" if ctx.parent is None else f"one of {', '.join(self.list_commands())}"
            near = near or known
            raise click.UsageError(f"no such command {args[0]!r}{f'; {near}' if near else ''}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section."""
        width = formatter.width - 6 - max(map(len, self.list_commands()))
        for section, names in self.sections.items():
            with formatter.section(section or "Commands"):
                found = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl([(name, one.get_short_help_str(width)) for name, one in found if one is not None])


class Command(click.Command):
    """A command whose options take their defaults from a file, and whose help ends with the address of its reference."""

    context_class = Invocation

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write where the reference is."""
        from kaito_iac.project_url import page_url

        formatter.write_paragraph()
        formatter.write(f"  Reference: {page_url('reference/cli.md', ctx.command_path.replace(' ', '-'))}\n")


def command(name: str, work: Work) -> click.Command:
    """Return a function as a command; its docstring is the help."""
    hints = get_type_hints(work, include_extras=True)
    params = [_parameter(found, hints[key]) for key, found in signature(work).parameters.items()]
    return Command(name, params=[*params, *talk_options()], callback=work, help=work.__doc__, context_settings=dict(HELP))


def _parameter(found: Parameter, hint: Any) -> click.Parameter:
    """Return one parameter of a function as what the command line has for it."""
    annotated, option = _annotation(hint)
    kind, many = _kind(annotated)
    required = found.default is Parameter.empty
    default: dict[str, Any] = {} if required or many else {"default": found.default}
    if isinstance(option, Argument):
        rest = {"nargs": -1} if many else default
        metavar = option.metavar or (found.name.upper() if required else f"[{found.name.upper()}]")
        rest |= _completion(option, kind, metavar)
        is_eager = found.name == PROGRAM  # the file of defaults is looked for in its folder
        return click.Argument(
            [found.name],
            help=option.help,
            type=kind,
            required=required,
            metavar=metavar,
            is_eager=is_eager,
            callback=_full,
            **rest,
        )
    flag: dict[str, Any] = {"is_flag": True} if kind is bool else {"type": _number(kind, option), "multiple": many}
    flag |= {} if kind is bool else _completion(option, kind, option.metavar or "")
    flag |= {"envvar": variable(option.key)} if option.key not in ("", RELEASE) else {}
    return Defaulted(
        [*option.names, found.name],
        help=option.help,
        metavar=option.metavar,
        required=required,
        show_default=kind is not bool and bool(default.get("default")),
        callback=_checked(option),
        option=option,
        **flag,
        **default,
    )


def _completion(option: Argument | Option, kind: Any, metavar: str) -> dict[str, Any]:
    """Return what a shell is offered: the names that begin as the word does, in any case, and files where the word is one."""
    word = metavar.strip("[].")
    files = "dir" if word == "DIR" else "file" if word in ("FILE", "PATH") else ""
    if option.complete is None and (not files or isinstance(kind, click.Path)):
        return {}

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        wanted = incomplete.lower()
        names = option.complete() if option.complete else ()
        found = [CompletionItem(name) for name in names if name.lower().startswith(wanted)]
        return [*([CompletionItem(incomplete, type=files)] if files else []), *found]

    return {"shell_complete": complete}


def _annotation(hint: Any) -> tuple[Any, Any]:
    """Return type and description of an annotated parameter, whichever way `None` is joined to it."""
    for option in getattr(hint, "__metadata__", ()):
        if isinstance(option, Argument | Option):
            return hint.__origin__, option
    raise TypeError(f"{hint} says neither Argument nor Option")


def _kind(annotated: Any) -> tuple[Any, bool]:
    """Return the type of one value, and whether there may be several."""
    options = [one for one in get_args(annotated) if one is not NoneType] if NoneType in get_args(annotated) else [annotated]
    (kind,) = options
    many = get_origin(kind) is list
    kind = get_args(kind)[0] if many else kind
    return (_PathText(path_type=Path) if kind is Path else kind), many


def _number(kind: Any, option: Option) -> Any:
    return kind if option.min is None else _Number(min=option.min, max=option.max)


class _Number(click.FloatRange):
    """A number within bounds; a comparison alone would accept `nan`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if found != found:
            self.fail(f"{value!r} is no number", param, ctx)
        return found


def _checked(option: Option) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return the check of every option: a value that switches nothing on is no value, then what the option itself asks."""

    def check(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        source = context.get_parameter_source(parameter.name or "")
        given = source is click.core.ParameterSource.COMMANDLINE
        if option.key and not given and os.environ.get(variable(option.key), "-").strip() == "":
            raise BadParameter(f"the environment variable {variable(option.key)} is empty; give it a value, or unset it")
        if given or source is click.core.ParameterSource.ENVIRONMENT:
            for one in value if isinstance(value, tuple | list) else (value,):
                _useful(option, one)
        return value if option.check is None else option.check(value)

    return check


def _full(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Refuse an argument that is empty, as an unset variable leaves it."""
    for one in value if isinstance(value, tuple | list) else (value,):
        if isinstance(one, str) and not one.strip():
            raise BadParameter("it is empty; give a value, or leave the argument out")
    return value


def _useful(option: Option, value: Any) -> None:
    """Refuse an empty value, as an unset variable leaves it, and a folder where a file is asked for."""
    if isinstance(value, str) and not value.strip():
        raise BadParameter("it is empty; give a value, or leave the option out")
    if option.metavar == "FILE" and Path(str(value)).name in ("", ".", ".."):
        raise BadParameter(f"'{value}' names no file; give a file, or leave the option out")
