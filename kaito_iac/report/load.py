"""Reads the inputs of a report: event files, preview documents, reports of before; what cannot be read is a hole with a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kaito_iac.files import PLAN_BYTES
from kaito_iac.report.assemble import stack_report
from kaito_iac.report.document import read_report
from kaito_iac.report.findings import Facts
from kaito_iac.report.model import Report, StackReport
from kaito_iac.stack.change import EventLog
from kaito_iac.stack.event_line import lines, open_bytes, until_broken
from kaito_iac.stack.events import read_events
from kaito_iac.stack.preview_document import read_document

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Files of a report; `-` is standard input, and any of them may be gzipped."""

    events: tuple[Path, ...] = ()
    digests: tuple[Path, ...] = ()
    facts: Facts = field(default_factory=Facts)


def load(inputs: Inputs) -> tuple[tuple[StackReport, ...], tuple[str, ...]]:
    """Return the report of every stack, and every file that is missing or cannot be read, with the reason."""
    holes: list[str] = []
    documents = [log for path in inputs.digests if (log := _document(path, holes)) is not None]
    by_stack = {(log.project, log.stack): log for log in documents}
    stacks = []
    for path in inputs.events:
        log = _events(path, holes)
        if log is not None:
            digest = by_stack.pop((log.project, log.stack), None)
            stacks.append(stack_report(log, inputs.facts, _sources(digest)))
    stacks += [stack_report(log, inputs.facts) for log in by_stack.values()]
    return tuple(stacks), tuple(holes)


def _sources(log: EventLog | None) -> Mapping[str, str]:
    return {change.urn: change.source for change in log.changes if change.source} if log else {}


def _events(path: Path, holes: list[str]) -> EventLog | None:
    try:
        with open_bytes(path) as stream:
            log = read_events(until_broken(lines(stream)))
    except OSError as error:
        holes.append(f"{path.name}: {error.strerror or 'cannot be read'}")
        return None
    if log.others:
        message = ", ".join((f"{log.project}/{log.stack}", *log.others[:_SHOWN]))
        holes.append(f"{path.name}: events of several stacks ({message}); give each a file of its own")
        return None
    if not log.events:
        holes.append(f"{path.name}: no engine event in it")
        return None
    return log


def _document(path: Path, holes: list[str]) -> EventLog | None:
    try:
        with open_bytes(path) as stream:
            log = read_document(stream)
    except OSError as error:
        holes.append(f"{path.name}: {error.strerror or 'cannot be read'}")
        return None
    if log is None:
        holes.append(f"{path.name}: no document of `pulumi preview --json`")
    return log


def load_reports(paths: Sequence[Path]) -> tuple[tuple[Report, ...], tuple[str, ...]]:
    """Return reports that were written as JSON; a file that is missing or wrong is a hole."""
    reports: list[Report] = []
    holes: list[str] = []
    for path in paths:
        try:
            with open_bytes(path) as stream:
                data = stream.read(PLAN_BYTES + 1)
        except OSError as error:
            holes.append(f"{path.name}: {error.strerror or 'cannot be read'}")
            continue
        report, problems = read_report(data, path.name)
        holes += [f"{problem.path}: {problem.found}" for problem in problems]
        if report is not None:
            reports.append(report)
    return tuple(reports), tuple(holes)


def merge(reports: Sequence[Report], holes: Sequence[str]) -> Report:
    """Return many reports as one: every stack once, the last one given of each; holes of all."""
    stacks: dict[str, StackReport] = {}
    for report in reports:
        for stack in report.stacks:
            stacks.pop(stack.key, None)
            stacks[stack.key] = stack
    first = reports[0] if reports else Report(stacks=())
    return replace(
        first,
        stacks=tuple(sorted(stacks.values(), key=lambda stack: stack.key)),
        holes=(*(hole for report in reports for hole in report.holes), *holes),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        time=max((report.time for report in reports), default=""),
    )
