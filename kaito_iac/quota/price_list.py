"""Reads what clouds publish as prices: items of Azure's retail price API, rows of AWS's price list."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from kaito_iac.catalog.load import sizes, table_of
from kaito_iac.catalog.other_size import other_sizes

Rates = dict[str, dict[str, dict[str, float]]]
"""Region to size to kind (onDemand, spot) to US dollars an hour."""
AZURE: Final = "https://prices.azure.com/api/retail/prices"
AWS: Final = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/{region}/index.csv"
CLOUDS: Final = ("azure", "aws")
_SHARED: Final = {
    "TermType": "OnDemand",
    "Tenancy": "Shared",
    "Operating System": "Linux",
    "Pre Installed S/W": "NA",
    "CapacityStatus": "Used",
    "Unit": "Hrs",
    "Currency": "USD",
}
"""Columns of AWS's list and what they say of a plain node on demand."""


class NotAList(ValueError):
    """Report that something is no price list of a cloud."""


@dataclass(slots=True)
class Found:
    """What was read: rates, and the day each holds from."""

    rates: Rates = field(default_factory=dict)
    _since: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def add(self, region: str, size: str, kind: str, usd: float, since: str) -> None:
        """Keep a rate; of several the one that holds from the latest day."""
        key = (region, size, kind)
        if usd > 0 and since >= self._since.get(key, ""):
            self._since[key] = since
            self.rates.setdefault(region, {}).setdefault(size, {})[kind] = usd


def wanted(cloud: str) -> Mapping[str, str]:
    """Return the sizes whose prices are kept, by their name in lower case: those with GPUs, and usual system nodes."""
    names = {size.cloud_name for size in (*sizes().values(), *other_sizes().values()) if size.cloud == cloud}
    table = table_of("prices.json")
    for row in table["tables"]:
        if table["sources"][row["source"]]["cloud"] == cloud:
            names |= set(row["usdPerHour"])
    return {name.lower(): name for name in names}


def azure_filter(region: str) -> str:
    """Return the question for the virtual machines of a region."""
    of_sizes = "(contains(armSkuName,'Standard_N') or contains(armSkuName,'Standard_D'))"
    return f"serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq '{region}' and {of_sizes}"


def azure_items(page: Any) -> list[Mapping[str, Any]]:
    """Return the items of a page of Azure's API, or of a list of pages; raises NotAList for anything else."""
    pages = page if isinstance(page, list) else [page]
    found = []
    for one in pages:
        items = one.get("Items") if isinstance(one, Mapping) else None
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise NotAList("no page of Azure's retail prices: an object with Items")
        found += items
    return found


def take_azure(items: Iterable[Mapping[str, Any]], found: Found, today: date) -> None:
    """Keep the prices of Linux nodes on demand and as spot, for an hour, in US dollars, that hold today."""
    names = wanted("azure")
    for item in items:
        size = names.get(str(item.get("armSkuName", "")).lower())
        product, meter = str(item.get("productName", "")), str(item.get("meterName", ""))
        since = str(item.get("effectiveStartDate", ""))[:10]
        plain = item.get("type") == "Consumption" and item.get("unitOfMeasure") == "1 Hour" and item.get("currencyCode") == "USD"
        other = "Windows" in product or "Cloud Services" in product or "CloudServices" in product or "Low Priority" in meter
        usd, region = item.get("retailPrice"), item.get("armRegionName")
        if size is None or not plain or other or since > today.isoformat() or item.get("tierMinimumUnits"):
            continue
        if isinstance(usd, int | float) and not isinstance(usd, bool) and isinstance(region, str) and region:
            found.add(region, size, "spot" if "Spot" in meter else "onDemand", float(usd), since)


def take_aws(lines: Iterable[str], found: Found, region: str = "") -> None:
    """Keep the prices of Linux nodes on demand of AWS's list, a CSV file; it has no spot prices. Raises NotAList."""
    rows = csv.reader(lines)
    names = wanted("aws")
    head = _head(rows)
    for cells in rows:
        row = dict(zip(head, cells, strict=False))
        size = names.get(row.get("Instance Type", "").lower())
        if size is None or any(row.get(key) != value for key, value in _SHARED.items()):
            continue
        place = row.get("Region Code") or region
        try:
            usd = float(row.get("PricePerUnit", ""))
        except ValueError:
            continue
        if place:
            found.add(place, size, "onDemand", usd, row.get("EffectiveDate", ""))


def _head(rows: Iterator[list[str]]) -> list[str]:
    """Return the names of the columns, which follow a few lines about the list."""
    for _ in range(20):
        cells = next(rows, None)
        if cells is None:
            break
        if "Instance Type" in cells and "PricePerUnit" in cells:
            return cells
    raise NotAList("no price list of AWS: a CSV file with the columns Instance Type and PricePerUnit")
