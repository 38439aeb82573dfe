"""Whether a size is sold to a subscription in a region, and what is nearest to it that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.price import usd_per_hour
from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.demand import Demand, region_key
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.model import Region, Subscription

_SHOWN: Final = 3


def unsold(found: Iterable[Demand], subscription: Subscription) -> Iterator[Problem]:
    """Report nodes of sizes that the subscription cannot order in their region, as far as the quota file lists what it can."""
    regions = {region_key(name): region for name, region in subscription.regions.items()}
    for demand in found:
        for one in demand.ways or (demand,):
            region = None if isinstance(one.region, Unknown) else regions.get(one.region)
            if not one.bought or not isinstance(one.size, GpuSize) or region is None or region.sizes is None:
                continue
            name, place = one.size.cloud_name, str(one.region)
            if not _sells(region, name):
                reason = region.refused.get(name, "not listed")
                told = f"{name} cannot be ordered in {place} ({reason})"
                yield Problem(
                    "KS281", demand.component, told, "a size and region that is sold", nearest(one.size, place, regions)
                )


def _sells(region: Region, name: str) -> bool:
    return region.sizes is not None and name.lower() in (size.lower() for size in region.sizes)


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
