"""A pool of EKS: what is registered, what is refused, and what a plan makes of it."""

import pytest

import kaito_iac as kaito
from kaito_iac.demand.stack import demands
from kaito_iac.offline.run import run_function

ROLE = "arn:aws:iam::123456789012:role/nodes"
GIVEN = {
    "kind": "eks",
    "eks_cluster": "models",
    "node_role": ROLE,
    "subnet_ids": ["subnet-1"],
    "instance_type": "g6.xlarge",
    "location": "us-west-2",
}
GROUP = {
    "clusterName": "models",
    "nodeGroupName": "l4",
    "nodeRoleArn": ROLE,
    "subnetIds": ["subnet-1"],
    "instanceTypes": ["g6.xlarge"],
    "amiType": "AL2023_x86_64_NVIDIA",
    "capacityType": "ON_DEMAND",
    "scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 1},
    "labels": {"kaito-iac/pool": "l4"},
    "taints": [{"key": "sku", "value": "gpu", "effect": "NO_SCHEDULE"}],
}


def registered(**more):
    recording = run_function(lambda: kaito.GpuNodePool("l4", {**GIVEN, **more}) and None)
    assert recording.error is None
    return recording


@pytest.mark.parametrize(
    ("more", "group"),
    [
        pytest.param({}, {}, id="one node"),
        pytest.param(
            {"min_count": 1, "max_count": 3, "spot": True, "tags": {"owner": "ml"}},
            {
                "capacityType": "SPOT",
                "scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 3},
                "tags": {"owner": "ml"},
            },
            id="autoscaled spot nodes",
        ),
        pytest.param({"image_family": "Bottlerocket"}, {"amiType": "BOTTLEROCKET_x86_64_NVIDIA"}, id="another image"),
        pytest.param(
            {"instance_type": "g5g.xlarge", "gpu": {"product": "NVIDIA-T4G", "count": 1, "memory_mib": 16384}},
            {"amiType": "AL2023_ARM_64_NVIDIA", "instanceTypes": ["g5g.xlarge"]},
            id="ARM",
        ),
        pytest.param({"for_models": ["phi-4-mini-instruct"]}, {"diskSize": 128}, id="a disk for its models"),
    ],
)
def test_node_group(more, group):
    """A node group has the names and values of the provider aws."""
    assert registered(**more).by_name("l4-nodes").inputs == {**GROUP, **group}


def test_reserved_capacity():
    """Nodes of a capacity reservation come by a launch template, and need no quota of their own."""
    recording = registered(capacity_reservation="cr-0123456789abcdef0", count=2)
    template = recording.by_name("l4-template").inputs
    target = {"capacityReservationTarget": {"capacityReservationId": "cr-0123456789abcdef0"}}
    assert template["capacityReservationSpecification"] == target
    assert set(recording.by_name("l4-nodes").inputs["launchTemplate"]) == {"id", "version"}
    (found,) = [one for one in demands(recording.resources) if one.bought]
    assert (found.nodes.high, found.families, found.reserved) == (2, (), True)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param(
            {"subnet_ids": None},
            "subnet_ids: missing; expected ids of the subnets of the nodes [KS102]\n    fix: subnet_ids=['subnet-…']",
            id="no subnet",
        ),
        pytest.param(
            {"node_role": "nodes"},
            "node_role: 'nodes'; expected the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME [KS102]",
            id="a name for a role",
        ),
        pytest.param(
            {"capacity_reservation": "mine"},
            "capacity_reservation: 'mine'; expected the id of a capacity reservation of EC2, cr-… [KS102]",
            id="a name for a reservation",
        ),
        pytest.param({"mig": "MIG1g"}, "mig: without effect", id="an argument of AKS"),
    ],
)
def test_refusals(more, told):
    """What EKS would refuse, and what it has no word for, is refused at once."""
    recording = run_function(lambda: kaito.GpuNodePool("l4", {**GIVEN, **more}) and None)
    assert recording.error is not None
    if "effect" not in told:
        assert told in recording.error.message
    else:
        assert "mig: " in recording.error.message


def test_a_workload_on_it():
    """A workload finds the nodes by the label of the pool, and a pool that starts empty is refused."""

    def program(**more):
        pool = kaito.GpuNodePool("l4", {**GIVEN, **more})
        kaito.KaitoWorkspace("chat", preset="phi-4-mini-instruct", node_pool=pool)

    recording = run_function(program)
    assert recording.error is None
    labels = recording.by_name("chat-workspace").inputs["resource"]["labelSelector"]["matchLabels"]
    assert labels == {"kaito-iac/pool": "l4"}
    empty = run_function(lambda: program(min_count=0, max_count=2))
    assert "[KS264]" in empty.error.message
