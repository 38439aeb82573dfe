"""Reads a file of prices: rates of your own, discounts on list prices, and the currency they are in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from kaito_iac.catalog.find import did_you_mean, find_any_size, nearest
from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.other_size import other_sizes
from kaito_iac.catalog.price import PriceBook, listed_sizes
from kaito_iac.catalog.size_name import looks_like_gpus
from kaito_iac.demand.demand import region_key
from kaito_iac.kubernetes.document import Document
from kaito_iac.kubernetes.yaml_file import load_yaml
from kaito_iac.problem import Problem
from kaito_iac.quota.amount import counted
from kaito_iac.quota.iso_day import iso_day
from kaito_iac.validation import StrictRecord, problems_by_line

MAX_AGE_DAYS: Final = 180
"""Days after which rates are old enough for a warning."""
_CORRECT: Final = "correct the price file"


def _rate(value: float) -> float:
    """Refuse zero: a price that is not known is left out."""
    if value == 0:
        raise ValueError("a price above 0; leave a price out that is not known")
    return value


Rate = Annotated[float, Field(strict=True, ge=0, le=100_000, allow_inf_nan=False), AfterValidator(_rate)]
"""Price of one node for an hour."""
Percent = Annotated[float, Field(strict=True, ge=0, lt=100, allow_inf_nan=False)]


class Rates(StrictRecord):
    """What one node of a size costs an hour in a region."""

    on_demand: Rate | None = Field(default=None, description="Price on demand.")
    spot: Rate | None = Field(default=None, description="Price of a spot node.")
    reserved: Rate | None = Field(default=None, description="Price within a capacity reservation; default: the one on demand.")


class PriceFile(StrictRecord):
    """Rates of one day; list prices stand in for what it does not name."""

    date: Annotated[datetime.date, BeforeValidator(iso_day)] = Field(description="Day the rates were agreed or read.")
    source: str = Field("", description="Where the rates are from, for readers.")
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="Currency of the rates, ISO 4217.")
    usd_per_unit: Rate | None = Field(
        default=None, description="US dollars for one unit of the currency; budgets and list prices are in US dollars."
    )
    discount_percent: dict[str, Percent] = Field(
        default_factory=dict, description="By cloud, azure or aws: what nodes cost less than list price, spot nodes apart."
    )
    list_prices: bool = Field(True, strict=True, description="Whether list prices stand in where no rate is named.")
    rates: dict[str, dict[str, Rates]] = Field(
        default_factory=dict, description="By region, then by VM size as the cloud spells it: prices of one node for an hour."
    )

    def book(self, name: str) -> PriceBook:
        """Return the prices that stack programs are priced by."""
        factor = self.usd_per_unit or 1.0
        return PriceBook(
            name=name,
            date=self.date.isoformat(),
            source=self.source,
            currency=self.currency,
            usd_per_unit=factor,
            rates={
                (region_key(region), size.strip().lower()): {
                    kind: value * factor
                    for kind, value in (("onDemand", rate.on_demand), ("spot", rate.spot), ("reserved", rate.reserved))
                    if value is not None
                }
                for region, sizes in self.rates.items()
                for size, rate in sizes.items()
            },
            discount_percent=dict(self.discount_percent),
            list_prices=self.list_prices,
        )


def read_prices(path: Path) -> tuple[PriceBook | None, list[Problem]]:
    """Read a price file; return None and every problem, with lines, when it cannot be used."""
    prices, problems = read_price_file(path)
    return (prices.book(path.name) if prices is not None else None), problems


def read_price_file(path: Path) -> tuple[PriceFile | None, list[Problem]]:
    """Read a price file as it is written; return None and every problem, with lines, when it cannot be used."""
    document, problems = load_yaml(path, path.name, code="KQ113", top="the keys date and rates")
    if document is None:
        fix = "" if path.exists() else "name the file, or write one: kaito-iac prices refresh --output FILE"
        return None, [replace(one, fix=one.fix or fix) for one in problems]
    try:
        prices = PriceFile.model_validate(document.data)
    except ValidationError as error:
        return None, list(problems_by_line("KQ113", document, path.name, PriceFile, error, _CORRECT))
    wrong = list(price_problems(prices, document, path.name))
    return (None if wrong else prices), wrong


def price_problems(prices: PriceFile, document: Document, name: str, top: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Report what a file of prices leaves open: an exchange rate, an unknown cloud, a rate in two spellings."""
    where = f"{name}:{document.line_of((*top, 'currency'))}"
    if prices.currency != "USD" and prices.usd_per_unit is None:
        message = f"{prices.currency} without usdPerUnit"
        yield Problem("KQ113", where, message, "US dollars for one unit, which budgets are counted in", "add usdPerUnit")
    if prices.currency == "USD" and prices.usd_per_unit not in (None, 1):
        yield Problem("KQ113", where, f"usdPerUnit {prices.usd_per_unit:g} for USD", "1, or none", _CORRECT)
    for cloud in prices.discount_percent:
        if cloud not in ("azure", "aws"):
            place = f"{name}:{document.line_of((*top, 'discountPercent', cloud))}"
            yield Problem("KQ113", place, f"discountPercent: {cloud!r}", "azure or aws", _CORRECT)
    seen: dict[tuple[str, str], int] = {}
    for region, found in prices.rates.items():
        for size in found:
            line = document.line_of((*top, "rates", region, size))
            first = seen.setdefault((region_key(region), size.strip().lower()), line)
            if first != line:
                message = f"{size} in {region} a second time, first on line {first}"
                yield Problem("KQ113", f"{name}:{line}", message, "one rate per size and region", "keep the one that holds")


def price_age(prices: PriceBook, today: datetime.date) -> Iterator[Problem]:
    """Warn of rates that are old, of a day to come, or of GPU sizes that no cloud is known to sell."""
    if not prices.date:
        return
    for region, size in prices.rates:
        if looks_like_gpus(size) and find_any_size(size) is None and size not in listed_sizes():
            meant = did_you_mean(nearest(size, tuple(known.name for known in (*sizes().values(), *other_sizes().values()))))
            message = f"a rate of {size} in {region}, which is no size of the catalogue: it prices nothing"
            yield Problem("KQ113", prices.name, message, "a size as the cloud spells it", meant, "warning")
    age = (today - datetime.date.fromisoformat(prices.date)).days
    message = f"rates of {prices.date}"
    if age < 0:
        yield Problem("KQ113", prices.name, f"{message}, a day to come", "today or earlier", "correct the date", "warning")
    elif age > MAX_AGE_DAYS:
        most = f"at most {counted(MAX_AGE_DAYS, 'day')}"
        yield Problem("KQ113", prices.name, f"{message}, {counted(age, 'day')} old", most, "look the rates up again", "warning")
