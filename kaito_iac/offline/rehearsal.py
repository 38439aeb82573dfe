"""One run of a program as a plan needs it: with what its components remarked, and all that were refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kaito_iac import errors
from kaito_iac.errors import SpecError
from kaito_iac.offline.deployment import Answer
from kaito_iac.offline.recording import Recording
from kaito_iac.offline.run import run_program
from kaito_iac.offline.wire import Outcome, Refused
from kaito_iac.problem import Problem


def outcome(
    program: Path,
    *,
    stack: str,
    config: Mapping[str, str],
    references: Mapping[str, Mapping[str, Any]],
    invokes: Mapping[str, Answer] | None = None,
) -> Outcome:
    """Run a program as the CLI would; where that ends at a refused component, once more to the end, for all refusals.

    Raises `Refusal` for what precedes the program.
    """

    def run() -> Recording:
        return run_program(program, stack=stack, config=config, references=references, invokes=invokes)

    remarks: list[tuple[str, Problem]] = []
    heard = errors.heard.set(remarks)
    try:
        recording = run()
        refusals = _all_refusals(recording, run)
    finally:
        errors.heard.reset(heard)
    return Outcome(recording, tuple(dict.fromkeys(remarks)), tuple(Refused(found.title, found.problems) for found in refusals))


def _all_refusals(recording: Recording, run: Callable[[], Recording]) -> tuple[SpecError, ...]:
    first = recording.error.cause if recording.error else None
    if not isinstance(first, SpecError):
        return ()
    refusals: list[SpecError] = []
    token = errors.refusals.set(refusals)
    try:
        run()
    finally:
        errors.refusals.reset(token)
    return tuple(refusals) or (first,)
