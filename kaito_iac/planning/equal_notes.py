"""Notes of a plan that differ in the component alone, such as one feature gate for ten workloads, as one note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from kaito_iac.problem import Problem

_NAMES: Final = 5
"""Most components that one note names."""


def without_repeats(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems with equal notes joined at the place of the first; errors and warnings stay apart."""
    found: dict[Any, list[Problem]] = {}
    for number, problem in enumerate(problems):
        _, colon, place = problem.path.partition(": ")
        same = (problem.code, place, problem.found, problem.accepted, problem.fix)
        found.setdefault(same if problem.severity == "info" and colon else number, []).append(problem)
    return tuple(map(_joined, found.values()))


def _joined(equal: list[Problem]) -> Problem:
    names = [problem.path.partition(": ")[0] for problem in equal]
    if len(names) == 1:
        return equal[0]
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return replace(equal[0], path=f"{', '.join(names[:_NAMES])}{more}: {equal[0].path.partition(': ')[2]}")
