"""Stacks side by side: who reads what changes, and a quota that holds each and not all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kaito_iac.report.assemble import stack_report
from kaito_iac.report.findings import Facts
from kaito_iac.report.markdown import markdown
from kaito_iac.report.model import Report, StackReport
from kaito_iac.report.together import together
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

STACK, REFERENCE, POOL = "pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "azure-native:containerservice:AgentPool"
QUOTA = """\
date: 2026-11-20
subscriptions:
  sub:
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {limit: 96, used: 0}
"""


def report(stream: Stream, stack: str, facts: Facts | None = None) -> StackReport:
    lines = [line.replace(b"urn:pulumi:prod", f"urn:pulumi:{stack}".encode()) for line in stream.end().lines]
    return stack_report(read_events(lines), facts)


def root(url: str) -> dict[str, Any]:
    return state(STACK, "shop-prod", {}, outputs={"url": url}, custom=False)


def test_readers_of_a_changed_output() -> None:
    """Stacks whose StackReferences read a changed output are named; a stack without changed outputs has none."""
    changed = report(Stream().step("same", root("http://a"), root("http://b")), "platform")
    reading = report(Stream().step("read", None, state(REFERENCE, "p", {"name": "org/shop/platform"}, external=True)), "apps")
    found = together([changed, reading])
    assert [stack.affected for stack in found] == [("shop/apps",), ()]
    assert "outputs `url` change; read by `shop/apps`" in markdown(Report(stacks=found))


def test_a_quota_that_holds_each_and_not_all(tmp_path: Path) -> None:
    """Two stacks that each fit and exceed the quota together are refused, and each names the other."""
    (tmp_path / "quota.yaml").write_text(QUOTA)
    facts = Facts(quota=tmp_path / "quota.yaml", today=date(2026, 11, 28))
    pool = state(POOL, "p", {"vmSize": "Standard_NC24ads_A100_v4", "count": 3, "location": "eastus"})
    stacks = [report(Stream().step("create", None, pool), name, facts) for name in ("a", "b")]
    assert [stack.verdict for stack in stacks] == ["fits", "fits"]
    found = together(stacks)
    assert [stack.verdict for stack in found] == ["refused", "refused"]
    assert [one.problem.headline for one in found[0].findings] == [
        "StandardNCADSA100v4Family in eastus: fits alone, not with shop/b: that adds 72 vCPUs, 24 are left [KQ161]"
    ]
