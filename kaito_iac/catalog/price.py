"""Prices of nodes: dated list prices by region, rates of your own above them, and plainly unknown where neither states one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from kaito_iac.catalog.load import sizes, sources, table_of
from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Unknown

HOURS_PER_MONTH: Final = 730
"""Hours that clouds count in a month."""

DEFAULT_REGION: Final[Mapping[str, str]] = MappingProxyType({"azure": "eastus", "aws": "us-east-1", "arc": "on premises"})
"""Region whose prices are shown when none is named."""

Kind = Literal["onDemand", "spot", "reserved"]
"""How a node is paid for. Reserved: capacity held by a reservation, which clouds bill as on demand whether it is used or not."""
KINDS: Final[Mapping[str, str]] = MappingProxyType({"onDemand": "list", "spot": "spot", "reserved": "list"})
"""Kind to what its price is called."""


@cache
def _tables() -> Mapping[str, tuple[tuple[str, Mapping[str, Mapping[str, float]]], ...]]:
    """Return the tables of list prices by kind, the newest first: key of the source, size to region to US dollars an hour."""
    found: dict[str, list[tuple[str, Mapping[str, Mapping[str, float]]]]] = {"onDemand": [], "spot": []}
    for row in table_of("prices.json")["tables"]:
        found[row["kind"]].append((row["source"], row["usdPerHour"]))
    return {kind: tuple(rows) for kind, rows in found.items()}


@cache
def _clouds() -> Mapping[str, str]:
    """Return the cloud of every source of list prices."""
    return {key: str(row["cloud"]) for key, row in table_of("prices.json")["sources"].items()}


def price_sources(cloud: str, kind: Kind = "onDemand") -> tuple[str, ...]:
    """Return the keys of the sources of a cloud's list prices, the newest first."""
    return tuple(key for key, _ in _tables()[_listed(kind)] if _clouds()[key] == cloud)


def _listed(kind: Kind) -> str:
    return "spot" if kind == "spot" else "onDemand"


def price_date(cloud: str = "", region: str = "", kind: Kind = "onDemand") -> str:
    """Return the ISO date of a cloud's list prices in a region, of the oldest without a region; "" where there are none."""
    rows = [(key, prices) for key, prices in _tables()[_listed(kind)] if cloud in ("", _clouds()[key])]
    dates = [
        sources("prices")[key].date for key, prices in rows if not region or any(region in known for known in prices.values())
    ]
    return (dates[0] if region else min(dates)) if dates else ""


@cache
def regions(cloud: str) -> tuple[str, ...]:
    """Return the regions of a cloud that any price of a GPU size is known for."""
    names = {size.cloud_name for size in sizes().values() if size.cloud == cloud}
    rows = (prices.get(name, {}) for _, prices in _tables()["onDemand"] for name in names)
    return tuple(sorted({region for row in rows for region in row}))


@cache
def listed_sizes() -> frozenset[str]:
    """Return every size that a list price is on record for, in lower case."""
    return frozenset(name.lower() for kind in _tables().values() for _, prices in kind for name in prices)


def list_price(size_name: str, region: str, kind: Kind = "onDemand") -> float | Unknown:
    """Return the list price of one node of a size, by the cloud's own name, in US dollars an hour: the newest on record."""
    for _, prices in _tables()[_listed(kind)]:
        usd = prices.get(size_name, {}).get(region)
        if usd is not None:
            return float(usd)
    return Unknown(f"no {KINDS[kind]} price on record for {size_name} in {region}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """What nodes cost whom: rates of your own by region and size, and discounts on list prices."""

    name: str = ""
    """File the rates stand in; empty: list prices alone."""
    date: str = ""
    """ISO date of the rates."""
    source: str = ""
    """Where the rates are from, for readers."""
    currency: str = "USD"
    usd_per_unit: float = 1.0
    """US dollars for one unit of the currency, the rate at which it is counted."""
    rates: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)
    """US dollars an hour by kind; the key is region and size, both in lower case."""
    discount_percent: Mapping[str, float] = field(default_factory=dict)
    """By cloud: what on-demand and reserved nodes cost less than at list price."""
    list_prices: bool = True
    """Whether list prices stand in where there is no rate."""

    def per_hour(self, size_name: str, cloud: str, region: str, kind: Kind = "onDemand") -> float | Unknown:
        """Return the price of one node in US dollars an hour, without disks and traffic."""
        own = self.rates.get((region.lower(), size_name.lower()), {})
        rate = own.get(kind, own.get("onDemand") if kind == "reserved" else None)
        if rate is not None:
            return rate
        if not self.list_prices:
            return Unknown(f"no {kind} rate for {size_name} in {region} in {self.name}")
        listed = list_price(size_name, region, kind)
        if isinstance(listed, Unknown) or kind == "spot":
            return listed
        return listed * (1 - self.discount_percent.get(cloud, 0) / 100)

    def of(self, size: GpuSize, region: str, kind: Kind = "onDemand") -> float | Unknown:
        """Return the price of one node of a GPU size in US dollars an hour."""
        found = self.per_hour(size.cloud_name, size.cloud, region, kind)
        if isinstance(found, Unknown):
            return Unknown(found.reason.replace(size.cloud_name, size.name))
        return found


LIST_PRICES: Final = PriceBook()
"""List prices alone."""


def usd_per_hour(size: GpuSize, region: str, *, spot: bool = False) -> float | Unknown:
    """Return the list price of one node of a GPU size, USD per hour, without discounts, disks and traffic."""
    return LIST_PRICES.of(size, region, "spot" if spot else "onDemand")
