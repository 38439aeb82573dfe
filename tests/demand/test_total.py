"""Sums of demands, with what is unknown beside them."""

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.demand.total import Total, total, totals
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
A100 = "Standard_NC24ads_A100_v4"
A10 = "Standard_NV72ads_A10_v5"


def pools(*found):
    token = "azure-native:containerservice:AgentPool"
    return demands([Resource(f"urn:{name}", token, name, None, inputs) for name, inputs in found], region="eastus")


FIXED = ("fixed", {"vmSize": A100, "count": 2})
SCALED = ("scaled", {"vmSize": A10, "enableAutoScaling": True, "minCount": 0, "count": 1, "maxCount": 3})
OPEN = ("open", {"vmSize": A100, "count": LATER})
CPU = ("cpu", {"vmSize": "Standard_D4s_v5", "count": 3})


@pytest.mark.parametrize(
    ("found", "gpus"),
    [
        pytest.param([], Total(Range(0, 0, 0), ()), id="nothing"),
        pytest.param([FIXED, SCALED], Total(Range(2, 4, 8), ()), id="fixed and autoscaled"),
        pytest.param([FIXED, OPEN], Total(Range(2, 2, 2), (("open", LATER),)), id="an unknown is beside the sum"),
        pytest.param([CPU], Total(Range(0, 0, 0), ()), id="nodes without GPUs"),
    ],
)
def test_total(found, gpus):
    """Adds fewest, expected and most; an unknown is named and never added."""
    assert total(pools(*found), lambda demand: demand.gpus) == gpus


def test_totals_by_key():
    """Groups come in the order their keys appear."""
    found = totals(pools(SCALED, FIXED, OPEN), lambda demand: demand.size_name, lambda demand: demand.vcpus)
    assert list(found.items()) == [
        (A10, Total(Range(0, 72, 216), ())),
        (A100, Total(Range(48, 48, 48), (("open", LATER),))),
    ]


def test_nodes_that_exist_are_not_added():
    """What no one creates is in no sum, known or not."""
    pinned = Resource("urn:ws", "kubernetes:kaito.sh/v1beta1:Workspace", "ws", None, {"inference": LATER})
    found = demands([pinned])
    assert [demand.bought for demand in found] == [False]
    assert total(found, lambda demand: demand.gpus) == Total(Range(0, 0, 0), ())
    assert totals(found, lambda demand: demand.component, lambda demand: demand.gpus) == {}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        pytest.param(Range(1, 2, 3).times(2), Range(2, 4, 6), id="so many each"),
        pytest.param(Range(1, 2, 3).plus(Range(1, 1, 1)), Range(2, 3, 4), id="together"),
        pytest.param(Range.exactly(2), Range(2, 2, 2), id="exactly"),
    ],
)
def test_range(value, result):
    """Ranges multiply and add part by part."""
    assert value == result
