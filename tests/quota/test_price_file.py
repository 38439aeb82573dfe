"""Files of prices: rates of your own, discounts, currency."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kaito_iac.quota.price_file import price_age, read_prices

HEAD = "date: 2026-11-01\n"


def said(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    return [f"{problem.headline}{f' / {problem.fix}' if problem.fix else ''}" for problem in read_prices(path)[1]]


def test_rates_in_another_currency(tmp_path: Path) -> None:
    """Rates are counted in US dollars at the stated exchange rate, and keep their currency."""
    path = tmp_path / "prices.yaml"
    path.write_text(
        HEAD + "currency: EUR\nusdPerUnit: 1.25\ndiscountPercent: {azure: 12}\n"
        "rates:\n  West Europe:\n    Standard_NC24ads_A100_v4: {onDemand: 4, reserved: 2}\n"
    )
    book, problems = read_prices(path)
    assert problems == []
    assert book is not None
    assert (book.currency, book.usd_per_unit, book.discount_percent) == ("EUR", 1.25, {"azure": 12})
    assert book.rates == {("westeurope", "standard_nc24ads_a100_v4"): {"onDemand": 5.0, "reserved": 2.5}}


RATE = "rates: {eastus: {Standard_NC24ads_A100_v4: {onDemand: %s}}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(HEAD + RATE % 3.2, [], id="a rate"),
        pytest.param(
            HEAD + RATE % 0,
            [
                "prices.yaml:2: rates.eastus.Standard_NC24ads_A100_v4.onDemand: 0; expected a price above 0; "
                "leave a price out that is not known [KQ113] / correct the price file"
            ],
            id="zero is no price",
        ),
        pytest.param(
            HEAD + "currency: EUR\n",
            [
                "prices.yaml:2: EUR without usdPerUnit; expected US dollars for one unit, which budgets are counted in [KQ113]"
                " / add usdPerUnit"
            ],
            id="a currency without an exchange rate",
        ),
        pytest.param(
            HEAD + "usdPerUnit: 1.1\n",
            ["prices.yaml:1: usdPerUnit 1.1 for USD; expected 1, or none [KQ113] / correct the price file"],
            id="an exchange rate of the dollar",
        ),
        pytest.param(
            HEAD + "discountPercent: {gcp: 10}\n",
            ["prices.yaml:2: discountPercent: 'gcp'; expected azure or aws [KQ113] / correct the price file"],
            id="another cloud",
        ),
        pytest.param(
            HEAD + "rates:\n  eastus: {a: {onDemand: 1}}\n  East US: {A: {onDemand: 2}}\n",
            [
                "prices.yaml:4: A in East US a second time, first on line 3; expected one rate per size and region [KQ113]"
                " / keep the one that holds"
            ],
            id="one rate in two spellings",
        ),
        pytest.param("{}", ["prices.yaml:1: date: missing; expected a value [KQ113] / correct the price file"], id="no day"),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, expected: list[str]) -> None:
    """A file that cannot be used says why, by line."""
    assert said(tmp_path, text) == expected


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is a problem, and list prices are not taken for it."""
    book, problems = read_prices(tmp_path / "prices.yaml")
    assert book is None
    assert [problem.headline for problem in problems] == [
        "prices.yaml: cannot be read (No such file or directory); expected a readable YAML file [KQ113]"
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param("2027-04-30", [], id="180 days"),
        pytest.param(
            "2027-05-01",
            ["prices.yaml: rates of 2026-11-01, 181 days old; expected at most 180 days [KQ113]"],
            id="a day more",
        ),
        pytest.param(
            "2026-10-31",
            ["prices.yaml: rates of 2026-11-01, a day to come; expected today or earlier [KQ113]"],
            id="a day before",
        ),
    ],
)
def test_age(tmp_path: Path, today: str, expected: list[str]) -> None:
    """Old rates are a warning, as old limits are."""
    path = tmp_path / "prices.yaml"
    path.write_text(HEAD)
    book, _ = read_prices(path)
    assert book is not None
    found = list(price_age(book, date.fromisoformat(today)))
    assert [problem.headline for problem in found] == expected
    assert {problem.severity for problem in found} <= {"warning"}


def test_rates_of_sizes_that_are_none(tmp_path: Path) -> None:
    """A rate whose size is misspelt prices nothing, and says so; sizes that a cloud has a list price for are sizes."""
    path = tmp_path / "prices.yaml"
    path.write_text(
        HEAD + "rates:\n  eastus:\n    Standard_NC24ads_A100: {onDemand: 4}\n    Standard_NV4as_v4: {onDemand: 1}\n"
        "    Standard_D4s_v5: {onDemand: 1}\n    standard_nc24ads_a100_v4: {onDemand: 3}\n"
    )
    book, problems = read_prices(path)
    assert problems == []
    assert book is not None
    (found,) = price_age(book, date(2026, 11, 2))
    told = "prices.yaml: a rate of standard_nc24ads_a100 in eastus, which is no size of the catalogue: it prices nothing"
    assert found.headline == f"{told}; expected a size as the cloud spells it [KQ113]"
    assert (found.severity, "did you mean 'Standard_NC24ads_A100_v4'" in found.fix) == ("warning", True)
