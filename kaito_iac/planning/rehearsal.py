"""Run a stack program offline and report why it ended, and the messages of its components."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from kaito_iac.files import PLAN_BYTES, FileError, read_json
from kaito_iac.offline.invoke_file import answers, read_results
from kaito_iac.offline.process import TIMEOUT_MINUTES, Request, Running
from kaito_iac.offline.recording import ProgramError, Recording, Refusal
from kaito_iac.offline.secret_config import secret_values
from kaito_iac.offline.wire import Refused
from kaito_iac.planning.request import Program
from kaito_iac.problem import Problem, Severity
from kaito_iac.secrecy import KNOWN


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One offline run."""

    recording: Recording
    remarks: tuple[tuple[str, Problem], ...]
    """Messages of components that did not stop them, by component."""
    refusals: tuple[Refused, ...]
    """Every component that was refused, not the first alone; of a run of the engine the first."""
    ended: tuple[Problem, ...] = ()
    """Why the engine did not come to its end, where that is not the program's doing."""
    reported: tuple[Problem, ...] = ()
    """What policy packs reported that the engine ran."""

    def problems(self) -> Iterator[Problem]:
        """Report why the program ended early or registers nothing, and the messages of the program and its components."""
        failed = self.recording.error
        if failed is None and len(self.recording.resources) < 2:
            message = "the program ran to its end and registered no resource"
            fix = "create a component in __main__.py, such as kaito.KaitoWorkspace; `kaito-iac init` writes a program"
            yield Problem("KS109", self.recording.project, message, fix=fix, severity="info")
        if failed is not None and not self.refusals and not self.ended:
            yield Problem("KS108", self.recording.project, failed.message.strip(), fix=_next_step(failed))
        for refusal in self.refusals:
            yield from (_of(refusal.title, problem) for problem in refusal.problems)
        yield from self.ended
        yield from self.reported
        yield from (_of(name, problem) for name, problem in self.remarks)
        yield from self._logged()

    def _logged(self) -> Iterator[Problem]:
        """Report the warnings and errors that the program logged; `pulumi up` ends at such an error."""
        for entry in self.recording.logs:
            if entry.severity in ("warning", "error"):
                severity: Severity = "error" if entry.severity == "error" else "warning"
                where = entry.urn.rpartition("::")[2] or self.recording.project
                yield Problem("KO488", where, entry.message.strip(), severity=severity)


def _next_step(failed: ProgramError) -> str:
    """Return what to do about an exception that newcomers meet; empty for any other."""
    if failed.missing:
        return f"add the package of {failed.missing!r} to requirements.txt, and install it into the environment of the program"
    return ""


def _of(name: str, problem: Problem) -> Problem:
    return Problem(problem.code, f"{name}: {problem.path}", problem.found, problem.accepted, problem.fix, problem.severity)


class Run(Protocol):
    """A run of a program: offline, or by the engine."""

    how: str
    """How the program was run, in a word: offline, preview or events."""

    def finished(self) -> Rehearsal:
        """Return what the program showed; raises `Refusal` when it cannot run or gives no answer."""


class Begun:
    """A run under way in a process of its own."""

    how = "offline"

    def __init__(self, start: Callable[[], Running]) -> None:
        self._running: Running | None = None
        self._refusal: Refusal | None = None
        try:
            self._running = start()
        except Refusal as refusal:
            self._refusal = refusal

    def __enter__(self) -> Begun:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running is not None:
            self._running.close()

    def finished(self) -> Rehearsal:
        """Wait for the program and return what it showed; raises `Refusal` when it cannot run or gives no answer."""
        if self._running is None:
            raise self._refusal or RuntimeError("a run that was never begun")
        outcome = self._running.outcome()
        return Rehearsal(outcome.recording, outcome.remarks, outcome.refusals)


class InProcess:
    """A function that is a program, run in this process when its end is asked for."""

    how = "offline"

    def __init__(self, program: Program, function: Callable[[], Any]) -> None:
        self._program, self._function = program, function

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def finished(self) -> Rehearsal:
        """Run the function and return what it showed; raises `Refusal` for references or results that cannot be read."""
        from kaito_iac.offline.rehearsal import heard
        from kaito_iac.offline.run import run_function

        program = self._program
        references, entries = _references(program.references), read_results(program.invokes)
        outcome = heard(
            lambda: run_function(
                self._function,
                project=program.folder.name,
                stack=program.stack or "dev",
                config=program.config,
                references=references,
                invokes=answers(entries),
            )
        )
        return Rehearsal(outcome.recording, outcome.remarks, outcome.refusals)


def begin(program: Program) -> Begun | InProcess:
    """Start a program and return at once; `finished` reports what keeps it from starting."""
    if program.function is not None:
        return InProcess(program, program.function)

    def start() -> Running:
        KNOWN.add(secret_values(program.folder, program.stack or "dev", program.config))
        request = Request(
            program=program.folder,
            stack=program.stack or "dev",
            config=program.config,
            references=_references(program.references),
            invokes=read_results(program.invokes),
        )
        return Running(request, minutes=program.minutes or TIMEOUT_MINUTES)

    return Begun(start)


def rehearse(program: Program) -> Rehearsal:
    """Run a program to its end, as `begin` and `finished` do together."""
    return begin(program).finished()


def _references(given: Path | Mapping[str, Mapping[str, Any]] | None) -> Mapping[str, Mapping[str, Any]]:
    if given is None:
        return {}
    accepted = "a JSON object: organization/project/stack to outputs"
    name = "references"
    value: Any = given
    if isinstance(given, Path):
        name = given.name
        try:
            value = read_json(given, PLAN_BYTES)
        except FileError as error:
            fix = "write into it what `pulumi stack output --json --stack NAME` prints, under the name of the stack"
            raise Refusal("References", [Problem("KO482", name, str(error), accepted, fix)]) from None
    if not isinstance(value, Mapping) or not all(isinstance(entry, Mapping) for entry in value.values()):
        raise Refusal("References", [Problem("KO482", name, "no such object", accepted)])
    return value
