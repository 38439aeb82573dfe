"""The wait: looks at a cluster again and again until all is ready, one is hopeless, or time is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from kaito_iac.problem import Problem
from kaito_iac.readiness.cluster import Unreachable
from kaito_iac.readiness.diagnose import Diagnosis, diagnose
from kaito_iac.readiness.finding import Memory
from kaito_iac.readiness.redact import minutes
from kaito_iac.readiness.snapshot import Snapshot
from kaito_iac.readiness.target import Target

PAUSES: Final = (1.0, 2.0, 3.0, 5.0)
"""Seconds between looks: short at first, then the last one."""
UNREACHABLE_SECONDS: Final = 10 * 60
"""How long an API server may be away, as in an upgrade of a control plane."""
NEVER_SECONDS: Final = 60
"""How long one may be away that has not answered yet: its address is likely wrong."""
OUTAGE_SECONDS: Final = 60
"""An outage longer than this makes the wait forget when it first saw what: controllers were away too."""


@dataclass(slots=True)
class Wait:
    """One wait for some workloads."""

    look: Callable[[Sequence[Target]], Snapshot]
    """Reads the cluster; raises Unreachable when that may work later, another ClusterError when not."""
    say: Callable[[str], None]
    """Hears a line when there is news."""
    clock: Callable[[], float]
    """Return seconds that never go back."""
    sleep: Callable[[float], None]
    limit: float | None = None
    """Moment of the clock at which the wait ends, whatever the server does."""
    _memories: dict[Target, Memory] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)
    _away_since: float | None = None
    _answered: bool = False

    def until_ready(self, targets: Sequence[Target]) -> list[Diagnosis]:
        """Return the state of each target when all are ready, or one never will be, or is late."""
        looks, standing = 0, list(targets)
        while True:
            try:
                snapshot = self.look(standing)
            except Unreachable as error:
                gone = self._away(error)
                if gone is not None:
                    return [_cut_off(target, gone, "late" if self._over() else "hopeless") for target in standing]
                self._pause(max(error.after, PAUSES[min(looks, len(PAUSES) - 1)]))
                looks += 1
                continue
            self._back()
            found = [self._judge(target, snapshot) for target in standing]
            self._tell(found, snapshot)
            if all(one.state == "ready" for one in found) or any(one.state in ("hopeless", "late") for one in found):
                return found
            if self._over():
                return [_late(one) for one in found]
            standing = [one.target for one in found]
            self._pause(PAUSES[min(looks, len(PAUSES) - 1)])
            looks += 1

    def _over(self) -> bool:
        return self.limit is not None and self.clock() >= self.limit

    def _pause(self, seconds: float) -> None:
        """Sleep, but not beyond the limit."""
        self.sleep(seconds if self.limit is None else max(0.0, min(seconds, self.limit - self.clock())))

    def _judge(self, target: Target, snapshot: Snapshot) -> Diagnosis:
        key = replace(target, begun=0.0, budget_seconds=0)
        found, self._memories[key] = diagnose(target, snapshot, self._memories.get(key) or Memory())
        return found

    def _tell(self, found: Sequence[Diagnosis], snapshot: Snapshot) -> None:
        """Report what is new: what each waits for, doubts without their time, and what cannot be seen."""
        for reason in snapshot.unseen:
            self._once(f"unseen {reason}", f"cannot be seen, so causes there stay unnamed: {reason}")
        for one in found:
            about = one.target.label
            waits = f"waiting for {one.waiting_for} (up to {minutes(one.stage_seconds)})"
            self._news(about, "ready" if one.state == "ready" else waits)
            for doubt in one.doubts:
                self._once(f"{about} {doubt.rpartition(' (')[0]}", f"{about}: {doubt}")

    def _news(self, about: str, text: str) -> None:
        if self._shown.get(about) != text:
            self._shown[about] = text
            self.say(f"{about}: {text}")

    def _once(self, key: str, text: str) -> None:
        if key not in self._shown:
            self._shown[key] = ""
            self.say(text)

    def _away(self, error: Unreachable) -> Problem | None:
        """Note that the API server is away; return the problem when that has lasted too long."""
        now = self.clock()
        if self._away_since is None:
            self._away_since = now
        away = now - self._away_since
        if self._shown.get("away") != "away":
            self._shown["away"] = "away"
            self.say(f"{error}; trying again")
        if not self._over() and away < (UNREACHABLE_SECONDS if self._answered else NEVER_SECONDS):
            return None
        found = f"{error}, for {minutes(away)}"
        return Problem("KO479", "cluster", found, "", "see whether the control plane runs, and wait again when it answers")

    def _back(self) -> None:
        self._answered = True
        if self._away_since is None:
            return
        self._shown["away"] = "back"
        self.say("the API server answers again")
        if self.clock() - self._away_since > OUTAGE_SECONDS:
            self._memories = {target: Memory({}, memory.claims) for target, memory in self._memories.items()}
        self._away_since = None


def _late(one: Diagnosis) -> Diagnosis:
    """Return what a workload is when the wait ends: ready, or late."""
    if one.state == "ready":
        return one
    message = f"not ready in time, still waiting for {one.waiting_for}"
    return replace(one, state="late", problems=one.problems or (Problem("KO476", one.target.label, message),))


def _cut_off(target: Target, problem: Problem, state: Literal["late", "hopeless"]) -> Diagnosis:
    return Diagnosis(target=target, state=state, waiting_for="", stage_seconds=0, problems=(problem,), doubts=())
