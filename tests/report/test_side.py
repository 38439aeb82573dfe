"""What a stack holds before and after a run of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaito_iac.report.load import Inputs, load
from kaito_iac.report.peak import rooms
from kaito_iac.report.side import gpus, sides
from kaito_iac.stack.change import EventLog
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

POOL = "azure-native:containerservice:AgentPool"


def pool(count: int = 2, inputs: dict[str, object] | None = None, **more: object) -> dict[str, object]:
    return state(POOL, "a100", {"vmSize": "Standard_NC24ads_A100_v4", "count": count, **(inputs or {})}, **more)


def deleted(stream: Stream) -> None:
    stream.step("delete", pool(retainOnDelete=True), None)


def replaced(stream: Stream) -> None:
    for op in ("create-replacement", "replace", "delete-replaced"):
        stream.step(op, pool(retainOnDelete=True), None if op == "delete-replaced" else pool(3))


def forgotten(stream: Stream) -> None:
    stream.step("remove-pending-replace", pool(), None)


@pytest.mark.parametrize(
    ("happens", "before", "after", "peak"),
    [
        pytest.param(deleted, 2, 2, 48, id="a deletion that retains it releases nothing"),
        pytest.param(replaced, 2, 5, 120, id="a replacement that retains the old one adds the new one"),
        pytest.param(forgotten, 0, 0, 0, id="a deletion that was done before the run"),
    ],
)
def test_what_a_deletion_retains(stream: Stream, happens: object, before: int, after: int, peak: int) -> None:
    """What `retainOnDelete` leaves in the cloud still costs and needs quota; what is only forgotten was gone before."""
    assert callable(happens)
    happens(stream)
    log: EventLog = read_events(stream.end().lines)
    found = sides(log, "eastus")
    held = [(one.before.known.high, one.after.known.high) for one in gpus(found)]
    assert held == ([(before, after)] if before else [])
    assert sum(room.peak for room in rooms(found, log.changes, ())) == peak


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2-hunter2"'}


def test_secrets_that_events_show_as_they_are(stream: Stream) -> None:
    """A secret that an event shows as it is is masked in messages, findings and values of the same run."""
    about = {"resourceUrn": "urn:x", "policyName": "p", "policyPackName": "k", "policyPackVersion": "1"}
    stream.step("update", pool(), pool(3, inputs={"count": 3, "tags": {"a": SECRET}, "customCa": "hunter2-hunter2"}))
    stream.add("policyEvent", {**about, "message": "why\nhunter2-hunter2", "enforcementLevel": "advisory"})
    stream.add("diagnosticEvent", {"message": "no hunter2-hunter2 here", "severity": "error"})
    log = read_events(stream.end("failed").lines)
    assert "hunter2" not in repr((log.diagnostics, log.violations, [change.differences for change in log.changes]))
    assert [one.message for one in log.diagnostics] == ["no [secret] here"]


def test_events_of_several_stacks(stream: Stream, tmp_path: Path) -> None:
    """Runs of two stacks in one file are no run of either: the file is a hole, with the names of both."""
    stream.step("create", None, pool()).end()
    other = [line.replace(b"urn:pulumi:prod::shop::", b"urn:pulumi:dev::bank::") for line in stream.lines]
    path = tmp_path / "all.jsonl"
    path.write_bytes(b"".join((*stream.lines, *other)))
    hole = "all.jsonl: events of several stacks (shop/prod, bank/dev); give each a file of its own"
    assert load(Inputs(events=(path,))) == ((), (hole,))
