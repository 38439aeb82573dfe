"""Runs a stack program offline and tells what the run itself shows: why it ended, and what its components said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaito_iac import errors
from kaito_iac.errors import SpecError
from kaito_iac.files import PLAN_BYTES, FileError, read_json
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.offline.run import run_program
from kaito_iac.problem import Problem


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One offline run."""

    recording: Recording
    remarks: tuple[tuple[str, Problem], ...]
    """What components said that did not stop them, by component."""
    refusals: tuple[SpecError, ...]
    """Every component that was refused, not the first alone."""

    def problems(self) -> Iterator[Problem]:
        """Report why the program ended early, or that it registers nothing, and what its components said."""
        failed = self.recording.error
        if failed is None and len(self.recording.resources) < 2:
            told, fix = "the program registers no resource", "look at the program, or at the stack"
            yield Problem("KS109", self.recording.project, told, "at least one", fix)
        if failed is not None and not self.refusals:
            yield Problem("KS108", self.recording.project, failed.message.strip())
        for refusal in self.refusals:
            title = str(refusal).splitlines()[0].rpartition(": ")[0]
            yield from (_of(title, problem) for problem in refusal.problems)
        yield from (_of(name, problem) for name, problem in self.remarks)


def _of(name: str, problem: Problem) -> Problem:
    return Problem(problem.code, f"{name}: {problem.path}", problem.found, problem.accepted, problem.fix, problem.severity)


def rehearse(
    program: Path, *, stack: str | None = None, config: Mapping[str, str] | None = None, references: Path | None = None
) -> Rehearsal:
    """Run a program as the CLI would; where that ends at a refused component, once more to the end, for all refusals.

    `references` is a JSON file: outputs of other stacks by organization/project/stack. Raises `Refusal` for what precedes
    the program.
    """

    outputs = _references(references)

    def run() -> Recording:
        return run_program(program, stack=stack or "dev", config=config, references=outputs)

    remarks: list[tuple[str, Problem]] = []
    heard = errors.heard.set(remarks)
    try:
        recording = run()
        refusals = _all_refusals(recording, run)
    finally:
        errors.heard.reset(heard)
    return Rehearsal(recording, tuple(dict.fromkeys(remarks)), refusals)


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


def _references(path: Path | None) -> Mapping[str, Mapping[str, Any]]:
    if path is None:
        return {}
    accepted = "a JSON object: organization/project/stack to outputs"
    try:
        value = read_json(path, PLAN_BYTES)
    except FileError as error:
        raise Refusal("References", [Problem("KO482", path.name, str(error), accepted)]) from None
    if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
        raise Refusal("References", [Problem("KO482", path.name, "no such object", accepted)])
    return value
