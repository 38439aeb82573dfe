"""Which problems count: codes that are left out, and whether warnings are errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.problem import Problem


@dataclass(frozen=True, slots=True)
class Strictness:
    """What the options --ignore and --strict say."""

    ignore: frozenset[str] = frozenset()
    strict: bool = False

    def kept(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return the problems that are not left out."""
        return tuple(problem for problem in problems if problem.code not in self.ignore)

    def notes(self, problems: Iterable[Problem]) -> tuple[str, ...]:
        """Return a line about what is left out; none where nothing is."""
        counts = Counter(problem.code for problem in problems if problem.code in self.ignore)
        message = ", ".join(f"{count} x {code}" for code, count in sorted(counts.items()))
        return (f"ignored: {message}",) if message else ()

    def stops(self, problem: Problem) -> bool:
        """Return whether a problem that is kept makes the command fail."""
        return problem.severity == "error" or (self.strict and problem.severity == "warning")

    def code(self, problems: Sequence[Problem]) -> ExitCode:
        """Return the exit code of a command that found these problems."""
        return ExitCode.PROBLEMS if any(map(self.stops, self.kept(problems))) else ExitCode.OK


LENIENT: Final = Strictness()
"""Nothing is left out, and warnings are no errors."""
