"""Folds engine events, one a line, into one change per resource; memory grows with what changes, not with the events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from kaito_iac.secrecy import OF_ENVIRONMENT, Known
from kaito_iac.stack.change import Change, Diagnostic, EventLog, State, Summary, Violation
from kaito_iac.stack.event_entry import Entry
from kaito_iac.stack.event_line import Head, head, noise, parsed, relevant
from kaito_iac.stack.event_policy import PolicyFold
from kaito_iac.stack.event_value import PLAINTEXT, count_secrets, digest, open_secrets, plain

_DETAILED: Final = 5_000
"""Changes whose single properties are kept; of more, the names."""
_SECRETS: Final = 500
"""Secrets of a stream that are masked in its messages; an engine writes none of them as they are."""
_OWNERS: Final = 20
"""Stacks of one file that are distinguished."""
Masked = TypeVar("Masked", Change, Diagnostic, Violation)
_LAUNCHED: Final = ("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/launchConfiguration:LaunchConfiguration")
"""Types whose outputs others name them by."""


def read_events(lines: Iterable[bytes]) -> EventLog:
    """Return what a run of the engine does; lines that are no events are counted and left out."""
    fold = Fold()
    for line in lines:
        fold.line(line)
    return fold.log()


class Fold:
    """Takes events in, one line at a time."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._same: set[int] = set()
        """Hashes of URNs that stay as they are and hold nothing."""
        self._policy = PolicyFold()
        self._summary: Summary | None = None
        self._owners: dict[tuple[str, str], None] = {}
        self._exports: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
        self._secrets: set[str] = set()
        """Secrets that stand in the events as they are."""
        self._detailed = 0
        self._events = 0
        self._skipped = 0
        self._time = 0

    def line(self, line: bytes) -> None:
        """Take one line."""
        start = head(line)
        open_secret = PLAINTEXT in line
        if start is not None and not open_secret and self._known(start, line):
            self._events += 1
            return
        if start is None and noise(line):
            self._events += 1
            return
        if line.strip():
            event = parsed(line)
            if open_secret and len(self._secrets) < _SECRETS:
                self._secrets |= set(open_secrets(event))
            if not self.take(event):
                self._skipped += 1

    def take(self, event: Any) -> bool:
        """Take what a line holds; return whether it is an event."""
        if not isinstance(event, dict) or not any(key.endswith("Event") for key in event):
            return False
        self._events += 1
        self.event(event)
        return True

    def _known(self, start: Head, line: bytes) -> bool:
        """Return whether nothing of a line is needed beyond its beginning."""
        if start.relevant or start.op in (b"refresh", b"read"):
            return not start.is_pre and not start.with_outputs and start.op != b"refresh" and self._stepped(start)
        if not start.is_pre:
            return self._stepped(start) or hash(start.urn) in self._same
        plain_same = start.op == b"same" and b'"custom":true' in line and not start.type.startswith(b"pulumi:providers:")
        if not plain_same or start.urn.decode(errors="replace") in self._entries:
            return False
        self._same.add(hash(start.urn))
        self._own(start.urn.decode(errors="replace"))
        return True

    def _stepped(self, start: Head) -> bool:
        entry = self._entries.get(start.urn.decode(errors="replace"))
        return entry is not None and start.op.decode(errors="replace") in entry.steps

    def event(self, event: Mapping[str, Any]) -> None:
        """Take one event."""
        time = event.get("timestamp")
        if isinstance(time, int) and not isinstance(time, bool) and 0 <= time < 1 << 40:
            self._time = max(self._time, time)
        for kind in ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"):
            body = event.get(kind)
            if isinstance(body, dict):
                self._resource(kind, body.get("metadata"))
        self._policy.event(event, ended=self._summary is not None)
        summary = event.get("summaryEvent")
        if isinstance(summary, dict):
            self._summary = _summary(summary)

    def _own(self, urn: str) -> None:
        parts = urn.split("::", 3)
        if len(parts) > 3 and parts[0].startswith("urn:pulumi:") and len(self._owners) < _OWNERS:
            self._owners.setdefault((parts[1], parts[0].removeprefix("urn:pulumi:")), None)

    def _resource(self, kind: str, found: Any) -> None:
        if not isinstance(found, dict) or not isinstance(found.get("urn"), str) or not found["urn"]:
            self._skipped += 1
            return
        urn, op = found["urn"], found.get("op")
        type_ = found.get("type")
        token = type_ if isinstance(type_, str) else "".join(urn.split("::")[2:3]).rpartition("$")[2]
        self._own(urn)
        entry = self._entries.get(urn)
        if entry is None:
            entry = self._entries[urn] = Entry(urn, token)
        step = op if isinstance(op, str) and op else "unknown"
        if kind == "resourcePreEvent" or step not in entry.steps:
            entry.steps.append(step)
        if kind == "resOpFailedEvent":
            entry.failed = True
        self._sides(entry, step, found)
        if entry.type == "pulumi:pulumi:Stack" and kind == "resOutputsEvent":
            self._exports = (_outputs(found.get("old")), _outputs(found.get("new")))

    def _sides(self, entry: Entry, step: str, found: Mapping[str, Any]) -> None:
        """Take the two sides: the first old one is what was there, the last new one what will be."""
        keep = relevant(entry.type)
        old, new = found.get("old"), found.get("new")
        if isinstance(old, dict) and (entry.before is None or (entry.steps[0] == "refresh" and step != "refresh")):
            entry.before = _state(old, keep)  # what a refresh found is what the steps after it start from
        elif old is None and step == "create" and entry.steps[0] == "refresh":
            entry.before = None
        if isinstance(new, dict):
            entry.after = _state(new, keep, entry.after)
        elif step in ("delete", "discard") or (step == "refresh" and isinstance(old, dict)):
            entry.after = None
        self._compare(entry, step, found, old, new)
        if step != "same":
            entry.secrets = max(entry.secrets, count_secrets(_inputs(new if isinstance(new, dict) else old)))

    def _compare(self, entry: Entry, step: str, found: Mapping[str, Any], old: Any, new: Any) -> None:
        keys = found.get("keys")
        if isinstance(keys, list):
            entry.keys = tuple(key for key in keys if isinstance(key, str))
        detailed = found.get("detailedDiff")
        if isinstance(detailed, dict) and detailed:
            entry.detailed = detailed
        if step in ("create", "delete") and not entry.digest and not entry.new_digest:
            side = old if step == "delete" else new
            setattr(entry, "digest" if step == "delete" else "new_digest", digest(_inputs(side), _names(entry.urn, side)))
        if step == "same" or not isinstance(old, dict) or not isinstance(new, dict):
            if step == "refresh" and isinstance(old, dict) and new is None:
                entry.drifted = entry.vanished = True
            return
        if self._detailed >= _DETAILED and not entry.differences:
            return
        before = not entry.differences
        entry.compare(_inputs(old), _inputs(new))
        self._detailed += before and bool(entry.differences)
        if step == "refresh":
            entry.drifted, entry.drift = bool(entry.differences), entry.differences

    def _mask(self) -> Callable[[str], str] | None:
        """Return what takes secrets that the events show out of messages and values; None where they show none."""
        if not self._secrets:
            return None
        known = Known()
        known.add(sorted(self._secrets), OF_ENVIRONMENT)
        return known.masked

    def log(self) -> EventLog:
        """Return what was taken in."""
        entries = self._entries.values()
        owner = next(iter(self._owners), ("", ""))
        mask = self._mask()
        return EventLog(
            project=owner[0],
            stack=owner[1],
            others=tuple("/".join(other) for other in list(self._owners)[1:]),
            changes=tuple(_masked(entry.change(), mask) for entry in entries),
            same=len(self._same - {hash(entry.urn.encode("utf-8", "surrogatepass")) for entry in entries}),
            summary=self._summary,
            diagnostics=tuple(_masked(one, mask) for one in self._policy.diagnostics),
            violations=tuple(_masked(one, mask) for one in self._policy.violations),
            remediations=tuple(_masked(one, mask) for one in self._policy.remediations),
            packs=tuple(self._policy.packs.values()),
            exports_before=self._exports[0],
            exports_after=self._exports[1],
            events=self._events,
            skipped_lines=self._skipped,
            last_timestamp=self._time,
        )


def _masked(value: Masked, mask: Callable[[str], str] | None) -> Masked:
    """Return a change, a diagnostic or a violation with its texts masked."""
    if mask is None:
        return value
    if isinstance(value, Change):
        shown = (replace(one, before=mask(one.before), after=mask(one.after)) for one in value.differences)
        return replace(value, differences=tuple(shown))
    return replace(value, message=mask(value.message))


def _names(urn: str, state: Any) -> tuple[str, ...]:
    """Return the names that a resource and what is around it go by: they differ when it is renamed."""
    parent = state.get("parent") if isinstance(state, dict) else None
    around = parent.rpartition("::")[2] if isinstance(parent, str) and "::pulumi:pulumi:Stack::" not in parent else ""
    return tuple(sorted({name for name in (urn.rpartition("::")[2], around) if name}, key=len))


def _inputs(state: Any) -> Any:
    found = plain(state.get("inputs")) if isinstance(state, dict) else None
    return found if isinstance(found, dict) else {}


def _outputs(state: Any) -> Mapping[str, Any]:
    found = plain(state.get("outputs")) if isinstance(state, dict) else None
    return found if isinstance(found, dict) else {}


def _state(found: Mapping[str, Any], keep: bool, known: State | None = None) -> State:
    custom = found.get("custom") is True
    parent = found.get("parent")
    launched = found.get("type") in _LAUNCHED
    outputs = _outputs(found) if keep and not custom else _names_of(found) if launched else {}
    return State(
        inputs=_inputs(found) if keep or not custom else {},
        outputs=outputs or (known.outputs if known else {}),
        parent=parent if isinstance(parent, str) and parent else None,
        custom=custom,
        external=found.get("external") is True,
        protect=found.get("protect") is True,
        retain=found.get("retainOnDelete") is True,
    )


def _names_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return by what machines name a launch template, and its version."""
    shown = _outputs(found)
    facts = {"id": found.get("id"), "name": shown.get("name"), "latestVersion": shown.get("latestVersion")}
    return {key: value for key, value in facts.items() if isinstance(value, str | int | float) and value != ""}


def _summary(found: Mapping[str, Any]) -> Summary:
    counts = found.get("resourceChanges")
    result = found.get("result")
    return Summary(
        counts={
            str(op): number
            for op, number in (counts.items() if isinstance(counts, dict) else ())
            if isinstance(number, int) and not isinstance(number, bool)
        },
        result=result if isinstance(result, str) else "",
        preview=found.get("isPreview") is True,
        maybe_corrupt=found.get("maybeCorrupt") is True,
    )
