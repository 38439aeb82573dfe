"""What managed node groups of EKS hold."""

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

GROUP = "aws:eks/nodeGroup:NodeGroup"
LATER = Unknown("set by an output")
SCALING = {"minSize": 1, "desiredSize": 2, "maxSize": 4}


def held(token=GROUP, **inputs):
    (found,) = demands([Resource("urn:group", token, "group", None, {"scalingConfig": SCALING, **inputs})])
    return found


@pytest.mark.parametrize(
    ("inputs", "nodes", "gpus"),
    [
        pytest.param({"instanceTypes": ["g5.xlarge"]}, Range(1, 2, 4), Range(1, 2, 4), id="one instance type"),
        pytest.param({"instanceTypes": ["p4d.24xlarge"]}, Range(1, 2, 4), Range(8, 16, 32), id="eight GPUs a node"),
        pytest.param({"instanceTypes": ["g5.xlarge", "p4d.24xlarge"]}, Range(1, 2, 4), Range(1, 2, 32), id="one of two types"),
        pytest.param({"instanceTypes": ["m7i.large"]}, Range(1, 2, 4), Range(0, 0, 0), id="a type without GPUs"),
        pytest.param({}, Range(1, 2, 4), Range(0, 0, 0), id="the type EKS takes by itself has none"),
        pytest.param(
            {"launchTemplate": {"id": "lt-1"}},
            Range(1, 2, 4),
            Unknown("its launch template is not part of the stack"),
            id="a launch template",
        ),
        pytest.param({"instanceTypes": LATER}, Range(1, 2, 4), LATER, id="types that are not known"),
        pytest.param({"instanceTypes": [LATER]}, Range(1, 2, 4), LATER, id="a type that is not known"),
        pytest.param({"instanceTypes": ["g5.xlarge"], "scalingConfig": LATER}, LATER, LATER, id="scaling that is not known"),
        pytest.param(
            {"instanceTypes": ["g5.xlarge"], "scalingConfig": {"minSize": 1}},
            Unknown("no maxSize"),
            Unknown("no maxSize"),
            id="no maximum",
        ),
        pytest.param(
            {"instanceTypes": ["g5.xlarge"], "scalingConfig": {"minSize": 5, "maxSize": 2}},
            Unknown("minSize 5 is above maxSize 2"),
            Unknown("minSize 5 is above maxSize 2"),
            id="minimum above maximum",
        ),
    ],
)
def test_node_group(inputs, nodes, gpus):
    """A node group holds between minSize and maxSize nodes of one of its instance types."""
    found = held(**inputs)
    assert (found.kind, found.nodes, found.gpus) == ("NodeGroup", nodes, gpus)


@pytest.mark.parametrize(
    ("inputs", "gpus"),
    [
        pytest.param({"instanceType": "p5.48xlarge"}, Range(8, 16, 32), id="its type"),
        pytest.param({}, Range(0, 0, 0), id="no type: EKS takes its own"),
    ],
)
def test_launch_template(inputs, gpus):
    """A group that names no types has those of its launch template, where the stack makes that."""
    template = Resource("urn:t", "aws:ec2/launchTemplate:LaunchTemplate", "t", None, {"name": "t", **inputs})
    group = {"scalingConfig": SCALING, "launchTemplate": {"name": "t", "version": "$Latest"}}
    found = demands([Resource("urn:group", GROUP, "group", None, group), template])
    assert found[0].gpus == gpus


def test_whose_and_where():
    """Region, spot and team come from the group itself; aws-native calls it otherwise."""
    more = {"region": "us-east-1", "capacityType": "SPOT", "tags": {"team": "search"}, "instanceTypes": ["g5.xlarge"]}
    for token in (GROUP, "aws-native:eks:Nodegroup"):
        found = held(token, **more)
        assert (found.region, found.spot, found.team, found.namespace) == ("us-east-1", True, "search", None)
    assert held(capacityType=LATER).spot == LATER


def test_workspace_on_a_group():
    """A Workspace on existing nodes finds the group by the label EKS gives its nodes."""
    place = {"labelSelector": {"matchLabels": {"eks.amazonaws.com/nodegroup": "gpu"}}}
    inputs = {"resource": place, "inference": {"preset": {"name": "phi-4"}}}
    pinned = Resource("urn:ws", "kubernetes:kaito.sh/v1beta1:Workspace", "ws", None, inputs)
    group = Resource(
        "urn:group", GROUP, "group", None, {"nodeGroupName": "gpu", "instanceTypes": ["p4d.24xlarge"], "scalingConfig": SCALING}
    )
    found = demands([pinned, group])[0]
    assert (found.pool, found.size_name) == ("urn:group", "p4d.24xlarge")
