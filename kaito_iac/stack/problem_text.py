"""Reads problems out of texts that carry them: reports of our packs, logs of components, refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kaito_iac.problem import Problem, Severity
from kaito_iac.stack.change import Violation

_OURS: Final = re.compile(
    r"(?P<path>[^\n]*?): (?P<found>.*?)(; expected (?P<accepted>.*?))? \[(?P<code>K[A-Z]\d{3})\](\n\s*fix: (?P<fix>.*))?",
    re.DOTALL,
)
_TITLE: Final = re.compile(r"^(?P<title>\S[^\n]*): (?P<count>\d+) problems?\n", re.MULTILINE)
_ENTRY: Final = re.compile(r"^  (?=\S)", re.MULTILINE)
_MARKED: Final = re.compile(r"(warning|info): ")
_LEVELS: Final[Mapping[str, Severity]] = {
    "mandatory": "error",
    "advisory": "warning",
    "warning": "warning",
    "remediate": "warning",
}


def problem_of(text: str, severity: Severity) -> Problem | None:
    """Return the problem that a text is, as `Problem.text` writes it; None for any other text."""
    ours = _OURS.fullmatch(text.strip())
    if ours is None:
        return None
    return Problem(ours["code"], ours["path"], ours["found"], ours["accepted"] or "", ours["fix"] or "", severity)


def listed(text: str) -> tuple[str, tuple[Problem, ...]] | None:
    """Return title and problems of a refusal, as `listing` writes them, wherever it is in a text; None where none does."""
    start = _TITLE.search(text)
    if start is None:
        return None
    found: list[Problem] = []
    for entry in _ENTRY.split(text[start.end() :])[1:]:
        marked = _MARKED.match(entry)
        problem = problem_of(entry[marked.end() :] if marked else entry, marked[1] if marked else "error")  # type: ignore[arg-type]  # one of the pattern's words
        if problem is None:
            break
        found.append(problem)
    return (start["title"], tuple(found)) if len(found) == int(start["count"]) else None


def violation_problem(violation: Violation) -> Problem:
    """Return what a policy reported: messages of our own packs as the problems they are, those of others whole."""
    severity = _LEVELS.get(violation.level, "info")
    described, _, rest = violation.message.partition("\n")
    ours = problem_of(rest, severity) or problem_of(violation.message, severity)
    return ours or Problem(violation.policy, violation.pack, f"{described} {rest}".strip(), "", "", severity)
