"""Old and new nodes at once: the room they need while an update runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.report.assemble import stack_report
from kaito_iac.report.findings import Facts
from kaito_iac.report.numbers import money, quota
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

POOL = "azure-native:containerservice:AgentPool"
QUOTA = """\
date: 2026-11-20
subscriptions:
  sub:
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {limit: LIMIT, used: 0}
"""


def pool(size: str, count: int = 2, name: str = "a100") -> dict[str, Any]:
    return state(POOL, name, {"vmSize": size, "count": count, "agentPoolName": name, "location": "eastus"})


OLD, NEW = pool("Standard_NC24ads_A100_v4", 3), pool("Standard_NC48ads_A100_v4", 1)
FORCED = {"keys": ["vmSize"], "detailedDiff": {"vmSize": {"diffKind": "update-replace", "inputDiff": True}}}


def replaced(order: Sequence[str]) -> Stream:
    stream = Stream()
    for op in order:
        stream.step(op, OLD, None if op == "delete-replaced" else NEW, **FORCED)
    return stream.end()


@pytest.mark.parametrize(
    ("order", "limit", "numbers", "told"),
    [
        pytest.param(("create-replacement", "replace", "delete-replaced"), 130, (72, 120, 48), [], id="both fit"),
        pytest.param(
            ("create-replacement", "replace", "delete-replaced"),
            100,
            (72, 120, 48),
            [
                "StandardNCADSA100v4Family in eastus: old and new nodes at the same time need 120 vCPUs; "
                "expected at most 100 during the update [KQ160]"
            ],
            id="the quota holds before and after, and not meanwhile",
        ),
        pytest.param(("delete-replaced", "replace", "create-replacement"), 100, (72, 72, 48), [], id="the old nodes go first"),
        pytest.param(("replace",), 100, (72, 120, 48), None, id="an order that is not known counts as the worse one"),
    ],
)
def test_peak(order: Sequence[str], limit: int, numbers: tuple[int, ...], told: list[str] | None, tmp_path: Path) -> None:
    """New nodes first need room for both; old nodes first need none, and no one serves meanwhile."""
    quota = tmp_path / "quota.yaml"
    quota.write_text(QUOTA.replace("LIMIT", str(limit)))
    report = stack_report(read_events(replaced(order).lines), Facts(quota=quota, today=date(2026, 11, 28)))
    assert [(room.before, room.peak, room.after) for room in report.rooms] == [numbers]
    if told is not None:
        assert [one.problem.headline for one in report.findings] == told
        assert report.verdict == ("refused" if told else "fits")


def test_a_rename_needs_both(tmp_path: Path) -> None:
    """A pool under another name is a new pool: the old one goes when the new one is there."""
    old, new = pool("Standard_NC24ads_A100_v4"), pool("Standard_NC24ads_A100_v4", name="gpus")
    stream = Stream().step("create", None, new).step("delete", old, None).end()
    report = stack_report(read_events(stream.lines))
    assert [(room.before, room.peak, room.after) for room in report.rooms] == [(48, 96, 48)]
    assert [one.alias for one in report.renames] == ["aliases=[pulumi.Alias(name='a100')]"]


NODES = "kubernetes:karpenter.sh/v1:NodePool"


@pytest.mark.parametrize(
    ("sizes", "told", "families"),
    [
        pytest.param(
            ["g6.12xlarge"],
            "quota not judged (no quota file)",
            ["All G and VT Spot Instance Requests", "Running On-Demand G and VT instances"],
            id="nodes that may be spot need room in both quotas",
        ),
        pytest.param(["g6.12xlarge", "p5.48xlarge"], "quota not judged (quota family not known)", [], id="one of two families"),
        pytest.param(["m5.large"], "needs no GPU quota", [], id="no GPUs"),
    ],
)
def test_nodes_of_karpenter(stream: Stream, sizes: list[str], told: str, families: list[str]) -> None:
    """A headline says that no quota is needed only where no node with GPUs is created."""
    needs = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": sizes}]
    inputs = {"spec": {"template": {"spec": {"requirements": needs}}, "limits": {"cpu": "400"}}}
    stream.step("create", None, state(NODES, "gpu", inputs)).end()
    report = stack_report(read_events(stream.lines), Facts(region="us-west-2"))
    assert (quota([report]), [room.family for room in report.rooms]) == (told, families)


def test_cost_of_nodes_that_may_be_spot(stream: Stream) -> None:
    """Nodes that may be spot cost at most what they cost on demand, where no spot price is on record."""
    needs = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g6.12xlarge"]}]
    stream.step("create", None, state(NODES, "gpu", {"spec": {"template": {"spec": {"requirements": needs}}, "replicas": 1}}))
    report = stack_report(read_events(stream.end().lines), Facts(region="us-west-2"))
    assert money([report]) == "+3,359 USD/month (0 → up to 3,359)"


def test_reserved_nodes_need_no_room(stream: Stream) -> None:
    """Nodes of a capacity reservation take none of the quota, before, during and after an update."""
    inputs = {"vmSize": "Standard_NC24ads_A100_v4", "count": 2, "capacityReservationGroupID": "/subscriptions/s"}
    stream.step("create", None, state("azure-native:containerservice:AgentPool", "gpu", inputs)).end()
    assert stack_report(read_events(stream.lines), Facts(region="eastus")).rooms == ()
