"""What Karpenter on Azure is reported of its network, and what a pool is reported of reserved capacity."""

import pytest

import kaito_iac as kaito
from kaito_iac.offline.run import run_function

SUBNET = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes"
KARPENTER = {"bootstrap_token": None, "ssh_public_key": "ssh-ed25519 AAAA", "subnet_id": SUBNET}
CLUSTER = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
)
GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/a100"


def operator(**network):
    import pulumi

    made = kaito.KaitoCluster("models", location="eastus", network={"subnet_id": SUBNET, **network})
    token = pulumi.Output.secret("abcdef.0123456789abcdef")
    kaito.KaitoOperator("kaito", cluster=made, provisioner="karpenter", karpenter={**KARPENTER, "bootstrap_token": token})


@pytest.mark.parametrize(
    ("network", "told"),
    [
        pytest.param({}, ("azure", ""), id="the default of the cluster"),
        pytest.param({"dataplane": "cilium"}, ("cilium", "cilium"), id="Cilium"),
        pytest.param({"policy": "calico"}, ("azure", "calico"), id="a policy"),
    ],
)
def test_karpenter_is_told_the_network_of_its_cluster(network, told):
    """Nodes of Karpenter join with the dataplane and the policy that the cluster of the program has."""
    recording = run_function(lambda: operator(**network))
    assert recording.error is None
    env = recording.by_name("kaito-karpenter").inputs["values"]["controller"]["env"]
    found = {one["name"]: one.get("value") for one in env}
    assert (found["NETWORK_DATAPLANE"], found["NETWORK_POLICY"]) == told


def test_karpenter_may_use_the_subnet():
    """Karpenter's identity may join nodes to a subnet elsewhere, and read the virtual network that it is in."""
    recording = run_function(operator)
    role = recording.by_name("kaito-role-network-contributor-subnet")
    assert role.inputs["scope"] == SUBNET.rpartition("/subnets/")[0]


def pool(**more):
    kaito.GpuNodePool("a100", cluster_id=CLUSTER, instance_type="Standard_NC24ads_A100_v4", count=1, **more)


def test_reserved_capacity():
    """A pool takes its nodes from the group that is named."""
    recording = run_function(lambda: pool(capacity_reservation=GROUP))
    assert recording.by_name("a100-nodes").inputs["capacityReservationGroupID"] == GROUP


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param(
            {"capacity_reservation": GROUP, "spot": True},
            "capacity_reservation: together with spot, which cannot be reserved; expected spot, or a reservation [KS105]",
            id="spot",
        ),
        pytest.param(
            {"capacity_reservation": "a100"},
            "capacity_reservation: 'a100'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/"
            "capacityReservationGroups/… [KS102]",
            id="a name",
        ),
    ],
)
def test_reserved_capacity_refused(more, told):
    """Spot nodes cannot be reserved, and a group is named by its id."""
    recording = run_function(lambda: pool(**more))
    assert told in recording.error.message


def test_no_way_out():
    """A cluster without any way out of its network is made as such."""
    recording = run_function(lambda: kaito.KaitoCluster("c", location="eastus", network={"outbound_type": "none"}) and None)
    assert recording.by_name("c-cluster").inputs["networkProfile"]["outboundType"] == "none"
