"""The one exception a user's program sees: every problem of one component, without a traceback."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from kaito_iac.problem import Problem, listing


class SpecError(pulumi.RunError):
    """Says that a component cannot be made, and lists every problem it has."""

    problems: tuple[Problem, ...]
    """What was found, in the order of the input."""

    def __init__(self, title: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listing(title, self.problems))
