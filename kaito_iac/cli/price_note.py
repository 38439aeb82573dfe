"""Date and source of the prices that a table shows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.find import did_you_mean
from kaito_iac.catalog.load import sources
from kaito_iac.catalog.price import DEFAULT_REGION, HOURS_PER_MONTH, price_date, price_sources, regions


def region_of(cloud: str, region: str | None) -> str:
    """Return the region prices are shown for: the one asked for, or the cloud's usual one."""
    return region or DEFAULT_REGION.get(cloud, "")


def price_note(clouds: Iterable[str], region: str | None) -> str:
    """Return the sentence about prices below a table: what they are, where, of which day."""
    priced = [cloud for cloud in CLOUDS if cloud in set(clouds) and regions(cloud)]
    dates = [_dated(cloud, region_of(cloud, region)) for cloud in priced]
    if not dates:
        return "Prices: none on record."
    return (
        f"Prices: list prices on demand, {HOURS_PER_MONTH} h a month, without discounts, disks and traffic; {', '.join(dates)}."
    )


def price_source(cloud: str) -> dict[str, str] | None:
    """Return title and date of the newest prices of a cloud; None when there are none."""
    known = [sources("prices")[key] for key in price_sources(cloud)]
    return {"title": known[0].title, "date": known[0].date} if known else None


def region_notes(region: str | None, cloud: str | None) -> tuple[str, ...]:
    """Report that no price is on record for a region, which may be a slip of the pen."""
    asked = (cloud,) if cloud else CLOUDS
    known = [name for one in asked for name in regions(one)]
    if region is None or region in known:
        return ()
    some = ", ".join(known) if known else "none"
    near = did_you_mean(tuple(get_close_matches(region, known, 1, cutoff=0.8)))
    return (f"no price is on record for region {region!r}{f'; {near}' if near else ';'} regions with prices: {some}",)


def _dated(cloud: str, region: str) -> str:
    if region not in regions(cloud):
        return f"{cloud} {region}: none on record"
    spot = price_date(cloud, region, "spot")
    return f"{cloud} {region} of {price_date(cloud, region)}{f', spot of {spot}' if spot else ''}"
