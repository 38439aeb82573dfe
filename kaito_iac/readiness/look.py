"""One look at a workload or pool, without waiting: why it is not ready, in the order of cause, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from kaito_iac.readiness.causes import CAUSES
from kaito_iac.readiness.diagnose import GENERAL, alike, find, late, often, time_left
from kaito_iac.readiness.evidence import Evidence, evidence, wanted_sizes
from kaito_iac.readiness.finding import Finding, Memory, lasted, remember_claims
from kaito_iac.readiness.next_step import next_step, place
from kaito_iac.readiness.pool import POOL_KINDS, find_pool, own_of_pool, pool_ready, pool_waits_for
from kaito_iac.readiness.ready import SUMMARY, ready
from kaito_iac.readiness.redact import minutes, one_line
from kaito_iac.readiness.snapshot import Snapshot, condition, created, since
from kaito_iac.readiness.stage import stage
from kaito_iac.readiness.target import Own, Target, budget, own

State = Literal["ready", "notReady"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One cause that was found."""

    code: str
    cause: str
    """Name in the table of causes."""
    title: str
    about: str
    """Kind and name of the object that shows it, and how many others do."""
    evidence: str
    """What it shows, in the words of the cluster, without secrets."""
    seconds: int
    """How long it has lasted."""
    certain: bool
    """Whether a wait would give up now: it has lasted for its grace, and often enough."""
    follows: bool
    """Whether it is likely a consequence of a reason before it."""
    fix: str
    next: str
    """The command to type next."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """State of a workload or pool at one moment."""

    target: Target
    state: State
    waiting_for: str
    """What it waits for; empty when it is ready."""
    seconds: int
    """How long it has not been ready; 0: unknown, or it is ready."""
    reasons: tuple[Reason, ...]
    """Why it is not ready, in the order of cause; consequences last."""
    evidence: tuple[Evidence, ...]
    """What was seen."""
    unseen: tuple[str, ...]
    """What could not be read."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": self.target.kind,
            "namespace": self.target.namespace or None,
            "name": self.target.name,
            "state": self.state,
            "waitingFor": self.waiting_for or None,
            "seconds": self.seconds,
            "budgetSeconds": self.target.budget_seconds or None,
            "reasons": [reason.as_json() for reason in self.reasons],
            "evidence": [one.as_json() for one in self.evidence],
            "unseen": list(self.unseen),
        }


def look_at(target: Target, snapshot: Snapshot, *, flags: str = "") -> Look:
    """Judge one workload or pool by one snapshot; `flags` are the options that lead kubectl to the same cluster."""
    pool = target.kind in POOL_KINDS
    ours = own_of_pool(target, snapshot) if pool else own(target, snapshot)
    begun = _begun(target, ours) or snapshot.now
    target = replace(target, begun=begun, budget_seconds=0 if pool else budget(ours.thing, target.kind))
    memory = Memory({}, remember_claims(Memory(), ours, snapshot))
    findings = find_pool(target, ours, snapshot, memory) if pool else find(target, ours, snapshot, memory)
    is_ready = pool_ready(ours, findings) if pool else ready(target, ours, snapshot.now)
    seen = tuple(evidence(ours, snapshot))
    if is_ready:
        return _look(target, "ready", "", 0, (), seen, snapshot)
    waits = pool_waits_for(ours) if pool else stage(target, ours, snapshot).waiting_for
    reasons = _reasons(target, ours, findings, snapshot, flags)
    seconds = round(snapshot.now - begun)
    if not reasons and not pool and seconds > target.budget_seconds:
        reasons = (_late(target, waits, seconds, flags),)
    return _look(target, "notReady", one_line(waits), seconds, reasons, seen, snapshot)


def _look(
    target: Target,
    state: State,
    waits: str,
    seconds: int,
    reasons: tuple[Reason, ...],
    seen: tuple[Evidence, ...],
    snapshot: Snapshot,
) -> Look:
    return Look(
        target=target,
        state=state,
        waiting_for=waits,
        seconds=seconds,
        reasons=reasons,
        evidence=seen,
        unseen=snapshot.unseen,
    )


def _begun(target: Target, ours: Own) -> float:
    """Return since when the workload is not ready: since its condition says so, or since it was created."""
    if ours.thing is None or target.kind == "AgentPool":
        return 0.0
    return max(created(ours.thing), since(condition(ours.thing, SUMMARY.get(target.kind, "Ready"))))


def _reasons(target: Target, ours: Own, findings: Sequence[Finding], snapshot: Snapshot, flags: str) -> tuple[Reason, ...]:
    """Return one reason for each cause and evidence, those that follow from others last."""
    order = list(CAUSES)
    special = any(found.cause not in GENERAL for found in findings)
    follows = {found.cause for found in findings if special and found.cause in GENERAL}
    groups: dict[tuple[str, str], list[Finding]] = {}
    seen = set()
    for found in sorted(findings, key=lambda one: (one.cause in follows, order.index(one.cause))):
        if (found.cause, found.about) in seen:  # as a condition and as an event
            continue
        seen.add((found.cause, found.about))
        groups.setdefault((found.cause, alike(found)), []).append(found)
    _, size, model = next(iter(wanted_sizes(ours)), ("", "", ""))
    reasons = []
    for (name, _), same in groups.items():
        cause, first = CAUSES[name], same[0]
        others = len({found.about for found in same}) - 1
        at = place(first.about, target.namespace, size=size, model=model, flags=flags)
        reasons.append(
            Reason(
                code=cause.code,
                cause=name,
                title=cause.title,
                about=f"{first.about}{f' (and {others} more)' if others else ''}",
                evidence=one_line(first.found),
                seconds=max(0, round(lasted(first, Memory(), target, snapshot.now))),
                certain=time_left(first, Memory(), target, snapshot.now) <= 0 and often(first),
                follows=name in follows,
                fix=cause.fix,
                next=next_step(name, at),
            )
        )
    return tuple(reasons)


def _late(target: Target, waits: str, seconds: int, flags: str) -> Reason:
    problem = late(target, waits, ())
    at = place(f"{target.kind}/{target.name}", target.namespace, flags=flags)
    return Reason(
        code=problem.code,
        cause="late",
        title="not ready in time",
        about=target.label,
        evidence=f"not ready for {minutes(seconds)}, where {minutes(target.budget_seconds)} are usual: no cause is visible",
        seconds=seconds,
        certain=True,
        follows=False,
        fix="read the logs of its pods and of the operator",
        next=next_step("late", at),
    )
