"""The one exception a user's program sees: every problem of one component, without a traceback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Final

import pulumi

from kaito_iac.problem import Problem, Unknown, listing


class SpecError(pulumi.RunError):
    """Report that a component cannot be made, and lists every problem it has."""

    problems: tuple[Problem, ...]
    """What was found, in the order of the input."""

    def __init__(self, title: str, problems: Sequence[Problem]) -> None:
        self.title = title
        self.problems = tuple(map(_spelled, problems))
        super().__init__(listing(title, self.problems))


spelling: ContextVar[Callable[[str], str] | None] = ContextVar("spelling", default=None)
"""How a text spells the names of arguments for a caller in another language; None: as Python does."""


def _spelled(problem: Problem) -> Problem:
    """Return a problem with the names of arguments as the caller writes them."""
    spell = spelling.get()
    if spell is None:
        return problem
    return replace(
        problem,
        path=spell(problem.path),
        found=spell(problem.found),
        accepted=spell(problem.accepted),
        fix=spell(problem.fix),
    )


heard: ContextVar[list[tuple[str, Problem]] | None] = ContextVar("heard", default=None)
"""Where a plan collects the warnings of components, as (component name, problem); None: only the log gets them."""

refusals: ContextVar[list[SpecError] | None] = ContextVar("refusals", default=None)
"""Where a plan collects the refusals of all components of a program; None: the first one ends the program."""
rehearsed: ContextVar[bool] = ContextVar("rehearsed", default=False)
"""Whether the program runs without an engine: what an engine would lack is not looked for."""
beyond: ContextVar[bool] = ContextVar("beyond", default=False)
"""Whether the program goes on after a refusal that would have ended it: what it registers from there on is not recorded."""


def collect(refusal: SpecError) -> bool:
    """Keep a refusal for the plan that collects them; return False where none does, so that the refusal ends the program."""
    collected = refusals.get()
    if collected is None:
        return False
    collected.append(refusal)
    beyond.set(True)
    return True


REFUSED: Final = Unknown("refused: see problems")
"""Placeholder for the specification of a refused component."""


def warn(name: str, problems: Sequence[Problem], resource: pulumi.Resource) -> None:
    """Report what a component found that does not stop it: to the plan that listens, else in Pulumi's log."""
    listener = heard.get()
    if listener is not None:
        listener.extend((name, _spelled(problem)) for problem in problems)
        return
    for problem in map(_spelled, problems):
        say = pulumi.log.warn if problem.severity == "warning" else pulumi.log.info
        say(problem.text(indent="", marked=False), resource)
