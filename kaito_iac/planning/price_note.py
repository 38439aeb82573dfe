"""Date and source of the prices of a plan."""

from __future__ import annotations

from collections.abc import Iterable

from kaito_iac.catalog.plain_size import plain_cloud
from kaito_iac.catalog.price import HOURS_PER_MONTH, PriceBook, price_date
from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.demand import EITHER, Demand
from kaito_iac.problem import Unknown


def price_note(found: Iterable[Demand], prices: PriceBook) -> str:
    """Return which prices a cost is made of, of which day, and what they leave out."""
    dates = sorted({day for demand in found for one in (demand.ways or (demand,)) if one.bought for day in _dated(one)})
    listed = f"list prices ({', '.join(dates)})" if dates else "list prices"
    less = [f"{percent:g} % off in {cloud}" for cloud, percent in sorted(prices.discount_percent.items())]
    own = f"rates of {prices.name} of {prices.date}" if prices.name else ""
    shown = [own] if own else []
    if prices.list_prices:
        shown.append(", ".join([f"else {listed}" if own else listed, *less]))
    without = "disks and traffic" if own or less else "discounts, disks and traffic"
    return f"{', '.join(shown)}, {HOURS_PER_MONTH} hours, without {without}"


def _dated(demand: Demand) -> Iterable[str]:
    spot = False if demand.spot == EITHER else demand.spot
    if isinstance(demand.size, Unknown) or isinstance(demand.region, Unknown) or isinstance(spot, Unknown):
        return
    cloud = demand.size.cloud if isinstance(demand.size, GpuSize) else plain_cloud(demand.size_name)
    date = price_date(cloud, demand.region, "spot" if spot else "onDemand")
    if date and not isinstance(demand.usd_per_month, Unknown):
        yield f"{cloud}{' spot' if spot else ''} {date}"
