"""What launch templates and launch configurations of a stack start."""

import pytest

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.launch import NO_ACCELERATORS, Launched, of_configuration, of_template
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Options, Resource

TEMPLATE, CONFIGURATION = "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/launchConfiguration:LaunchConfiguration"
P5 = {"name": "big", "instanceType": "p5.48xlarge"}
OUTPUT = Unknown("set by an output of big")
ELSEWHERE = Launched(Unknown("its launch template is not part of the stack"))
OLDER = Launched(Unknown("its launch template may be used in an older version; name $Latest"))
FOUND = Launched(("p5.48xlarge",))


def launched(reference, inputs=P5, *, sources=("urn:big",), **more):
    template = Resource("urn:big", TEMPLATE, "big", None, inputs, id="lt-1", **more)
    options = Options(property_dependencies={"launchTemplate": sources})
    user = Resource("urn:user", "aws:ec2/instance:Instance", "user", None, {}, options=options)
    return of_template(Graph([template, user]), user, reference)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        pytest.param({"id": "lt-1", "version": "$Latest"}, FOUND, id="by id"),
        pytest.param({"launchTemplateId": "lt-1", "version": "$Latest"}, FOUND, id="by id, in a mixed policy"),
        pytest.param({"name": "big", "version": "$Latest"}, FOUND, id="by name"),
        pytest.param({"id": OUTPUT, "version": OUTPUT}, FOUND, id="by the output that it is made of"),
        pytest.param({"id": "lt-2", "version": "$Latest"}, ELSEWHERE, id="another id, whatever it depends on"),
        pytest.param({"version": "$Latest"}, ELSEWHERE, id="neither id nor name"),
        pytest.param({"id": "lt-1"}, OLDER, id="the default version, which may be an older one"),
        pytest.param({"id": "lt-1", "version": "2"}, OLDER, id="a version of before"),
        pytest.param({"id": "lt-1", "version": "3"}, FOUND, id="the newest version, by number"),
        pytest.param(OUTPUT, Launched(OUTPUT), id="a reference that is not known"),
        pytest.param("lt-1", Launched(Unknown("launchTemplate is a text, not a mapping")), id="no reference"),
    ],
)
def test_template(reference, found):
    """A template counts where it is the one that is meant, in the version that the stack describes."""
    assert launched(reference, outputs={"latestVersion": 3.0}) == found


def test_output_of_two_templates():
    """An output that two templates make may be of either."""
    assert launched({"id": OUTPUT, "version": "$Latest"}, sources=()) == ELSEWHERE


def test_id_and_name_of_two_templates():
    """Of two templates that a reference names, one by its id and one by its name, the first of the stack is meant."""
    first = Resource("urn:big", TEMPLATE, "big", None, P5, id="lt-1")
    second = Resource("urn:small", TEMPLATE, "small", None, {"name": "small", "instanceType": "g5.xlarge"}, id="lt-2")
    user = Resource("urn:user", "aws:ec2/instance:Instance", "user", None, {})
    reference = {"id": "lt-2", "name": "big", "version": "$Latest"}
    assert of_template(Graph([first, second, user]), user, reference) == FOUND
    assert of_template(Graph([second, first, user]), user, reference) == Launched(("g5.xlarge",))


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        pytest.param({}, Launched(()), id="no type"),
        pytest.param({**P5, "updateDefaultVersion": True}, FOUND, id="a default version that follows"),
        pytest.param(
            {**P5, "updateDefaultVersion": True, "instanceMarketOptions": {"marketType": "spot"}},
            Launched(("p5.48xlarge",), True),
            id="spot",
        ),
        pytest.param(
            {"updateDefaultVersion": True, "instanceRequirements": {"vcpuCount": {"min": 2}}},
            Launched(Unknown("instanceRequirements choose the instance types")),
            id="requirements",
        ),
        pytest.param(
            {"updateDefaultVersion": True, "instanceRequirements": {"acceleratorCount": {"max": 0}}},
            Launched((NO_ACCELERATORS,)),
            id="requirements that exclude accelerators",
        ),
    ],
)
def test_what_it_starts(inputs, found):
    """A template names a type, requirements, or nothing."""
    version = {} if inputs.get("updateDefaultVersion") else {"version": "$Latest"}
    assert launched({"id": "lt-1", **version}, inputs) == found


def test_configuration():
    """A launch configuration is found by its name."""
    one = Resource("urn:c", CONFIGURATION, "c", None, {"name": "c", "instanceType": "g5.xlarge", "spotPrice": "1"})
    user = Resource("urn:user", "aws:autoscaling/group:Group", "user", None, {})
    graph = Graph([one, user])
    assert of_configuration(graph, user, "c") == Launched(("g5.xlarge",), True)
    assert of_configuration(graph, user, "d") == Launched(Unknown("its launch configuration is not part of the stack"))
