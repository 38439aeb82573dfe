"""How figures of a plan read: counts, ranges, and money by the month and by the hour."""

from __future__ import annotations

from typing import Final

from kaito_iac.catalog.price import HOURS_PER_MONTH, PriceBook
from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown

_UP_TO: Final = "up to "


def number(value: float) -> str:
    """Return a number with separators, without a fraction."""
    return f"{value:,.0f}"


def span(value: Range | Unknown | None) -> str:
    """Return a range as `2` or `1-4`, and the unknown as a question mark."""
    if value is None:
        return ""
    if isinstance(value, Unknown):
        return "unknown"
    if not value.low_known:
        return f"{_UP_TO}{number(value.high)}"
    return number(value.low) if value.low == value.high else f"{number(value.low)}-{number(value.high)}"


def hourly(demand: Demand) -> str:
    """Return the price of all nodes for an hour."""
    return "unknown" if isinstance(demand.usd_per_month, Unknown) else _hours(demand.usd_per_month).replace(_UP_TO, "<=")


def _hours(month: Range) -> str:
    """Return what a month costs by the hour, as short as a column has room for."""
    low, high = month.low / HOURS_PER_MONTH, month.high / HOURS_PER_MONTH
    if not month.low_known:
        return f"{_UP_TO}{high:,.0f}" if high >= 1000 else f"{_UP_TO}{high:,.2f}"
    if low == high:
        return f"{low:,.2f}"
    return f"{low:,.0f}-{high:,.0f}" if high >= 10 else f"{low:,.1f}-{high:,.1f}"


def money(month: Range) -> str:
    """Return a cost by the month and by the hour."""
    return f"{span(month)} USD a month, {_hours(month)} an hour"


def in_currency(month: Range, prices: PriceBook) -> str:
    """Return a cost in the currency of a price file, in brackets; nothing for US dollars."""
    if prices.currency == "USD":
        return ""
    return f" ({span(month.times(1 / prices.usd_per_unit))} {prices.currency} a month)"
