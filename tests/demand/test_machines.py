"""Machines that are created one by one, and scale sets."""

import pytest

from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

ND, NV = "Standard_ND96isr_H100_v5", "Standard_NV36ads_A10_v5"
LATER = Unknown("set by an output")
CLAIM, VMSS = "kubernetes:karpenter.sh/v1:NodeClaim", "azure-native:compute:VirtualMachineScaleSet"
AUTOSCALE = Resource("urn:s", "azure-native:monitor:AutoscaleSetting", "s", None, {})


def need(*sizes):
    return {"spec": {"requirements": [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(sizes)}]}}


def gpus(token, inputs, *beside):
    (found,) = demands([Resource("urn:one", token, "one", None, inputs), *beside], region="eastus")
    return found.gpus, found.spot, found.bought


@pytest.mark.parametrize(
    ("token", "inputs", "held", "spot"),
    [
        pytest.param("azure-native:compute:VirtualMachine", {"hardwareProfile": {"vmSize": ND}}, 8, False, id="a machine"),
        pytest.param(
            "azure-native:compute/v20240301:VirtualMachine",
            {"hardwareProfile": {"vmSize": ND}, "priority": "Spot"},
            8,
            True,
            id="a spot machine of an API version",
        ),
        pytest.param(VMSS, {"sku": {"name": ND, "capacity": 3}}, 24, False, id="a scale set"),
        pytest.param(
            VMSS,
            {"sku": {"name": ND, "capacity": 1}, "virtualMachineProfile": {"priority": "Low"}},
            8,
            True,
            id="low priority, as spot was called",
        ),
        pytest.param(VMSS, {"sku": {"name": "Standard_D4s_v5", "capacity": 3}}, 0, False, id="a scale set without GPUs"),
        pytest.param(
            VMSS,
            {"sku": {"name": "Mix", "capacity": 2}, "skuProfile": {"vmSizes": [{"name": ND}]}},
            16,
            False,
            id="an instance mix of one size",
        ),
        pytest.param(VMSS, {"orchestrationMode": "Flexible"}, 0, False, id="a scale set of machines that are made one by one"),
        pytest.param(
            "azure-native:containerservice:Machine", {"properties": {"hardware": {"vmSize": ND}}}, 8, False, id="a machine of AKS"
        ),
        pytest.param("aws:ec2/instance:Instance", {"instanceType": "p5.48xlarge"}, 8, False, id="an instance of EC2"),
    ],
)
def test_machines(token, inputs, held, spot):
    """A machine holds the GPUs of its size, a scale set those of its capacity."""
    assert gpus(token, inputs) == (Range.exactly(held), spot, True)


def test_instance_mix():
    """The instances of a scale set with a sku profile have any of its sizes, at most the largest.

    Source: learn.microsoft.com/azure/virtual-machine-scale-sets/instance-mix-overview: the sku is called Mix.
    """
    sizes = [{"name": "Standard_D4s_v5"}, {"name": NV}, {"name": ND}]
    mixed = {"sku": {"name": "Mix", "capacity": 2}, "skuProfile": {"vmSizes": sizes}}
    assert gpus(VMSS, mixed) == (Range(0, 0, 16), False, True)
    assert gpus(VMSS, {**mixed, "skuProfile": {"vmSizes": LATER}})[0] == LATER


def test_instance_of_a_template():
    """An instance has the type and the market of its launch template, unless it names its own."""
    inputs = {"name": "t", "instanceType": "p5.48xlarge", "instanceMarketOptions": {"marketType": "spot"}}
    template = Resource("urn:t", "aws:ec2/launchTemplate:LaunchTemplate", "t", None, inputs)
    named = {"launchTemplate": {"name": "t", "version": "$Latest"}}
    assert gpus("aws:ec2/instance:Instance", named, template) == (Range.exactly(8), True, True)
    assert gpus("aws:ec2/instance:Instance", {**named, "instanceType": "g5.xlarge"}, template)[0] == Range.exactly(1)


def test_claim():
    """A claim of Karpenter is one node of a size that its requirements allow."""
    assert gpus(CLAIM, need(ND))[0] == Range.exactly(8)
    assert gpus(CLAIM, need(ND, NV))[0] == Range(1, 1, 8)


@pytest.mark.parametrize(
    ("token", "inputs", "beside"),
    [
        pytest.param(CLAIM, {"spec": {}}, (), id="a claim that names no size"),
        pytest.param(VMSS, {"sku": {"name": ND, "capacity": LATER}}, (), id="a capacity that is not known"),
        pytest.param(VMSS, {"sku": {"name": ND, "capacity": 1}}, (AUTOSCALE,), id="a scale set that may be scaled"),
        pytest.param("aws:ec2/instance:Instance", {"launchTemplate": {"id": LATER}}, (), id="a launch template"),
        pytest.param("azure-native:compute:VirtualMachine", {}, (), id="a machine without a size"),
    ],
)
def test_unknown(token, inputs, beside):
    """What cannot be read is unknown, never none."""
    assert isinstance(gpus(token, inputs, *beside)[0], Unknown)
