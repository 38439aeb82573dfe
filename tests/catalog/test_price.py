"""List prices: dated, by region, never a guess."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.load import sizes, sources, table_of
from kaito_iac.catalog.price import DEFAULT_REGION, HOURS_PER_MONTH, price_date, regions, usd_per_hour
from kaito_iac.catalog.record import CLOUDS
from kaito_iac.problem import Unknown


@pytest.mark.parametrize(
    ("size", "region", "spot", "usd"),
    [
        pytest.param("Standard_NC24ads_A100_v4", "eastus", False, 3.673, id="on demand"),
        pytest.param("Standard_NC24ads_A100_v4", "eastus", True, 0.444433, id="spot"),
        pytest.param("Standard_NC24ads_A100_v4", "westus", False, 4.775, id="another region"),
        pytest.param("g5.xlarge", "eu-central-1", False, 1.258, id="AWS"),
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
            "Standard_ND96isr_H200_v5",
            "eastus",
            False,
            Unknown("no list price on record for Standard_ND96isr_H200_v5 in eastus"),
            id="nobody states what an H200 costs",
        ),
        pytest.param(
            "Standard_NC24ads_A100_v4",
            "swedencentral",
            False,
            Unknown("no list price on record for Standard_NC24ads_A100_v4 in swedencentral"),
            id="a region without prices",
        ),
        pytest.param(
            "Standard_NC4_A2",
            "on premises",
            False,
            Unknown("no list price on record for Standard_NC4_A2 in on premises"),
            id="a machine of one's own",
        ),
        pytest.param("g5.xlarge", "", False, Unknown("no list price on record for g5.xlarge in "), id="no region"),
    ],
)
def test_what_an_hour_costs(size: str, region: str, spot: bool, usd: float | Unknown) -> None:
    """A price is the one on record for size, region and kind, or unknown with the reason; never zero."""
    assert usd_per_hour(sizes()[size], region, spot=spot) == usd


def test_every_price_on_record() -> None:
    """Every price belongs to a known size; it is positive, and spot is cheaper than on demand or unknown."""
    for name, priced in table_of("prices.json")["usdPerHour"].items():
        assert name in sizes()
        assert priced
        for region, (usd, spot) in priced.items():
            assert 0 < usd < 500, (name, region)
            assert spot is None or 0 < spot < usd, (name, region)
            assert usd_per_hour(sizes()[name], region) == usd


def test_every_size_and_region_has_a_price_or_says_that_it_has_none() -> None:
    """For every size in every region of its cloud the answer is a positive number or an Unknown."""
    for size in sizes().values():
        for region in (*regions(size.cloud), DEFAULT_REGION[size.cloud], "nowhere"):
            for spot in (False, True):
                usd = usd_per_hour(size, region, spot=spot)
                assert isinstance(usd, Unknown) or usd > 0


def test_sizes_without_any_price() -> None:
    """The sizes that nobody states a price for are few, and known."""
    unpriced = sorted(set(sizes()) - set(table_of("prices.json")["usdPerHour"]))
    assert [name for name in unpriced if sizes()[name].cloud != "arc"] == [
        "Standard_ND96isr_H200_v5",
        "Standard_NG32adms_V620_v1",
        "p5e.48xlarge",
    ]


def test_prices_are_dated_by_cloud() -> None:
    """Each cloud's prices have a date; without a cloud the oldest counts, and machines of one's own have none."""
    assert {cloud: price_date(cloud) for cloud in ("azure", "aws", "arc", "")} == {
        "azure": "2024-08-26",
        "aws": "2026-01",
        "arc": "2024-08-26",
        "": "2024-08-26",
    }
    assert set(sources("prices")) == {"azure", "aws"}


def test_regions_that_prices_are_known_for() -> None:
    """Regions are told by cloud, sorted; each default region is one of them where the cloud has prices at all."""
    assert regions("azure") == (
        "centralus", "eastus", "eastus2", "northcentralus", "southcentralus", "westus", "westus2", "westus3",
    )  # fmt: skip
    assert regions("aws") == ("eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2")
    assert regions("arc") == ()
    assert set(DEFAULT_REGION) == set(CLOUDS)
    assert all(DEFAULT_REGION[cloud] in regions(cloud) for cloud in ("azure", "aws"))
    assert HOURS_PER_MONTH == 730
