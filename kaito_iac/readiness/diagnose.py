"""The judgement: whether a workload is ready, waits, or can never become ready, from a snapshot and earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from kaito_iac.problem import Problem
from kaito_iac.readiness.causes import CAUSES
from kaito_iac.readiness.find_nodes import find_nodes
from kaito_iac.readiness.find_pods import find_pods
from kaito_iac.readiness.find_workload import find_workload
from kaito_iac.readiness.finding import Finding, Memory, lasted, remember_claims, remember_findings
from kaito_iac.readiness.ready import ready
from kaito_iac.readiness.redact import minutes, one_line
from kaito_iac.readiness.snapshot import Snapshot
from kaito_iac.readiness.stage import Stage, stage
from kaito_iac.readiness.target import Own, Target, budget, own

State = Literal["ready", "waiting", "hopeless", "late"]
GENERAL: Final = frozenset({"churn", "provisioner", "crash", "job", "operator", "taint", "selector", "gpu"})
"""Causes that often follow from another one; reported only where no other is."""
SETTLE_SECONDS: Final = 3 * 60
"""Least grace of what was wrong before the specification changed: the change has to arrive first."""
TELL_SECONDS: Final = 20
"""How long a suspected cause lasts before it is reported: most are over by then."""
MOST: Final = 5
"""Maximum of problems reported for one workload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """How a workload is doing."""

    target: Target
    state: State
    waiting_for: str
    """What it waits for; empty when it is ready."""
    stage_seconds: int
    """How long that may take."""
    problems: tuple[Problem, ...]
    """Why it is hopeless, gravest first; empty in every other state but late."""
    doubts: tuple[str, ...]
    """Causes that would make it hopeless if they last, each with the time left."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": self.target.kind,
            "namespace": self.target.namespace or None,
            "name": self.target.name,
            "state": self.state,
            "waitingFor": self.waiting_for or None,
            "budgetSeconds": self.target.budget_seconds,
            "doubts": list(self.doubts),
            "problems": [problem.as_json() for problem in self.problems],
        }


def diagnose(target: Target, snapshot: Snapshot, memory: Memory) -> tuple[Diagnosis, Memory]:
    """Judge one workload; the memory it gives is for the next look."""
    ours = own(target, snapshot)
    target = replace(
        target,
        begun=target.begun or snapshot.now,
        budget_seconds=target.budget_seconds or budget(ours.thing, target.kind),
    )
    if ready(target, ours, snapshot.now):
        return Diagnosis(target=target, state="ready", waiting_for="", stage_seconds=0, problems=(), doubts=()), Memory()
    memory = Memory(memory.first_seen, remember_claims(memory, ours, snapshot))
    findings = find(target, ours, snapshot, memory)
    memory = Memory(remember_findings(memory, findings, snapshot.now), memory.claims)
    step = stage(target, ours, snapshot)
    return _judged(target, findings, memory, snapshot, step), memory


def find(target: Target, ours: Own, snapshot: Snapshot, memory: Memory) -> list[Finding]:
    """Return everything that may keep a workload from being ready."""
    findings = [*find_workload(target, ours, snapshot)]
    if ours.thing is not None:
        findings += [*find_nodes(ours, snapshot, memory.claims), *find_pods(ours, snapshot)]
    return findings


def _judged(target: Target, findings: Sequence[Finding], memory: Memory, snapshot: Snapshot, step: Stage) -> Diagnosis:
    hopeless = [found for found in findings if time_left(found, memory, target, snapshot.now) <= 0 and often(found)]
    doubts = tuple(dict.fromkeys(_doubts([one for one in findings if one not in hopeless], memory, target, snapshot.now)))
    problems = tuple(_problems(hopeless))
    state: State = "hopeless" if problems else "waiting"
    if not problems and snapshot.now - target.begun > target.budget_seconds:
        state, problems = "late", (late(target, step.waiting_for, doubts),)
    return Diagnosis(
        target=target,
        state=state,
        waiting_for=one_line(step.waiting_for),
        stage_seconds=step.seconds,
        problems=problems,
        doubts=doubts,
    )


def time_left(found: Finding, memory: Memory, target: Target, now: float) -> float:
    """Return the seconds of grace that a finding has left; 0 or less: it counts."""
    grace = CAUSES[found.cause].grace_seconds
    begun = found.since or memory.first_seen.get((found.cause, found.about), now)
    if begun < target.changed:
        grace = max(grace, SETTLE_SECONDS)
    return grace - lasted(found, memory, target, now)


def often(found: Finding) -> bool:
    """Return whether the container of a finding has restarted as often as its cause asks."""
    return found.restarts >= CAUSES[found.cause].restarts


def _doubts(findings: Sequence[Finding], memory: Memory, target: Target, now: float) -> Iterator[str]:
    for found in gravest([one for one in findings if lasted(one, memory, target, now) >= TELL_SECONDS]):
        left = time_left(found, memory, target, now)
        after = f"given up in {minutes(left)}" if left > 0 else "given up when it restarts again"
        yield f"{CAUSES[found.cause].title}: {one_line(f'{found.about}: {found.found}')} ({after})"


def gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings in the order of the table, without those that follow from others."""
    order = list(CAUSES)
    special = [found for found in findings if found.cause not in GENERAL]
    return sorted(special or findings, key=lambda found: order.index(found.cause))


def _problems(hopeless: Sequence[Finding]) -> Iterator[Problem]:
    """Return one problem for each cause and evidence; the same of several objects is reported once, with their number."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for found in gravest(hopeless):
        groups.setdefault((found.cause, alike(found)), []).append(found)
    for (name, _), same in list(groups.items())[:MOST]:
        cause = CAUSES[name]
        others = len({found.about for found in same}) - 1
        more = f" (and {others} more)" if others else ""
        yield Problem(cause.code, f"{same[0].about}{more}", f"{cause.title}: {one_line(same[0].found)}", "", cause.fix)


def alike(found: Finding) -> str:
    """Return what makes two findings the same: their words without the names of objects."""
    return " ".join(word for word in found.found.split() if word not in found.about)[:80]


def late(target: Target, waiting_for: str, doubts: Sequence[str]) -> Problem:
    """Return the problem of a workload that had its time."""
    seen = f"; seen: {'; '.join(doubts)}" if doubts else ""
    return Problem(
        "KO476",
        target.label,
        f"not ready after {minutes(target.budget_seconds)}, still waiting for {one_line(waiting_for)}{seen}",
        "",
        "wait again with a longer --timeout (timeout_minutes in a program) if it makes progress, or read its pods' logs",
    )
