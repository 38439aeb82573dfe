"""What autoscaling groups of EC2 hold."""

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

GROUP = "aws:autoscaling/group:Group"
BIG = Resource("urn:big", "aws:ec2/launchTemplate:LaunchTemplate", "big", None, {"name": "big", "instanceType": "p5.48xlarge"})
NAMED = {"name": "big", "version": "$Latest"}
MIXED = {"launchTemplateSpecification": {"launchTemplateName": "big", "version": "$Latest"}}
LATER = Unknown("set by an output")


def held(*beside, **inputs):
    inputs = {"name": "nodes", "minSize": 1, "maxSize": 4, "launchTemplate": NAMED, **inputs}
    given = {key: value for key, value in inputs.items() if value is not None}
    found = demands([Resource("urn:g", GROUP, "g", None, given), BIG, *beside], region="us-east-1")
    return next(demand for demand in found if demand.urn == "urn:g")


def schedule(**inputs):
    return Resource("urn:s", "aws:autoscaling/schedule:Schedule", "s", None, inputs)


@pytest.mark.parametrize(
    ("inputs", "gpus"),
    [
        pytest.param({}, Range(8, 8, 32), id="between minSize and maxSize"),
        pytest.param({"desiredCapacity": 2}, Range(8, 16, 32), id="as many as desired"),
        pytest.param({"maxSize": LATER}, LATER, id="maxSize not known"),
        pytest.param({"maxSize": None}, Unknown("no maxSize"), id="no maxSize"),
        pytest.param({"warmPool": {"maxGroupPreparedCapacity": 6}}, Range(8, 8, 48), id="a warm pool beyond maxSize"),
        pytest.param(
            {"launchTemplate": {"id": "lt-9", "version": "$Latest"}},
            Unknown("its launch template is not part of the stack"),
            id="a template of another stack",
        ),
        pytest.param(
            {"launchTemplate": None}, Unknown("neither a launch template nor a launch configuration is named"), id="no template"
        ),
        pytest.param({"launchTemplate": None, "mixedInstancesPolicy": {"launchTemplate": MIXED}}, Range(8, 8, 32), id="mixed"),
        pytest.param(
            {"mixedInstancesPolicy": {"launchTemplate": {**MIXED, "overrides": [{"instanceType": "g5.xlarge"}]}}},
            Range(1, 1, 4),
            id="an override is before the template",
        ),
        pytest.param(
            {
                "mixedInstancesPolicy": {
                    "launchTemplate": {**MIXED, "overrides": [{"instanceType": "g5.xlarge"}, {"instanceType": "p5.48xlarge"}]}
                }
            },
            Range(1, 1, 32),
            id="one of two types",
        ),
        pytest.param(
            {"mixedInstancesPolicy": {"launchTemplate": {**MIXED, "overrides": [{"instanceRequirements": {}}]}}},
            Unknown("instanceRequirements choose the instance types"),
            id="requirements",
        ),
        pytest.param({"mixedInstancesPolicy": LATER}, LATER, id="a policy that is not known"),
    ],
)
def test_group(inputs, gpus):
    """A group holds its maximum of the types that its template or its overrides name."""
    found = held(**inputs)
    assert (found.kind, found.gpus, found.bought) == ("AutoScalingGroup", gpus, True)


@pytest.mark.parametrize(
    ("changer", "gpus"),
    [
        pytest.param(schedule(autoscalingGroupName="nodes", maxSize=10), Range(8, 8, 80), id="a schedule raises the maximum"),
        pytest.param(schedule(autoscalingGroupName=LATER, maxSize=10), Range(8, 8, 80), id="a schedule of an unknown group"),
        pytest.param(schedule(autoscalingGroupName="others", maxSize=10), Range(8, 8, 32), id="a schedule of another group"),
        pytest.param(schedule(autoscalingGroupName="nodes", maxSize=-1), Range(8, 8, 32), id="a schedule that leaves it"),
        pytest.param(schedule(autoscalingGroupName="nodes", maxSize=LATER), LATER, id="a schedule that is not known"),
        pytest.param(
            Resource(
                "urn:p",
                "aws:autoscaling/policy:Policy",
                "p",
                None,
                {
                    "autoscalingGroupName": "nodes",
                    "predictiveScalingConfiguration": {"maxCapacityBreachBehavior": "IncreaseMaxCapacity"},
                },
            ),
            Unknown("a predictive scaling policy may go beyond maxSize"),
            id="a predictive policy beyond the maximum",
        ),
    ],
)
def test_changers(changer, gpus):
    """Schedules and policies of the stack change how many a group may have."""
    assert held(changer).gpus == gpus


def test_whose_and_how():
    """Team and region come from the group; spot from its distribution, and unknown where it is a share."""
    found = held(tags=[{"key": "team", "value": "search", "propagateAtLaunch": True}], region="eu-west-1")
    assert (found.team, found.region, found.spot) == ("search", "eu-west-1", False)
    for share, spot in ((0, True), (100, False), (50, Unknown("some of its instances are bought at the spot price"))):
        mixed = {"launchTemplate": MIXED, "instancesDistribution": {"onDemandPercentageAboveBaseCapacity": share}}
        assert held(mixedInstancesPolicy=mixed).spot == spot
