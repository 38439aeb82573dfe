"""What can be wrong, and what is not known: the two values that every judgement is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Severity = Literal["error", "warning", "info"]
"""`error`: refused, or can never work. `warning`: works, but may cost or expose more than expected. `info`: worth knowing."""

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
"""All severities, gravest first."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known yet, and why: counted, shown and judged, never skipped."""

    reason: str
    """A short clause without a full stop, such as `set by an output`."""

    def __str__(self) -> str:
        return f"unknown ({self.reason})"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding, in the terms of the input."""

    code: str
    """K, area letter (S spec, Q quota, N exposure, O operation), three digits; listed in docs/reference/codes.md."""
    path: str
    """Where it is, as the user wrote it (`vllm.maxModelLen`), or the resource it is about."""
    found: str
    """What was found there."""
    accepted: str = ""
    """What would be accepted; empty when only the fix can say it."""
    fix: str = ""
    """The next step, as an instruction; empty when `accepted` says it all."""
    severity: Severity = "error"
    cause: str = field(default="", compare=False, repr=False)
    """Keyword for programs where one code has several causes, such as the name of a feature gate; no part of its text."""

    @property
    def headline(self) -> str:
        """Return the finding on one line, with its code."""
        expected = f"; expected {self.accepted}" if self.accepted else ""
        return f"{self.path}: {self.found}{expected} [{self.code}]"

    def text(self, indent: str = "  ", *, marked: bool = True) -> str:
        """Return the headline, marked when it is no error, and the fix on a line of its own."""
        mark = f"{self.severity}: " if marked and self.severity != "error" else ""
        fix = f"\n{indent}  fix: {self.fix}" if self.fix else ""
        return f"{indent}{mark}{self.headline}{fix}"

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain data, with every field that is shown."""
        return {
            "code": self.code,
            "path": self.path,
            "found": self.found,
            "accepted": self.accepted,
            "fix": self.fix,
            "severity": self.severity,
        }


def errors(problems: list[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Keep the problems that stop a program."""
    return tuple(problem for problem in problems if problem.severity == "error")


def listing(title: str, problems: list[Problem] | tuple[Problem, ...]) -> str:
    """Return a title with the number of problems, then every problem."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"{title}: {count}", *(problem.text() for problem in problems)])
