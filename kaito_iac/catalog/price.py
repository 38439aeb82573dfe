"""List prices: dated, by region, and plainly unknown where nobody stated one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from kaito_iac.catalog.load import sizes, sources, table_of
from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Unknown

HOURS_PER_MONTH: Final = 730
"""Hours that clouds count in a month."""

DEFAULT_REGION: Final[Mapping[str, str]] = MappingProxyType({"azure": "eastus", "aws": "us-east-1", "arc": "on premises"})
"""Region that prices are told for when nobody names one."""


def price_date(cloud: str = "") -> str:
    """Return the ISO date of the prices of a cloud; without one, that of the oldest prices."""
    known = sources("prices")
    return known[cloud].date if cloud in known else str(table_of("prices.json")["date"])


@cache
def regions(cloud: str) -> tuple[str, ...]:
    """Return the regions of a cloud that any price is known for."""
    priced = table_of("prices.json")["usdPerHour"]
    return tuple(sorted({region for name, size in sizes().items() if size.cloud == cloud for region in priced.get(name, ())}))


def usd_per_hour(size: GpuSize, region: str, *, spot: bool = False) -> float | Unknown:
    """Return the list price of one node, USD per hour, without discounts, disks and traffic."""
    row = table_of("prices.json")["usdPerHour"].get(size.name, {}).get(region)
    what = "spot price" if spot else "list price"
    if row is None:
        return Unknown(f"no {what} on record for {size.name} in {region}")
    value = row[1] if spot else row[0]
    return Unknown(f"no {what} on record for {size.name} in {region}") if value is None else float(value)
