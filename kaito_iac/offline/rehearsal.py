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
    """Run a program once: what precedes its first refused component is recorded, the rest is run for further refusals alone.

    Raises `Refusal` for what precedes the program.
    """
    return heard(lambda: run_program(program, stack=stack, config=config, references=references, invokes=invokes))


def heard(run: Callable[[], Recording]) -> Outcome:
    """Return what a run records, with what its components remark and every component that was refused."""
    remarks: list[tuple[str, Problem]] = []
    refusals: list[SpecError] = []
    hearing, collected = errors.heard.set(remarks), errors.refusals.set(refusals)
    try:
        recording = run()
    finally:
        errors.refusals.reset(collected)
        errors.heard.reset(hearing)
    raised = recording.error.cause if recording.error else None
    if not refusals and isinstance(raised, SpecError):
        refusals = [raised]
    return Outcome(recording, tuple(dict.fromkeys(remarks)), tuple(Refused(found.title, found.problems) for found in refusals))
