"""Workloads and pools before and after, in words, and which of them hang together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.quota.amount import amount
from kaito_iac.report.model import WorkloadRow
from kaito_iac.report.side import Sides
from kaito_iac.stack.change import Change, EventLog
from kaito_iac.stack.reading import field

_UNSHOWN = ("Deployment", "Pod", "Job", "ManagedCluster")


def workload_rows(log: EventLog, found: Sides) -> tuple[WorkloadRow, ...]:
    """Return every pool and workload with GPUs, those that change first."""
    changes = {change.urn: change for change in log.changes}
    before, after = _shown(found.before, changes, old=True), _shown(found.after, changes, old=False)
    urls = _endpoints(log)
    rows = [
        WorkloadRow(
            name=name, before=before.get(name, ""), after=after.get(name, ""), endpoint=urls.get(name.partition(" ")[2], "")
        )
        for name in dict.fromkeys((*after, *before))
    ]
    return tuple(sorted(rows, key=lambda row: row.before == row.after))


def _shown(side: Iterable[Demand], changes: Mapping[str, Change], *, old: bool) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for held in side:
        if held.size is None and held.kind in _UNSHOWN:
            continue
        change = changes.get(held.urn)
        model = _model(change, changes, old) if change else ""
        where = held.size_name or "existing nodes"
        part = f"{held.node_part} of " if held.node_part else ""
        text = " ".join(word for word in (model, f"{count(held.nodes)} x {part}{where}") if word)
        found.setdefault(f"{held.kind} {held.component or held.resource}", []).append(text)
    return {name: "; ".join(dict.fromkeys(parts)) for name, parts in found.items()}


def _model(change: Change, changes: Mapping[str, Change], old: bool) -> str:
    state = change.before if old else change.after or change.before
    if state is None:
        return ""
    for path in (("inference", "preset", "name"), ("spec", "template", "inference", "preset", "name"), ("spec", "model", "name")):
        name = field(state.inputs, *path)
        if isinstance(name, str):
            return name
    return ""


def count(nodes: Range | Unknown) -> str:
    """Return a number of nodes, or its range."""
    if isinstance(nodes, Unknown):
        return "unknown"
    return amount(nodes.low) if nodes.low == nodes.high else f"{amount(nodes.low)}-{amount(nodes.high)}"


def _endpoints(log: EventLog) -> dict[str, str]:
    """Return the URL of each component of ours by its name, the first of a name."""
    found: dict[str, str] = {}
    for change in log.changes:
        state = change.after or change.before
        if change.type.startswith("kaito-iac:") and state:
            url = field(state.outputs, "endpoint", "url")
            found.setdefault(change.name, url if isinstance(url, str) else "")
    return found


def picture(log: EventLog, found: Sides) -> tuple[tuple[str, str], ...]:
    """Return the edges pool → workload → model of what remains, and gateway → workload."""
    changes = {change.urn: change for change in log.changes}
    edges: dict[tuple[str, str], None] = {}
    for held in found.after:
        change = changes.get(held.urn)
        if change is None or (held.size is None and held.kind in _UNSHOWN):
            continue
        node = f"{held.kind} {held.component or held.resource}"
        pool = changes.get(held.pool)
        if pool is not None:
            edges[(f"pool {pool.name}", node)] = None
        model = _model(change, changes, old=False)
        if model:
            edges[(node, f"model {model}")] = None
    return tuple(edges)
