"""Workloads and pools of a report, and how much work they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kaito_iac.report.side import sides
from kaito_iac.report.workloads import workload_rows
from kaito_iac.stack.change import Change
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

POOL, CHAT = "azure-native:containerservice:AgentPool", "kaito-iac:index:KaitoWorkspace"
SIZE = {"vmSize": "Standard_NC24ads_A100_v4", "count": 1}


class Counted(tuple[Change, ...]):
    """Changes that count how often they are gone through."""

    rounds = 0

    def __iter__(self) -> Iterator[Change]:
        Counted.rounds += 1
        return super().__iter__()


def log_of(stream: Stream, pools: int) -> Any:
    """Return a run that deletes so many pools, and the component of the first."""
    url = {"endpoint": {"url": "http://chat.models.svc"}}
    stream.step("update", state(CHAT, "pool-0", {}, outputs=url), state(CHAT, "pool-0", {"a": 1}, outputs=url))
    for index in range(pools):
        stream.step("delete", state(POOL, f"pool-{index}", SIZE), None)
    return read_events(stream.end().lines)


def test_rows_of_many_pools(stream: Stream) -> None:
    """The changes are gone through as often for many pools as for few, and a component gives its row the address."""
    log = log_of(stream, 50)
    found = sides(log, "eastus")
    Counted.rounds = 0
    rows = workload_rows(replace(log, changes=Counted(log.changes)), found)
    assert Counted.rounds <= 2
    assert {row.name: row.endpoint for row in rows if row.endpoint} == {"AgentPool pool-0": "http://chat.models.svc"}
    assert len(rows) == 50
