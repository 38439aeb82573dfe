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
        pytest.param({"eastus": Region(families={})}, [], id="limits alone show nothing of sizes"),
        pytest.param(
            {"East US": region(TWO, H100, refused={A100: "NotAvailableForSubscription"}), "westus3": region(A100)},
            [
                f"c: {A100} cannot be ordered in eastus (NotAvailableForSubscription); "
                f"expected a size that is available in its region [KS281] / nearest: {A100} in westus3, {H100} or {TWO} in eastus"
            ],
            id="another region, and bigger sizes by memory",
        ),
        pytest.param(
            {"eastus": region()},
            [
                f"c: {A100} cannot be ordered in eastus (not listed); expected a size that is available in its region [KS281]"
                " / ask the cloud for access, or list more regions in the quota file"
            ],
            id="nothing is sold",
        ),
    ],
)
def test_sizes_that_are_not_sold(regions, expected):
    """A size that is not in the list of a region cannot be had there; regions without a list state nothing."""
    assert said(regions) == expected


def zoned(found, size=A100, regions=None):
    """Say what is wrong with demand in a region that sells the size in zones 1 and 2."""
    sells = regions or {"eastus": Region(families={}, sizes={size: ("1", "2")})}
    return [f"{problem.headline} / {problem.fix}" for problem in unsold(found, Subscription(regions=sells))]


def pool(zones, **more):
    inputs = {"vmSize": A100, "count": 1, "availabilityZones": zones, "location": "eastus", **more}
    return demands([Resource("urn:p", "azure-native:containerservice:AgentPool", "p", None, inputs)])


def node_pool(*requirements, limits=2):
    needs = [{"key": key, "operator": "In", "values": list(values)} for key, values in requirements]
    spec = {"limits": {"nvidia.com/gpu": limits}, "template": {"spec": {"requirements": needs}}}
    resource = Resource("urn:n", "kubernetes:karpenter.sh/v1:NodePool", "n", None, {"spec": spec})
    return demands([resource], region="eastus")


WRONG_ZONE = (
    f"p: {A100} cannot be ordered in zone 3 of eastus; expected zones 1 and 2, where it is available [KS281] / zones=['1', '2']"
)


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        pytest.param(None, [], id="no zone asked for"),
        pytest.param(["1", "2"], [], id="sold in both"),
        pytest.param(["2", "3"], [WRONG_ZONE], id="AKS wants the size in every zone of a pool"),
        pytest.param(["1", "2", "3"], [WRONG_ZONE], id="all three zones"),
    ],
)
def test_zones_of_an_agent_pool(zones, expected):
    """A pool of AKS can be made only where each of its zones sells the size."""
    assert zoned(pool(zones)) == expected


def test_zones_of_a_region_that_lists_none():
    """A size that is sold in the region as a whole has no zones to be held against."""
    assert zoned(pool(["3"]), regions={"eastus": region(A100)}) == []


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        pytest.param(["eastus-2", "eastus-3"], [], id="one zone that sells it is enough"),
        pytest.param(
            ["eastus-3"],
            [WRONG_ZONE.replace("p: ", "n: ", 1)],
            id="none sells it",
        ),
    ],
)
def test_zones_of_karpenter(zones, expected):
    """Karpenter takes any zone of its requirements, which on Azure begin with the region."""
    assert zoned(node_pool(("node.kubernetes.io/instance-type", [A100]), ("topology.kubernetes.io/zone", zones))) == expected


@pytest.mark.parametrize(
    ("sold", "number"),
    [pytest.param((TWO,), 0, id="one of two is sold"), pytest.param((H100,), 1, id="none of two is sold")],
)
def test_one_of_several_sizes_is_enough(sold, number):
    """A NodePool that may take one of several sizes works as long as one of them is sold."""
    found = node_pool(("node.kubernetes.io/instance-type", [A100, TWO]))
    assert len(zoned(found, regions={"eastus": region(*sold)})) == number


def test_the_region_of_the_settings():
    """Demand that names no region is held against the region of the rule's settings."""
    found = demands([Resource("urn:p", "azure-native:containerservice:AgentPool", "p", None, {"vmSize": A100, "count": 1})])
    subscription = Subscription(regions={"eastus": region(H100)})
    assert [len(list(unsold(found, subscription, place))) for place in ("", "eastus", "westus")] == [0, 1, 0]
