"""What the engine shows of a program in any language, as a run that a plan is made of: a preview, or events of an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kaito_iac.code import CODES
from kaito_iac.files import STATE_BYTES, FileError, unzipped
from kaito_iac.offline.recording import LogEntry, ProgramError, Recording, Refusal
from kaito_iac.offline.wire import Refused
from kaito_iac.planning.judgement import where
from kaito_iac.planning.pulumi_preview import Wanted, previewed
from kaito_iac.planning.rehearsal import Rehearsal
from kaito_iac.planning.request import Program
from kaito_iac.problem import Problem, Severity
from kaito_iac.stack.change import Diagnostic
from kaito_iac.stack.engine_preview import Preview, read_preview
from kaito_iac.stack.event_line import lines, open_bytes, parsed, until_broken
from kaito_iac.stack.problem_text import listed, problem_of, violation_problem
from kaito_iac.stack.run_end import CRASHED, broken_off, of_program

_ACCEPTED: Final = "events of a preview or an update that came to its end"
_AGAIN: Final = "run the preview again"
_EVENTS: Final = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json > events.jsonl"
_GENERIC: Final = "an unhandled error occurred: "
"""Message of the engine for a program that failed and has reported why."""


class EngineRun:
    """A run of the engine that is asked for what an offline run is asked for."""

    def __init__(self, program: Program, events: Path | None = None, document: Path | None = None) -> None:
        """Ask for a preview of a program; for a file of events, `-` for standard input, and the document of the same preview."""
        self._program = program
        self._events = events
        self._document = document
        self._found: Rehearsal | None = None
        self.how = "preview" if events is None else "events"

    def finished(self) -> Rehearsal:
        """Return what the engine shows; raises `Refusal` when it shows nothing. The engine runs, and files are read, once."""
        if self._found is None:
            self._found = self._previewed() if self._events is None else self._read_from(self._events)
        return self._found

    def _read_from(self, events: Path) -> Rehearsal:
        document = _document(self._document) if self._document else None
        return rehearsal(_read(events, document), _name(events))

    def _previewed(self) -> Rehearsal:
        asked = self._program
        wanted = Wanted(program=asked.folder, stack=asked.stack, config=asked.config, minutes=asked.minutes)
        try:
            with previewed(wanted) as found:
                document = _document(found.document) if found.document.stat().st_size else None
                preview = _read(found.events, document)
                if not preview.log.events:
                    raise _refusal(asked.folder.resolve().name, found.last_words, "a program and a stack that pulumi previews")
                return rehearsal(preview, asked.folder.resolve().name)
        except (FileNotFoundError, TimeoutError) as error:
            message = error.strerror or str(error) if isinstance(error, FileNotFoundError) else str(error)
            raise _refusal(asked.folder.resolve().name, message, "a preview", "leave --preview out for an offline plan") from None


def rehearsal(preview: Preview, name: str) -> Rehearsal:
    """Return a preview as a run; `name` is what one without resources is called. Raises `Refusal` for what is no preview."""
    if preview.destroys:
        raise _refusal(name, "events of a destroy", _ACCEPTED, _EVENTS)
    if not preview.log.events:
        raise _refusal(name, "no engine event in it", _ACCEPTED, _EVENTS)
    refusals = tuple(Refused(*found) for found in map(listed, _errors(preview)) if found is not None)
    explained = any(one.level == "mandatory" for one in preview.log.violations)
    broken = broken_off(preview.log, explained=explained)
    recording = Recording(
        project=preview.log.project or name,
        stack=preview.log.stack or "unknown",
        organization="organization",
        dry_run=True,
        resources=preview.resources,
        exports=preview.exports,
        logs=tuple(_logs(preview)),
        error=ProgramError(_message(preview) or broken) if broken else None,
    )
    ended = () if broken == CRASHED or refusals else tuple(_ended(preview, broken, recording.project))
    return Rehearsal(recording, tuple(_remarks(preview)), refusals, ended, tuple(_violations(preview)))


def _errors(preview: Preview) -> Iterator[str]:
    return (one.message for one in preview.remarks if one.severity == "error")


def _message(preview: Preview) -> str:
    """Return what a failed program reported."""
    texts = [text for text in _errors(preview) if listed(text) is None]
    return next((text for text in texts if not text.startswith(_GENERIC)), texts[0] if texts else "")


def _ended(preview: Preview, broken: str, project: str) -> Iterator[Problem]:
    """Report why a run did not come to its end when the program itself does not report it."""
    if not broken:
        return
    errors = [one for one in preview.remarks if one.severity == "error" and not of_program(one)]
    own = [one for one in errors if one.urn] or errors  # what is about nothing repeats that something failed
    for one in own:
        yield Problem("KO491", one.urn.rpartition("::")[2] or project, one.message)
    if not own:
        yield Problem("KO491", project, f"{broken}: what it would have shown is missing", _ACCEPTED, _AGAIN)


def _violations(preview: Preview) -> Iterator[Problem]:
    """Report what the packs found that the engine ran."""
    names = {resource.urn: resource.name for resource in preview.resources if resource.parent}
    for violation in preview.log.violations:
        problem = violation_problem(violation)
        yield replace(problem, path=where(names.get(violation.urn, ""), problem.path))


def _logged(one: Diagnostic) -> Problem | None:
    """Return what a component of this package logged; None for other messages."""
    severity: Severity = "warning" if one.severity == "warning" else "info"
    found = problem_of(one.message, severity)
    return found if found is not None and found.code in CODES else None


def _remarks(preview: Preview) -> Iterator[tuple[str, Problem]]:
    for one in preview.remarks:
        found = _logged(one) if one.urn and one.severity in ("info", "warning") else None
        if found is not None:
            yield one.urn.rpartition("::")[2], found


def _logs(preview: Preview) -> Iterator[LogEntry]:
    """Return the warnings about resources; those about nothing are the engine's own, of plugins and versions."""
    for one in preview.remarks:
        if one.severity == "warning" and one.urn and _logged(one) is None:
            yield LogEntry("warning", one.message, one.urn)


def _read(path: Path, document: Mapping[str, Any] | None) -> Preview:
    try:
        with open_bytes(path) as stream:
            return read_preview(until_broken(lines(stream)), document)
    except OSError as error:
        raise _refusal(path.name, error.strerror or "cannot be read", _ACCEPTED, _EVENTS) from None


def _name(path: Path) -> str:
    return "stdin" if str(path) == "-" else path.name


def _document(path: Path) -> Mapping[str, Any]:
    accepted = "the document of `pulumi preview --json`"
    try:
        with open_bytes(path) as stream:
            found = parsed(unzipped(stream.read(STATE_BYTES + 1), STATE_BYTES))
    except OSError as error:
        raise _refusal(path.name, error.strerror or "cannot be read", accepted) from None
    except FileError as error:
        raise _refusal(path.name, str(error), accepted) from None
    if not isinstance(found, dict) or "steps" not in found:
        raise _refusal(path.name, "no preview document", accepted)
    return found


def _refusal(path: str, found: str, accepted: str, fix: str = "") -> Refusal:
    return Refusal("Preview", [Problem("KO491", path, found, accepted, fix)])
