"""Which prices a plan takes: those of a price file, those of the quota file, or list prices."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.problem import Problem


def prices_of(prices: Path | None, quota: Path | None) -> tuple[PriceBook, list[Problem]]:
    """Return the prices of a file, else those that the quota file states, else list prices; and what is wrong or old."""
    if prices is None and quota is None:
        return LIST_PRICES, []
    from kaito_iac.quota.file import read_quota
    from kaito_iac.quota.price_file import price_age, read_prices

    if prices is not None:
        book, problems = read_prices(prices)
        return book or LIST_PRICES, [*problems, *(price_age(book, date.today()) if book else ())]
    assert quota is not None
    limits, _ = read_quota(quota)
    if limits is None or limits.prices is None:
        return LIST_PRICES, []
    book = limits.prices.book(quota.name)
    return book, list(price_age(book, date.today()))
