"""How old the files are that quota and money are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.price import price_date
from kaito_iac.doctor.finding import Finding

QUOTA_DAYS: Final = 30
"""Days after which the rule quota-age calls a quota file stale."""
OWN: Final = 'kaito-iac prices refresh --output prices.yaml, and prices = "prices.yaml" in kaito-iac.toml'
PRICE_DAYS: Final = 180
"""Days after which list prices are called old."""


def ages(quota: Path | None, prices: Path | None, region: str | None, today: date) -> Iterator[Finding]:
    """Report the age of quota and prices."""
    yield _quota(quota, today)
    if prices is not None:
        yield _own_prices(prices, today)
    else:
        yield from _list_prices(region, today)


def _quota(file: Path | None, today: date) -> Finding:
    if file is None:
        message = "no quota file: vCPUs are not compared with limits"
        fix = 'kaito-iac quota fetch --subscription ID --region REGION, and quota = "quota.yaml" in kaito-iac.toml'
        return Finding(area="configuration", subject="quota", state="info", found=message, fix=fix)
    from kaito_iac.quota.file import read_quota

    found, problems = read_quota(file)
    if found is None:
        message = problems[0].headline if problems else "cannot be read"
        return Finding(area="configuration", subject="quota", state="error", found=message, fix="correct the file")
    return _dated("quota", found.date, QUOTA_DAYS, today, "`kaito-iac quota fetch` reads limits and use again")


def _own_prices(file: Path, today: date) -> Finding:
    from kaito_iac.quota.price_file import MAX_AGE_DAYS, read_prices

    book, problems = read_prices(file)
    if book is None:
        message = problems[0].headline if problems else "cannot be read"
        return Finding(area="configuration", subject="prices", state="error", found=message, fix="correct the file")
    return _dated("prices", date.fromisoformat(book.date), MAX_AGE_DAYS, today, "update the rates and their date")


def _list_prices(region: str | None, today: date) -> Iterator[Finding]:
    """Report the day of the list prices of each cloud that has the region, else of every cloud."""
    known = {cloud: day for cloud in CLOUDS if (day := price_date(cloud, region or ""))}
    if not known:
        message = f"no list prices in {region}" if region else "no list prices"
        yield Finding(area="configuration", subject="prices", state="warning", found=message, fix=OWN)
    for cloud, day in known.items():
        subject = "prices" if region else f"prices of {cloud}"
        yield _dated(subject, date.fromisoformat(day if len(day) > 7 else f"{day}-01"), PRICE_DAYS, today, OWN)


def _dated(subject: str, day: date, most: int, today: date, fix: str) -> Finding:
    age = (today - day).days
    message = f"of {day.isoformat()}, {age} days old"
    if age < 0:
        return Finding(
            area="configuration", subject=subject, state="warning", found=f"of {day.isoformat()}, a day to come", fix=fix
        )
    if age > most:
        return Finding(area="configuration", subject=subject, state="warning", found=f"{message}, more than {most}", fix=fix)
    return Finding(area="configuration", subject=subject, state="ok", found=message)
