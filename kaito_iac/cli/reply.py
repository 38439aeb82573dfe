"""What a command gives back: data for programs, text for people, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import Problem, errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer of one command, before it is printed."""

    data: Any
    """What `--json` prints; a function without arguments makes it only then."""
    text: Callable[[Page], str]
    """Return what people read; empty: nothing but the talk."""
    talk: tuple[str, ...] = ()
    """Lines for stderr that are no part of the answer."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the input; printed on stderr."""
    title: str = ""
    """What the problems are about."""
    code: ExitCode = ExitCode.OK


class Refused(Exception):
    """Report that the input cannot be read or run, and why; ends the command with the exit code for it."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        self.message = message
        self.problems = tuple(problems)
        super().__init__(message)


def no_text(page: Page) -> str:
    """Return no text, for a reply that has only problems."""
    return ""


def refusal(title: str, problems: Sequence[Problem]) -> Reply:
    """Return the reply to a question that cannot be answered, such as one with an unknown name."""
    data = {"problems": [problem.as_json() for problem in problems]}
    return Reply(data=data, text=no_text, problems=tuple(problems), title=title, code=ExitCode.PROBLEMS)


def code_of(problems: Sequence[Problem]) -> ExitCode:
    """Return the exit code of a command that found these problems."""
    return ExitCode.PROBLEMS if errors(tuple(problems)) else ExitCode.OK


def json_text(data: Any) -> str:
    """Return data as indented JSON in ASCII, so that no terminal obeys what a name holds."""
    try:
        return json.dumps(data, indent=2, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(data), indent=2, allow_nan=False)


def _finite(value: Any) -> Any:
    """Return data with texts in the place of numbers that JSON does not have: NaN, Infinity, -Infinity."""
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {key: _finite(held) for key, held in value.items()}
    return [_finite(held) for held in value] if isinstance(value, list | tuple) else value
