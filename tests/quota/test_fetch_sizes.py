"""Which sizes Azure lets a subscription order, asked by the real SDK."""

import pytest

from kaito_iac.quota.fetch_sizes import read_sizes

from .conftest import SUBSCRIPTION, refusal

pytest.importorskip("azure.mgmt.compute")
SKUS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/skus"


def sku(name, zones=("1", "2"), *restrictions):
    """Return a SKU as Microsoft.Compute/skus answers."""
    place = [{"location": "eastus", "zones": list(zones), "zoneDetails": []}]
    return {
        "resourceType": "virtualMachines",
        "name": name,
        "locations": ["eastus"],
        "locationInfo": place,
        "restrictions": list(restrictions),
    }


def restricted(type, reason, zones=()):
    info = {"locations": ["eastus"], **({"zones": list(zones)} if zones else {})}
    return {"type": type, "values": ["eastus"], "restrictionInfo": info, "reasonCode": reason}


def test_sizes_with_zones_and_reasons(cloud):
    """Sizes that can be ordered have their zones, others the reason; sizes without GPUs are left out."""
    rows = [
        sku("Standard_NC24ads_A100_v4"),
        sku("Standard_NC40ads_H100_v5", ("1", "2"), restricted("Zone", "NotAvailableForSubscription", ["1"])),
        sku("Standard_ND96isr_H100_v5", ("1",), restricted("Location", "QuotaId")),
        sku("Standard_D4s_v5"),
    ]
    cloud.answers[SKUS] = [(200, {"value": rows}, {})]
    taken, problems = read_sizes(SUBSCRIPTION, ["East US"])
    assert problems == []
    assert taken.sold == {"eastus": {"Standard_NC24ads_A100_v4": ("1", "2"), "Standard_NC40ads_H100_v5": ("2",)}}
    assert taken.refused == {"eastus": {"Standard_ND96isr_H100_v5": "QuotaId"}}


def test_sizes_that_may_not_be_read(cloud):
    """Without the right to list them nothing is reported of sizes."""
    cloud.answers[SKUS] = [refusal(403, "AuthorizationFailed")]
    taken, problems = read_sizes(SUBSCRIPTION, ["eastus"])
    assert taken.sold == {}
    assert [problem.code for problem in problems] == ["KQ120"]
