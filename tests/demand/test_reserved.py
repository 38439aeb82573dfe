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


P5 = {"instanceType": "p5.48xlarge"}
TARGET = {"capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-1"}}}
BLOCK = {"instanceMarketOptions": {"marketType": "capacity-block"}}
SCALING = {"scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 1}}
FROM_TEMPLATE = {"launchTemplate": {"name": "t", "version": "$Latest"}}
VM = {"hardwareProfile": {"vmSize": SIZE}, "capacityReservation": {"capacityReservationGroup": {"id": GROUP}}}
SET = {"sku": {"name": SIZE, "capacity": 1}}
SET_IN_GROUP = {**SET, "virtualMachineProfile": {"capacityReservation": {"capacityReservationGroup": {"id": GROUP}}}}


@pytest.mark.parametrize(
    ("token", "inputs", "template", "reserved"),
    [
        pytest.param("aws:ec2/instance:Instance", {**P5, **TARGET}, None, True, id="an instance in a reservation"),
        pytest.param("aws:ec2/instance:Instance", {**P5, **BLOCK}, None, True, id="an instance of a capacity block"),
        pytest.param("aws:ec2/instance:Instance", P5, None, False, id="an instance on demand"),
        pytest.param("aws:ec2/instance:Instance", FROM_TEMPLATE, BLOCK, True, id="an instance of a template of a capacity block"),
        pytest.param(
            "aws:eks/nodeGroup:NodeGroup", {**SCALING, **FROM_TEMPLATE}, TARGET, True, id="nodes of EKS in a reservation"
        ),
        pytest.param("aws:eks/nodeGroup:NodeGroup", {**SCALING, **FROM_TEMPLATE}, {}, False, id="nodes of EKS on demand"),
        pytest.param(
            "aws:autoscaling/group:Group",
            {"minSize": 1, "maxSize": 1, **FROM_TEMPLATE},
            TARGET,
            True,
            id="a group in a reservation",
        ),
        pytest.param("azure-native:compute:VirtualMachine", VM, None, True, id="a machine of a reservation group"),
        pytest.param("azure-native:compute:VirtualMachineScaleSet", SET_IN_GROUP, None, True, id="a scale set of one"),
        pytest.param("azure-native:compute:VirtualMachineScaleSet", SET, None, False, id="a scale set on demand"),
    ],
)
def test_machines_in_a_reservation(token, inputs, template, reserved):
    """Machines that start in a capacity reservation or block need no quota: an instance that does not fit there is not started.

    Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-launch.html.
    """
    made = Resource("urn:t", "aws:ec2/launchTemplate:LaunchTemplate", "t", None, {"name": "t", **P5, **(template or {})})
    found = demands([Resource("urn:one", token, "one", None, inputs), *([made] if template is not None else [])])
    assert [(one.reserved, one.families == ()) for one in found] == [(reserved, reserved)]


def test_a_stopped_pool():
    """A stopped pool of AKS has no nodes and no cost; quota and budgets count what it has when it is started."""
    inputs = {"vmSize": SIZE, "count": 3, "powerState": {"code": "Stopped"}}
    (found,) = demands([Resource("urn:a", AKS.type, "a", None, inputs)], region="eastus")
    assert (found.nodes, found.gpus) == (Range(0, 0, 3), Range(0, 0, 3))
    assert (found.usd_per_month.expected, found.why) == (0, "stopped; fixed count when it is started")
