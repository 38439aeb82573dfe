"""What finders find, and what is remembered from one look at the cluster to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kaito_iac.readiness.snapshot import Snapshot, Thing, created, deleting, holds, name_of, text
from kaito_iac.readiness.target import Own, Target

ALWAYS: Final = 1000
"""Restarts of a container that does not get as far as starting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause that may keep the workload from being ready, and its evidence."""

    cause: str
    """Name in CAUSES."""
    about: str
    """Kind and name of the object that shows it."""
    found: str
    """The evidence, in the words of the cluster."""
    since: float = 0.0
    """When it began, in the cluster's time; 0: when it was first seen."""
    restarts: int = ALWAYS
    """Restarts of the container it is about."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A NodeClaim that was seen."""

    first_seen: float
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier looks have shown; an empty one is a good start."""

    first_seen: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Cause and object to when the finding was first seen without a break."""
    claims: Mapping[str, Claim] = field(default_factory=dict)
    """NodeClaims of the workload by name, also those that are gone."""


def remember_claims(memory: Memory, own: Own, snapshot: Snapshot) -> Mapping[str, Claim]:
    """Add the NodeClaims that are there, and those that KAITO says it created."""
    claims = dict(memory.claims)
    for name, when in announced(own, snapshot):
        claims.setdefault(name, Claim(when))
    for claim in own.nodeclaims:
        name = name_of(claim)
        before = claims.get(name) or Claim(created(claim) or snapshot.now)
        claims[name] = Claim(before.first_seen, before.ready or claim_ready(claim))
    return claims


def announced(own: Own, snapshot: Snapshot) -> list[tuple[str, float]]:
    """Return name and time of the NodeClaims that events of the workload announce (KAITO 0.12: reason NodeClaimCreated)."""
    names = {name_of(part): created(part) for _, part in own.parts}
    found = []
    for event in snapshot.of("Event"):
        about = text(event, "involvedObject", "name")
        if text(event, "reason") != "NodeClaimCreated" or about not in names:
            continue
        words = text(event, "message").split()
        when = created(event)
        if "NodeClaim" in words[:-1] and when >= names[about] - 1:
            found.append((words[words.index("NodeClaim") + 1], when))
    return found


def claim_ready(claim: Thing) -> bool:
    """Return whether a NodeClaim has become a node."""
    return not deleting(claim) and (holds(claim, "Ready") or holds(claim, "Initialized"))


def remember_findings(memory: Memory, findings: Sequence[Finding], now: float) -> Mapping[tuple[str, str], float]:
    """Return when each finding was first seen; what is not found any more is forgotten."""
    return {
        (found.cause, found.about): memory.first_seen.get((found.cause, found.about), found.since or now) for found in findings
    }


def lasted(found: Finding, memory: Memory, target: Target, now: float) -> float:
    """Return for how long a finding has lasted; what was there before the specification changed counts from the change."""
    begun = found.since or memory.first_seen.get((found.cause, found.about), now)
    return now - max(begun, target.changed)
