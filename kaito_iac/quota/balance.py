"""What of every quota family and region is left: limit, use in the cloud, this stack, other stacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kaito_iac.demand.demand import EITHER, NO_REGION, Demand, region_key, with_gpus
from kaito_iac.demand.total import total
from kaito_iac.problem import Unknown
from kaito_iac.quota.amount import amount
from kaito_iac.quota.file import Place, Quota
from kaito_iac.quota.ledger import StackPlan
from kaito_iac.quota.model import ALL_FAMILIES, family_key

Doubt = tuple[str, str, Unknown]
"""Who holds it, what of it is not known, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One family in one region."""

    family: str
    region: str
    quota: Quota | None
    """None: no limit on record."""
    own: str
    """This stack, as project/stack."""
    here: Sequence[Demand] = ()
    """What this stack holds of it."""
    planned: Mapping[str, float] = field(default_factory=dict)
    """vCPUs at their maximum by other stack."""

    @property
    def held(self) -> float:
        """Return the vCPUs of this stack, at their maximum."""
        return total(self.here, lambda demand: demand.vcpus).known.high

    @property
    def peak(self) -> float:
        """Return the vCPUs of this stack while an upgrade adds nodes to each of its pools."""
        return total(self.here, lambda demand: demand.quota_vcpus).known.high

    @property
    def others(self) -> dict[str, float]:
        """Return the vCPUs of every other stack: planned, or running until its next update, whichever is more."""
        running = self.quota.running if self.quota else {}
        return {stack: max(planned, running.get(stack, 0)) for stack, planned in self.planned.items()}

    @property
    def elsewhere(self) -> float:
        """Return the use in the cloud by others than this stack and the ledger."""
        if self.quota is None:
            return 0
        return self.quota.used - sum(share for stack, share in self.quota.running.items() if stack in {*self.planned, self.own})

    @property
    def room(self) -> float:
        """Return the vCPUs that this stack may hold; below 0 when others hold more than there is."""
        return self.quota.limit - self.elsewhere - sum(self.others.values()) if self.quota else 0

    @property
    def left(self) -> float:
        """Return the vCPUs that are left after this stack has its own; below 0: over quota."""
        return self.room - self.held

    def explanation(self) -> str:
        """Return where the room comes from: `96 less 24 used`."""
        if self.quota is None:
            return ""
        parts = [f"{amount(self.elsewhere)} used{' elsewhere' if self.elsewhere != self.quota.used else ''}"]
        biggest = sorted((pair for pair in self.others.items() if pair[1]), key=lambda pair: (-pair[1], pair[0]))
        parts += [f"{amount(held)} of {stack}" for stack, held in biggest[:4]]
        if len(biggest) > 4:
            parts.append(f"{amount(sum(held for _, held in biggest[4:]))} of {len(biggest) - 4} more stacks")
        return f"{amount(self.quota.limit)} less {', '.join(parts)}"


def positions(
    found: Iterable[Demand], plans: Sequence[StackPlan], table: Mapping[Place, Quota], *, own: str = "", region: str = ""
) -> tuple[list[Position], list[Doubt]]:
    """Return the position of every family and region that this stack or another one holds, this stack's first.

    `region` is used for resources that name none.
    """
    doubts: list[Doubt] = []
    here: dict[Place, tuple[str, list[Demand]]] = {}
    for family, place, demand in _placed(found, table, region, "", doubts):
        here.setdefault((family_key(family), place), (family, []))[1].append(demand)
    planned: dict[Place, dict[str, float]] = {}
    names: dict[Place, str] = {}
    for plan in plans:
        for family, place, demand in _placed(plan.demands, table, region, f"{plan.stack}: ", doubts):
            key = family_key(family), place
            names.setdefault(key, family)
            shares = planned.setdefault(key, dict.fromkeys((other.stack for other in plans), 0.0))
            shares[plan.stack] += total([demand], lambda held: held.vcpus).known.high
    nobody = dict.fromkeys((plan.stack for plan in plans), 0.0)
    return [
        Position(
            family=here[key][0] if key in here else names[key],
            region=key[1],
            quota=table.get(key),
            own=own,
            here=here[key][1] if key in here else (),
            planned=planned.get(key, nobody),
        )
        for key in dict.fromkeys((*here, *planned))
    ], doubts


def _placed(
    found: Iterable[Demand], table: Mapping[Place, Quota], region: str, who: str, doubts: list[Doubt]
) -> Iterator[tuple[str, str, Demand]]:
    """Return every family and region that what is bought counts against."""
    for demand in with_gpus(found):
        if not demand.bought:
            continue
        place = region_key(region) if demand.region == NO_REGION and region else demand.region
        values = {"vCPUs": demand.vcpus, "quota family": demand.families, "region": place}
        unknown = [(name, value) for name, value in values.items() if isinstance(value, Unknown)]
        if unknown:
            doubts.append((f"{who}{demand.component}", *unknown[0]))
            continue
        assert not isinstance(demand.families, Unknown)
        for family in demand.families:
            yield family, str(place), demand
        if demand.spot in (False, EITHER) and (ALL_FAMILIES, place) in table:
            yield ALL_FAMILIES, str(place), demand
