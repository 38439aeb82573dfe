"""What a saved stack runs for certain, by region and family: the part `running` of a quota file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kaito_iac.demand.demand import Demand, region_key, with_gpus
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.quota.balance import Doubt
from kaito_iac.quota.model import ALL_FAMILIES, QuotaFile, Region, family_key
from kaito_iac.stack.resource import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The vCPUs that one stack has in use at least."""

    stack: str
    """project/stack."""
    made: date | None
    """Day of its last update; None where its state does not say."""
    regions: Mapping[str, Mapping[str, int]]
    """vCPUs by region and family; `cores` for all families but spot together."""
    doubts: tuple[Doubt, ...]
    """What is not known, and so stays in the total use."""


def running_of(state: Stack, region: str = "") -> Running:
    """Return what a stack runs at its fewest: more than it has in use would hide the use of others.

    An autoscaled pool counts with its minimum, and what an interrupted update may have made not at all.
    `region` is used for resources that name none.
    """
    regions: dict[str, dict[str, int]] = {}
    doubts: list[Doubt] = []
    certain = [found for found in state.resources if found.certain]
    for demand in with_gpus(demands(certain, region=region or None)):
        if not demand.bought:
            continue
        place, family, vcpus = demand.region, demand.family, demand.vcpus
        if isinstance(vcpus, Unknown):
            doubts.append((demand.component, "vCPUs", vcpus))
        elif isinstance(family, Unknown):
            doubts.append((demand.component, "quota family", family))
        elif isinstance(place, Unknown):
            doubts.append((demand.component, "region", place))
        elif vcpus.low:
            _add(regions.setdefault(place, {}), family, demand, int(vcpus.low))
    stack = "/".join(state.owner)
    return Running(stack=stack, made=state.made, regions=regions, doubts=tuple(doubts))


def _add(shares: dict[str, int], family: str, demand: Demand, vcpus: int) -> None:
    names = (family,) if demand.spot is True else (family, ALL_FAMILIES)
    for name in names:
        shares[name] = shares.get(name, 0) + vcpus


def with_running(quota: QuotaFile, account: str, found: Sequence[Running]) -> tuple[QuotaFile, tuple[str, ...]]:
    """Return a quota file that says what stacks run, and what it has no place for: families without a limit on record."""
    subscription = quota.subscriptions[account]
    regions = {place: _region(place, region, found) for place, region in subscription.regions.items()}
    changed = subscription.model_copy(update={"regions": regions})
    left_out = tuple(_left_out(regions, found))
    return quota.model_copy(update={"subscriptions": {**quota.subscriptions, account: changed}}), left_out


def _region(place: str, region: Region, found: Sequence[Running]) -> Region:
    names = {family_key(family): family for family in region.families}
    running = dict(region.running)
    for one in found:
        shares = one.regions.get(region_key(place), {})
        known = {names[family_key(family)]: share for family, share in shares.items() if family_key(family) in names}
        running.pop(one.stack, None)
        if known:
            running[one.stack] = dict(sorted(known.items()))
    return region.model_copy(update={"running": running})


def _left_out(regions: Mapping[str, Region], found: Sequence[Running]) -> Iterator[str]:
    listed = {(region_key(place), family_key(family)) for place, region in regions.items() for family in region.families}
    for one in found:
        for place, shares in one.regions.items():
            for family, share in shares.items():
                if family != ALL_FAMILIES and (place, family_key(family)) not in listed:
                    yield f"{one.stack}: {share} vCPUs of {family} in {place}: no limit on record there"
