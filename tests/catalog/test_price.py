"""List prices: dated, by region, never a guess; rates of your own stand above them."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.load import sizes, sources, table_of
from kaito_iac.catalog.price import (
    DEFAULT_REGION,
    HOURS_PER_MONTH,
    PriceBook,
    list_price,
    price_date,
    price_sources,
    regions,
    usd_per_hour,
)
from kaito_iac.problem import Unknown


@pytest.mark.parametrize(
    ("size", "region", "spot", "usd"),
    [
        pytest.param("Standard_NC24ads_A100_v4", "eastus", False, 3.673, id="on demand"),
        pytest.param("Standard_NC24ads_A100_v4", "westeurope", False, 4.775, id="a region of Europe"),
        pytest.param("Standard_NC40ads_H100_v5", "japaneast", False, 10.121, id="a region of Asia"),
        pytest.param("Standard_NC24ads_A100_v4", "eastus", True, 0.444433, id="spot"),
        pytest.param("Standard_NCC40ads_H100_v5", "eastus2", False, 8.82, id="a price that changed since 2024"),
        pytest.param("Standard_NG32ads_V620_v1", "eastus2", False, 2.54, id="another one"),
        pytest.param("Standard_ND96isr_H200_v5", "eastus2", False, 84.8, id="an H200"),
        pytest.param("Standard_ND96asr_A100_v4", "eastus", False, 27.197, id="priced under the name the cloud uses"),
        pytest.param("g5.xlarge", "us-east-1", False, 1.006, id="AWS"),
        pytest.param("g5.xlarge", "eu-central-1", False, 1.258, id="AWS in a region of an older table"),
        pytest.param("p5.48xlarge", "us-gov-west-1", False, 66.048, id="AWS for the US government"),
        pytest.param(
            "Standard_NC40ads_H100_v5",
            "eastus",
            True,
            Unknown("no spot price on record for Standard_NC40ads_H100_v5 in eastus"),
            id="a spot price equal to the list price was a placeholder",
        ),
        pytest.param(
            "g5.xlarge", "us-east-1", True, Unknown("no spot price on record for g5.xlarge in us-east-1"), id="no spot price"
        ),
        pytest.param(
            "p5e.48xlarge",
            "us-east-1",
            False,
            Unknown("no list price on record for p5e.48xlarge in us-east-1"),
            id="sold in capacity blocks alone",
        ),
        pytest.param(
            "Standard_NC24ads_A100_v4",
            "atlantis",
            False,
            Unknown("no list price on record for Standard_NC24ads_A100_v4 in atlantis"),
            id="a region without prices",
        ),
        pytest.param(
            "Standard_NC4_A2",
            "on premises",
            False,
            Unknown("no list price on record for Standard_NC4_A2 in on premises"),
            id="a machine of your own",
        ),
        pytest.param("g5.xlarge", "", False, Unknown("no list price on record for g5.xlarge in "), id="no region"),
    ],
)
def test_what_an_hour_costs(size: str, region: str, spot: bool, usd: float | Unknown) -> None:
    """A price is the newest on record for size, region and kind, or unknown with the reason; never zero."""
    assert usd_per_hour(sizes()[size], region, spot=spot) == usd


@pytest.mark.parametrize(
    ("name", "region", "usd"),
    [
        pytest.param("Standard_D4s_v5", "eastus", 0.192, id="the usual system node of Azure"),
        pytest.param("Standard_D4s_v5", "westeurope", 0.23, id="in Europe"),
        pytest.param("m5.xlarge", "us-east-1", 0.192, id="the usual system node of EKS"),
    ],
)
def test_system_nodes_have_a_price(name: str, region: str, usd: float) -> None:
    """Nodes without GPUs are on the bill too."""
    assert list_price(name, region) == usd


def test_every_price_on_record() -> None:
    """Every price is positive, in a region, of a known source, and a spot price is below the one on demand."""
    for table in table_of("prices.json")["tables"]:
        assert table["source"] in sources("prices")
        for name, priced in table["usdPerHour"].items():
            assert priced
            for region, usd in priced.items():
                assert 0 < usd < 500, (name, region)
                listed = list_price(name, region)
                assert table["kind"] == "onDemand" or isinstance(listed, Unknown) or usd < listed, (name, region)


def test_every_size_and_region_has_a_price_or_says_that_it_has_none() -> None:
    """For every size in every region of its cloud the answer is a positive number or an Unknown."""
    for size in sizes().values():
        for region in (*regions(size.cloud), DEFAULT_REGION[size.cloud], "nowhere"):
            for spot in (False, True):
                usd = usd_per_hour(size, region, spot=spot)
                assert isinstance(usd, Unknown) or usd > 0


def test_sizes_without_any_price() -> None:
    """The sizes that no one states a price for are few, and known."""
    unpriced = [
        size.name
        for size in sizes().values()
        if size.cloud != "arc" and all(isinstance(usd_per_hour(size, region), Unknown) for region in regions(size.cloud))
    ]
    assert unpriced == ["Standard_NG32adms_V620_v1", "p5e.48xlarge"]


@pytest.mark.parametrize(
    ("cloud", "region", "kind", "date"),
    [
        pytest.param("azure", "westeurope", "onDemand", "2026-06-18", id="Azure"),
        pytest.param("azure", "eastus", "spot", "2024-08-26", id="spot prices of Azure are older"),
        pytest.param("azure", "westeurope", "spot", "", id="no spot price in Europe"),
        pytest.param("aws", "us-east-1", "onDemand", "2026-07-20", id="AWS"),
        pytest.param("aws", "eu-west-1", "onDemand", "2026-01", id="AWS elsewhere"),
        pytest.param("aws", "", "onDemand", "2026-01", id="the oldest where no region is named"),
        pytest.param("arc", "", "onDemand", "", id="machines of your own have none"),
    ],
)
def test_prices_are_dated(cloud: str, region: str, kind: str, date: str) -> None:
    """Every price has a day, by cloud, region and kind."""
    assert price_date(cloud, region, kind) == date


def test_sources_of_prices() -> None:
    """The sources of a cloud are reported, the newest first."""
    assert price_sources("azure") == ("karpenter-azure",)
    assert price_sources("azure", "spot") == ("skypilot-azure",)
    assert price_sources("aws") == ("karpenter-aws", "skypilot-aws")


def test_regions_that_prices_are_known_for() -> None:
    """Regions are reported by cloud, sorted; each default region is one of them where the cloud has prices at all."""
    assert {"westeurope", "swedencentral", "germanywestcentral", "uksouth", "japaneast"} <= set(regions("azure"))
    assert regions("aws") == (
        "eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-2",
    )  # fmt: skip
    assert regions("arc") == ()
    assert set(DEFAULT_REGION) == set(CLOUDS)
    assert all(DEFAULT_REGION[cloud] in regions(cloud) for cloud in ("azure", "aws"))
    assert HOURS_PER_MONTH == 730


OWN = PriceBook(
    name="prices.yaml",
    rates={("westeurope", "standard_nc24ads_a100_v4"): {"onDemand": 3.0, "spot": 1.0}},
    discount_percent={"azure": 10},
)


@pytest.mark.parametrize(
    ("book", "region", "kind", "usd"),
    [
        pytest.param(OWN, "westeurope", "onDemand", 3.0, id="a rate"),
        pytest.param(OWN, "westeurope", "spot", 1.0, id="a rate for spot"),
        pytest.param(OWN, "westeurope", "reserved", 3.0, id="reserved costs what on demand costs"),
        pytest.param(OWN, "eastus", "onDemand", 3.673 * 0.9, id="a discount on the list price"),
        pytest.param(OWN, "eastus", "spot", 0.444433, id="no discount on spot"),
        pytest.param(OWN, "eastus", "reserved", 3.673 * 0.9, id="a discount on reserved nodes"),
        pytest.param(
            PriceBook(name="prices.yaml", list_prices=False),
            "eastus",
            "onDemand",
            Unknown("no onDemand rate for Standard_NC24ads_A100_v4 in eastus in prices.yaml"),
            id="list prices left out",
        ),
    ],
)
def test_rates_of_ones_own(book: PriceBook, region: str, kind: str, usd: float | Unknown) -> None:
    """A rate is above the list price, a discount is taken off it, and without either the price stays unknown."""
    found = book.of(sizes()["Standard_NC24ads_A100_v4"], region, kind)
    assert found == usd if isinstance(usd, Unknown) else found == pytest.approx(usd)
