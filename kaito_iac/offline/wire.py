"""What a run of a program showed, as JSON lines: how it comes from the process of the program to the one that judges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, Final

from kaito_iac.offline.recording import LogEntry, ProgramError, Recording, Unseen
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.resource import Options, Resource, Secret

PROTOCOL: Final = 1
"""Version of what goes over the pipes; grows when the other side could misread it."""
MARK: Final = "\0record"
"""Key that names the class of a record; no property of a provider has a name like it."""
BATCH: Final = 250
"""Resources on one line, so that neither side holds the whole text."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One component that was refused: its title, such as `KaitoWorkspace 'chat'`, and why."""

    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run and the messages of the components of the program."""

    recording: Recording
    remarks: tuple[tuple[str, Problem], ...] = ()
    """What did not stop a component, by its name."""
    refusals: tuple[Refused, ...] = ()


_RECORDS: Final = {
    record.__name__: record
    for record in (LogEntry, Options, Outcome, Problem, ProgramError, Recording, Refused, Resource, Secret, Unknown, Unseen)
}
_DEFAULTS: Final = {
    record: [
        (item.name, item.default_factory() if item.default_factory is not MISSING else item.default) for item in fields(record)
    ]
    for record in _RECORDS.values()
}
_TUPLES: Final = {
    name: [(item.name, str(item.type)) for item in fields(record) if "tuple" in str(item.type)]
    for name, record in _RECORDS.items()
}


def written(outcome: Outcome) -> Iterator[str]:
    """Return an outcome as lines of JSON; raises ValueError or RecursionError for what JSON cannot hold."""
    resources = outcome.recording.resources
    for start in range(0, len(resources), BATCH):
        yield text(resources[start : start + BATCH])
    error = outcome.recording.error
    plain_error = replace(error, cause=None) if error else None
    yield text(replace(outcome, recording=replace(outcome.recording, resources=(), error=plain_error)))


def read(lines: Sequence[str | bytes]) -> Outcome:
    """Return the outcome that lines hold."""
    return joined([line_read(line) for line in lines])


def line_read(line: str | bytes) -> Any:
    """Return what one line holds."""
    return json.loads(line, object_hook=_record)


def joined(parts: Sequence[Any]) -> Outcome:
    """Return the outcome out of what its lines hold."""
    *batches, last = parts
    resources = tuple(resource for batch in batches for resource in batch)
    outcome: Outcome = last
    return replace(outcome, recording=replace(outcome.recording, resources=resources))


def text(value: Any) -> str:
    """Return a value as one line."""
    return json.dumps(value, default=_plain, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return a record as a mapping without the fields that hold their default."""
    defaults = _DEFAULTS.get(type(value))
    if defaults is not None:
        shown: dict[str, Any] = {MARK: type(value).__name__}
        for name, default in defaults:
            held = getattr(value, name)
            if held is not default and (default is MISSING or held != default):
                shown[name] = held
        return shown
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _record(value: dict[str, Any]) -> Any:
    name = value.pop(MARK, None)
    if name is None:
        return value
    for key, kind in _TUPLES[name]:
        held = value.get(key)
        if held is None:
            continue
        if isinstance(held, dict):
            value[key] = {inner: tuple(items) for inner, items in held.items()}
        else:
            value[key] = tuple(tuple(item) for item in held) if kind.startswith("tuple[tuple") else tuple(held)
    return _RECORDS[name](**value)
