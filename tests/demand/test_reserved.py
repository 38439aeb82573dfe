"""Nodes of a capacity reservation: they need no quota of their own, and have a rate of their own."""

import pytest

from kaito_iac.catalog.price import PriceBook
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.quota.balance import positions
from kaito_iac.stack.resource import Resource

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/a100"
SIZE = "Standard_NC24ads_A100_v4"
AKS = Resource(
    "urn:a",
    "azure-native:containerservice:AgentPool",
    "a",
    None,
    {"vmSize": SIZE, "count": 2, "capacityReservationGroupID": GROUP},
)
CLASSIC = Resource(
    "urn:c",
    "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool",
    "c",
    None,
    {"vmSize": SIZE, "nodeCount": 2, "capacityReservationGroupId": GROUP},
)
EKS = Resource(
    "urn:e",
    "aws:eks/nodeGroup:NodeGroup",
    "e",
    None,
    {
        "instanceTypes": ["p5.48xlarge"],
        "capacityType": "CAPACITY_BLOCK",
        "scalingConfig": {"minSize": 2, "desiredSize": 2, "maxSize": 2},
    },
)


@pytest.mark.parametrize(
    ("resource", "region", "vcpus"),
    [
        pytest.param(AKS, "eastus", 48, id="AKS"),
        pytest.param(CLASSIC, "eastus", 48, id="provider azure"),
        pytest.param(EKS, "us-east-1", 384, id="EKS, a capacity block"),
    ],
)
def test_reserved_nodes(resource, region, vcpus):
    """Reserved nodes hold vCPUs and count against no quota; their price is the rate of reserved ones."""
    book = PriceBook(rates={(region, resource.inputs.get("vmSize", "p5.48xlarge").lower()): {"onDemand": 4.0, "reserved": 1.0}})
    (found,) = demands([resource], region=region, prices=book)
    assert (found.vcpus, found.families, found.usd_per_hour) == (Range(vcpus, vcpus, vcpus), (), 1.0)
    assert positions([found], [], {}) == ([], [])
