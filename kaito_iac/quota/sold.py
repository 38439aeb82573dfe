"""Whether a size is sold to a subscription in a region and its zones, and what is nearest to it that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.price import usd_per_hour
from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.demand import NO_REGION, Demand, region_key
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.model import Region, Subscription

_SHOWN: Final = 3


def unsold(found: Iterable[Demand], subscription: Subscription, region: str = "") -> Iterator[Problem]:
    """Report nodes of sizes that the subscription cannot order in their region or zones, where the quota file lists what it can.

    Of several sizes that nodes may have, one that is sold is enough. `region` is that of demand that names none.
    """
    regions = by_key(subscription)
    for demand in found:
        wrong: list[Problem] = []
        ways = demand.ways or (demand,)
        for one in ways:
            place = region if one.region == NO_REGION else one.region
            if not one.bought or not isinstance(one.size, GpuSize) or isinstance(place, Unknown) or not place:
                break
            problem = unsold_size(
                one.size, place, regions, demand.component, zones=_named(one, place), every=one.kind != "NodePool"
            )
            if problem is None:
                break
            wrong.append(problem)
        if len(wrong) == len(ways):
            yield wrong[0]


def _named(demand: Demand, place: str) -> tuple[str, ...]:
    """Return the zones of a demand as the cloud lists them: Karpenter on Azure writes the region before them."""
    return tuple(zone.removeprefix(f"{region_key(place)}-") for zone in demand.zones)


def by_key(subscription: Subscription) -> dict[str, Region]:
    """Return the regions of a subscription by the name that prices and quotas know them by."""
    return {region_key(name): region for name, region in subscription.regions.items()}


def unsold_size(
    size: GpuSize, place: str, regions: Mapping[str, Region], path: str, *, zones: Sequence[str] = (), every: bool = True
) -> Problem | None:
    """Return what is wrong with ordering a size in a region; None: it is sold, or the file does not list what is.

    `every`: all zones have to sell it, as AKS wants it of a pool; else one of them.
    """
    place = region_key(place)
    region = regions.get(place)
    if region is None or region.sizes is None:
        return None
    listed = region.zones_by_size
    name = size.cloud_name
    if name.lower() not in listed:
        message = f"{name} cannot be ordered in {place} ({region.refused.get(name, 'not listed')})"
        return Problem("KS281", path, message, "a size that is available in its region", nearest(size, place, regions))
    sold = listed[name.lower()]
    missing = [zone for zone in zones if zone not in sold]
    if not sold or not missing or (not every and len(missing) < len(zones)):
        return None
    message = f"{name} cannot be ordered in {_zones(missing)} of {place}"
    return Problem("KS281", path, message, f"{_zones(sold)}, where it is available", f"zones={list(sold)!r}")


def _zones(names: Sequence[str]) -> str:
    return f"zone {names[0]}" if len(names) == 1 else f"zones {', '.join(names[:-1])} and {names[-1]}"


def nearest(size: GpuSize, place: str, regions: Mapping[str, Region]) -> str:
    """Return what is nearest: other regions that sell the size, and sizes of the region with as much GPU memory, by price."""
    elsewhere = sorted(name for name, region in regions.items() if name != place and _sells(region, size.cloud_name))
    here = regions[place].sizes or {}
    others = [found for name in here if (found := find_size(name, size.cloud)) is not None and found.schedulable]
    big = [other for other in others if other.gpu_memory_gib >= size.gpu_memory_gib]

    def order(other: GpuSize) -> tuple[int, float]:
        price = usd_per_hour(other, place)
        return other.gpu_memory_gib, float("inf") if isinstance(price, Unknown) else price

    near = [other.name for other in sorted(big, key=order)][:_SHOWN]
    parts = [f"{size.name} in {' or '.join(elsewhere[:_SHOWN])}"] if elsewhere else []
    parts += [f"{' or '.join(near)} in {place}"] if near else []
    return f"nearest: {', '.join(parts)}" if parts else "ask the cloud for access, or list more regions in the quota file"


def _sells(region: Region, name: str) -> bool:
    return region.sizes is not None and name.lower() in (size.lower() for size in region.sizes)
