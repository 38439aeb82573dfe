"""Reads the one document of `pulumi preview --json`: steps as changes, and the line of the program behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from posixpath import normpath
from typing import IO, Any, Final

from kaito_iac.files import STATE_BYTES, FileError, unzipped
from kaito_iac.stack.change import EventLog, Summary
from kaito_iac.stack.event_line import parsed
from kaito_iac.stack.events import Fold

_PREFIX: Final = "project:///"
_OUTSIDE: Final = ("site-packages/", "dist-packages/", "/lib/python3", "kaito_iac/", "node_modules/")
"""Parts of paths that are no program of the user: installed packages, Python itself, this package."""


def read_document(stream: IO[bytes]) -> EventLog | None:
    """Return what a preview document shows, with the lines of the program; None for what is no such document."""
    try:
        data = unzipped(stream.read(STATE_BYTES + 1), STATE_BYTES)
    except FileError:
        return None
    document = parsed(data[data.find(b"{") :] if b"{" in data else data)
    if not isinstance(document, dict) or not ({"steps", "changeSummary", "diagnostics"} & document.keys()):
        return None
    return document_log(document)


def document_log(document: Mapping[str, Any]) -> EventLog:
    """Return what a parsed document shows."""
    fold = Fold()
    steps = [step for step in _listed(document.get("steps")) if isinstance(step, dict)]
    for step in steps:
        fold.event(_event(step))
    found = _listed(document.get("diagnostics"))
    for diagnostic in found:
        fold.event({"diagnosticEvent": diagnostic})
    log = fold.log()
    whole = any(step.get("op") == "same" for step in steps) and len(steps) > 1
    failed = any(isinstance(one, dict) and one.get("severity") == "error" for one in found)
    counts = document.get("changeSummary")
    summary = Summary(
        counts={str(op): number for op, number in counts.items() if type(number) is int} if isinstance(counts, dict) else {},
        result="failed" if failed else "succeeded",
        preview=True,
        maybe_corrupt=document.get("maybeCorrupt") is True,
    )
    lines = sources(document)
    changes = tuple(replace(change, source=lines.get(change.urn, "")) for change in log.changes)
    return replace(log, changes=changes, summary=summary if counts is not None else None, whole=whole)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _event(step: Mapping[str, Any]) -> dict[str, Any]:
    old, new = step.get("oldState"), step.get("newState")
    state = new if isinstance(new, dict) else old if isinstance(old, dict) else {}
    metadata = {
        "op": step.get("op"),
        "urn": step.get("urn"),
        "type": state.get("type"),
        "old": old if isinstance(old, dict) else None,
        "new": new if isinstance(new, dict) else None,
        "keys": step.get("replaceReasons"),
        "detailedDiff": step.get("detailedDiff"),
    }
    return {"resOutputsEvent": {"metadata": metadata}}


def sources(document: Mapping[str, Any], root: str = "") -> dict[str, str]:
    """Return file and line of the program by URN; `root` is the folder of Pulumi.yaml inside the repository."""
    found: dict[str, str] = {}
    for step in _listed(document.get("steps")):
        if isinstance(step, dict) and isinstance(step.get("urn"), str):
            for key in ("newState", "oldState"):
                place = next(_frames(step.get(key)), "")
                if place and step["urn"] not in found:
                    found[step["urn"]] = place
    return found


def _frames(state: Any) -> Iterator[str]:
    """Return the frames of a state that lie in the user's program, the nearest first."""
    if not isinstance(state, dict):
        return
    frames = [state.get("sourcePosition")]
    frames += [frame.get("sourcePosition") for frame in _listed(state.get("stackTrace")) if isinstance(frame, dict)]
    for position in frames:
        if isinstance(position, str) and position.startswith(_PREFIX) and "#" in position:
            path, _, line = position.removeprefix(_PREFIX).rpartition("#")
            number = line.partition(",")[0]
            if number.isdecimal() and not any(part in path for part in _OUTSIDE):
                yield f"{path}:{number}"


def in_repository(source: str, root: str) -> str:
    """Return a place relative to the repository; empty for one outside of it."""
    path, _, line = source.rpartition(":")
    if not path:
        return ""
    whole = normpath(f"{root}/{path}" if root else path)
    return "" if whole.startswith(("..", "/")) else f"{whole}:{line}"
