"""Holds a change against other open pull requests: what fits alone may not fit with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.total import total
from kaito_iac.problem import Problem
from kaito_iac.quota.amount import amount, counted
from kaito_iac.quota.ledger import StackPlan, read_ledger
from kaito_iac.quota.model import family_key
from kaito_iac.report.findings import ordered, own_finding
from kaito_iac.report.ledger_store import MAIN, LedgerStore
from kaito_iac.report.model import Room, StackReport

Held = Mapping[tuple[str, str], float]


def with_rivals(report: StackReport, store: LedgerStore, own: str) -> StackReport:
    """Return the report with a warning for every open pull request that it does not fit together with."""
    plans = _plans(store)
    main = {plan.stack: _held(plan.demands) for plan in plans.get(MAIN, ())}
    problems = [
        problem
        for owner, found in sorted(plans.items())
        if owner not in (MAIN, own)
        for problem in _problems(owner, [_more(plan, main) for plan in found if plan.stack != report.key], report.rooms)
    ]
    findings = ordered((*report.findings, *map(own_finding, problems)))
    return replace(report, findings=findings) if problems else report


def _plans(store: LedgerStore) -> dict[str, tuple[StackPlan, ...]]:
    owners: dict[str, list[tuple[str, bytes]]] = {}
    for entry, data in store.entries().items():
        owners.setdefault(entry.owner, []).append((entry.file, data))
    found = {}
    with TemporaryDirectory() as folder:
        for owner, files in owners.items():
            paths = [Path(folder) / name for name, _ in files]
            for path, (_, data) in zip(paths, files, strict=True):
                path.write_bytes(data)
            found[owner] = read_ledger(paths).plans
    return found


def _held(found: Iterable[Demand]) -> dict[tuple[str, str], float]:
    held: dict[tuple[str, str], float] = {}
    for demand in with_gpus(found):
        if demand.bought and isinstance(demand.family, str) and isinstance(demand.region, str):
            place = family_key(demand.family), demand.region
            held[place] = held.get(place, 0) + total([demand], lambda one: one.vcpus).known.high
    return held


def _more(plan: StackPlan, main: Mapping[str, Held]) -> Held:
    """Return what a pull request holds beyond the main branch."""
    before = main.get(plan.stack, {})
    return {place: held - before.get(place, 0) for place, held in _held(plan.demands).items()}


def _problems(owner: str, found: Sequence[Held], rooms: Sequence[Room]) -> list[Problem]:
    problems = []
    for room in rooms:
        more = sum(held.get((family_key(room.family), room.region), 0) for held in found)
        if room.left is not None and room.left >= 0 and more > room.left:
            message = f"fits alone, not with {owner}: that adds {counted(more, 'vCPU')}, {amount(room.left)} are left"
            fix = "merge one, then raise the quota for the other"
            problems.append(Problem("KQ161", f"{room.family} in {room.region}", message, "", fix, "warning"))
    return problems
