"""Sizes that a subscription cannot order in a region, and what is nearest."""

from __future__ import annotations

import pytest

from kaito_iac.demand.stack import demands
from kaito_iac.quota.model import Region, Subscription
from kaito_iac.quota.sold import unsold
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"
TWO = "Standard_NC48ads_A100_v4"
H100 = "Standard_NC40ads_H100_v5"


def region(*sizes, **more):
    return Region(families={}, sizes=dict.fromkeys(sizes, ()), **more)


def said(regions, size=A100, place="eastus"):
    pool = {"vmSize": size, "count": 1}
    cluster = Resource(
        "urn:c", "azure-native:containerservice:ManagedCluster", "c", None, {"location": place, "agentPoolProfiles": [pool]}
    )
    found = demands([cluster])
    return [f"{problem.headline} / {problem.fix}" for problem in unsold(found, Subscription(regions=regions))]


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        pytest.param({"eastus": region(A100)}, [], id="sold"),
        pytest.param({"eastus": region(A100.lower())}, [], id="sold, in another case"),
        pytest.param({"westus": region(H100)}, [], id="nothing known of the region"),
        pytest.param({"eastus": Region(families={})}, [], id="limits alone tell nothing of sizes"),
        pytest.param(
            {"East US": region(TWO, H100, refused={A100: "NotAvailableForSubscription"}), "westus3": region(A100)},
            [
                f"c: {A100} cannot be ordered in eastus (NotAvailableForSubscription); expected a size and region that is sold"
                f" [KS281] / nearest: {A100} in westus3, {H100} or {TWO} in eastus"
            ],
            id="another region, and bigger sizes by memory",
        ),
        pytest.param(
            {"eastus": region()},
            [
                f"c: {A100} cannot be ordered in eastus (not listed); expected a size and region that is sold [KS281]"
                " / ask the cloud for access, or list more regions in the quota file"
            ],
            id="nothing is sold",
        ),
    ],
)
def test_sizes_that_are_not_sold(regions, expected):
    """A size that is not in the list of a region cannot be had there; regions without a list tell nothing."""
    assert said(regions) == expected
