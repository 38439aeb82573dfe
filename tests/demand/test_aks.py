"""What agent pools of AKS hold."""

import pytest

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"
LATER = Unknown("set by an output")
POOL = "azure-native:containerservice:AgentPool"
CLUSTER = "azure-native:containerservice:ManagedCluster"

NO_SCALE = "? (virtualMachinesProfile without a scale)"


def span(value: Range | Unknown) -> str:
    if isinstance(value, Unknown):
        return f"? ({value.reason})"
    return f"{value.low:g}" if value == Range.exactly(value.low) else f"{value.low:g}-{value.expected:g}-{value.high:g}"


def told(found: Demand) -> str:
    """Everything a demand says that depends on counts, on one line."""
    size = found.size_name or "?"
    place = found.region if isinstance(found.region, str) else "?"
    family = found.family if isinstance(found.family, str) else "?"
    return f"{span(found.nodes)} x {size} = {span(found.gpus)} GPUs, {family} in {place}; {found.why}"


def held(token: str, inputs: dict) -> list[str]:
    return [told(found) for found in demands([Resource("urn:pool", token, "pool", None, inputs)], region="eastus")]


OUTSIDE = "is a GPU size that is not in the catalogue"
NOT_KNOWN = "? (set by an output) x"
FIXED = "; fixed count"
SCALED = "; autoscaled; quota counts the maximum"
FAMILY = "StandardNCADSA100v4Family in eastus"


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param({"vmSize": A100, "count": 3}, f"3 x {A100} = 3 GPUs, {FAMILY}{FIXED}", id="a fixed count"),
        pytest.param(
            {"vmSize": A100, "count": 3.0}, f"3 x {A100} = 3 GPUs, {FAMILY}{FIXED}", id="a count off the wire is a float"
        ),
        pytest.param({"vmSize": A100}, f"1 x {A100} = 1 GPUs, {FAMILY}{FIXED}", id="no count is one node"),
        pytest.param({"vmSize": A100, "count": 0}, f"0 x {A100} = 0 GPUs, {FAMILY}{FIXED}", id="an empty pool"),
        pytest.param(
            {"vmSize": "standard_nc96ADS_a100_v4", "count": 2},
            f"2 x Standard_NC96ads_A100_v4 = 8 GPUs, {FAMILY}{FIXED}",
            id="a size in another case",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "minCount": 1, "count": 2, "maxCount": 4},
            f"1-2-4 x {A100} = 1-2-4 GPUs, {FAMILY}{SCALED}",
            id="an autoscaler between minCount and maxCount",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "count": 9, "maxCount": 4},
            f"0-4-4 x {A100} = 0-4-4 GPUs, {FAMILY}{SCALED}",
            id="a count above maxCount is cut to it",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "minCount": 2, "count": LATER, "maxCount": 4},
            f"2-2-4 x {A100} = 2-2-4 GPUs, {FAMILY}{SCALED}",
            id="an unknown count says nothing about an autoscaled pool",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": False, "count": 2, "maxCount": 9},
            f"2 x {A100} = 2 GPUs, {FAMILY}{FIXED}",
            id="maxCount without autoscaling counts for nothing",
        ),
        pytest.param(
            {"vmSize": A100, "count": 2, "scaleSetPriority": "Spot"},
            f"2 x {A100} = 2 GPUs, lowPriorityCores in eastus{FIXED}",
            id="spot nodes count against a family of their own",
        ),
        pytest.param(
            {"vmSize": A100, "count": 2, "scaleSetPriority": "Regular"},
            f"2 x {A100} = 2 GPUs, {FAMILY}{FIXED}",
            id="regular nodes",
        ),
        pytest.param(
            {"vmSize": A100, "count": 2, "scaleSetPriority": LATER},
            f"2 x {A100} = 2 GPUs, ? in eastus{FIXED}",
            id="a priority that is not known leaves the family open, not the GPUs",
        ),
        pytest.param(
            {"vmSize": "Standard_D4s_v5", "count": 3},
            f"3 x Standard_D4s_v5 = 0 GPUs, ? in eastus{FIXED}",
            id="a size without GPUs holds none",
        ),
        pytest.param(
            {"vmSize": "Standard_D4s_v5", "count": LATER},
            f"{NOT_KNOWN} Standard_D4s_v5 = 0 GPUs, ? in eastus{FIXED}",
            id="however many nodes without GPUs there are",
        ),
        pytest.param(
            {"vmSize": "Standard_NZ6s_v9", "count": 1},
            f"1 x Standard_NZ6s_v9 = ? (Standard_NZ6s_v9 {OUTSIDE}) GPUs, ? in eastus{FIXED}",
            id="a GPU size outside the catalogue",
        ),
        pytest.param(
            {"vmSize": "p9-z100.48xlarge"},
            f"1 x p9-z100.48xlarge = ? (p9-z100.48xlarge {OUTSIDE}) GPUs, ? in eastus{FIXED}",
            id="a GPU size of AWS outside the catalogue",
        ),
        pytest.param({"vmSize": LATER}, "1 x ? = ? (set by an output) GPUs, ? in eastus; fixed count", id="an unknown size"),
        pytest.param({}, "1 x ? = ? (no VM size is named) GPUs, ? in eastus; fixed count", id="no size"),
        pytest.param(
            {"vmSize": A100, "count": LATER},
            f"{NOT_KNOWN} {A100} = ? (set by an output) GPUs, {FAMILY}{FIXED}",
            id="an unknown count",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": LATER, "count": 1},
            f"{NOT_KNOWN} {A100} = ? (set by an output) GPUs, {FAMILY}; unknown whether it scales",
            id="unknown whether it scales",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "maxCount": LATER},
            f"{NOT_KNOWN} {A100} = ? (set by an output) GPUs, {FAMILY}{SCALED}",
            id="an unknown maxCount",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "minCount": LATER, "maxCount": 2},
            f"{NOT_KNOWN} {A100} = ? (set by an output) GPUs, {FAMILY}{SCALED}",
            id="an unknown minCount",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "count": 1},
            f"? (autoscaled without maxCount) x {A100} = ? (autoscaled without maxCount) GPUs, {FAMILY}{SCALED}",
            id="autoscaled without maxCount",
        ),
        pytest.param(
            {"vmSize": A100, "enableAutoScaling": True, "minCount": 3, "maxCount": 2},
            f"? (minCount 3 is above maxCount 2) x {A100} = ? (minCount 3 is above maxCount 2) GPUs, {FAMILY}{SCALED}",
            id="minCount above maxCount",
        ),
    ],
)
def test_agent_pool(inputs, said):
    """A pool holds its count, an autoscaled one up to its maximum; what is not known is reported with its reason."""
    assert held(POOL, inputs) == [said]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        pytest.param({"count": "two"}, "count is a text, not a number of nodes", id="a text for a count"),
        pytest.param({"count": True}, "count is a truth value, not a number of nodes", id="a truth value for a count"),
        pytest.param({"count": [1]}, "count is a list, not a number of nodes", id="a list for a count"),
        pytest.param({"count": {"a": 1}}, "count is a mapping, not a number of nodes", id="a mapping for a count"),
        pytest.param({"count": 1.5}, "count is no number of nodes", id="half a node"),
        pytest.param({"count": -1}, "count is no number of nodes", id="less than no node"),
        pytest.param({"count": float("nan")}, "count is no number of nodes", id="not a number"),
        pytest.param({"count": float("inf")}, "count is no number of nodes", id="nodes without end"),
        pytest.param({"count": 10**400}, "count is no number of nodes", id="more nodes than a float can say"),
        pytest.param({"enableAutoScaling": "true"}, "enableAutoScaling is a text, not true or false", id="a text for a switch"),
        pytest.param(
            {"enableAutoScaling": True, "maxCount": "9"}, "maxCount is a text, not a number of nodes", id="a text for maxCount"
        ),
        pytest.param({"vmSize": 4}, "the VM size is a number, not a text", id="a number for a size"),
        pytest.param({"vmSize": [A100]}, "the VM size is a list, not a text", id="a list for a size"),
    ],
)
def test_wrong_type(inputs, reason):
    """A value of a wrong type makes the GPUs unknown, and says which value it was."""
    (found,) = demands([Resource("urn:pool", POOL, "pool", None, {"vmSize": A100, **inputs})])
    assert found.gpus == Unknown(reason)


@pytest.mark.parametrize(
    ("token", "count"),
    [
        pytest.param("azure-native:containerservice:AgentPool", 1, id="default version"),
        pytest.param("azure-native:containerservice/v20240901:AgentPool", 1, id="a version in the token"),
        pytest.param("azure-native:containerservice/v20240902preview:AgentPool", 1, id="a preview version"),
        pytest.param("azure-native_containerservice_v20240901:containerservice:AgentPool", 1, id="a package of one version"),
        pytest.param("azure-native:containerservice:MaintenanceConfiguration", 0, id="another type"),
        pytest.param("azure-nextgen:containerservice/latest:AgentPool", 1, id="the package before azure-native"),
        pytest.param("azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool", 1, id="the provider azure"),
        pytest.param("aws:s3/bucket:Bucket", 0, id="another cloud"),
    ],
)
def test_token(token, count):
    """An agent pool is known by its token, whatever API version the token carries."""
    assert len(held(token, {"vmSize": A100})) == count


def test_pools_inside_a_cluster():
    """Every pool inside a cluster counts, in the cluster's own region."""
    profiles = [
        {"name": "system", "vmSize": "Standard_D4s_v5", "count": 3},
        {"name": "gpu", "vmSize": A100, "count": 1, "enableAutoScaling": True, "minCount": 0, "maxCount": 2},
    ]
    assert held(CLUSTER, {"location": "West Europe", "agentPoolProfiles": profiles}) == [
        "3 x Standard_D4s_v5 = 0 GPUs, ? in westeurope; fixed count",
        f"0-1-2 x {A100} = 0-1-2 GPUs, StandardNCADSA100v4Family in westeurope; autoscaled; quota counts the maximum",
    ]


@pytest.mark.parametrize(
    ("profiles", "reasons"),
    [
        pytest.param(None, [], id="a cluster without pools of its own"),
        pytest.param([], [], id="no pool"),
        pytest.param(LATER, ["set by an output"], id="pools that are not known"),
        pytest.param([LATER], ["set by an output"], id="a pool that is not known"),
        pytest.param("gpu", ["agentPoolProfiles is a text, not a list"], id="a text for the pools"),
        pytest.param({"name": "gpu"}, ["agentPoolProfiles is a mapping, not a list"], id="a mapping for the pools"),
        pytest.param(
            ["gpu", 3], ["profile is a text, not a mapping", "profile is a number, not a mapping"], id="texts for pools"
        ),
    ],
)
def test_pools_that_cannot_be_read(profiles, reasons):
    """Pools that cannot be read hold unknown GPUs; they are not left out."""
    found = demands([Resource("urn:cluster", CLUSTER, "cluster", None, {"agentPoolProfiles": profiles})])
    assert [demand.gpus for demand in found] == [Unknown(reason) for reason in reasons]


@pytest.mark.parametrize(
    ("size", "region", "spot", "price"),
    [
        pytest.param(A100, "eastus", False, 3.673 * 730 * 2, id="a list price"),
        pytest.param(A100, "atlantis", False, Unknown(f"no list price on record for {A100} in atlantis"), id="another region"),
        pytest.param(A100, None, False, Unknown("price depends on the region: no location is named"), id="no region"),
        pytest.param(A100, LATER, False, Unknown("price depends on the region: set by an output"), id="an unknown region"),
        pytest.param(
            A100, ["eastus"], False, Unknown("price depends on the region: location is a list, not a text"), id="a list"
        ),
        pytest.param(A100, "eastus", LATER, Unknown("price depends on spot: set by an output"), id="unknown whether spot"),
        pytest.param("Standard_D4s_v5", "eastus", False, 0.192 * 730 * 2, id="system nodes have a price too"),
        pytest.param(
            "Standard_B2ms",
            "eastus",
            False,
            Unknown("no list price on record for Standard_B2ms in eastus"),
            id="a size without one",
        ),
        pytest.param(LATER, "eastus", False, LATER, id="an unknown size"),
    ],
)
def test_cost(size, region, spot, price):
    """Two nodes cost twice the list price of their region; what no one priced is unknown, never nothing."""
    inputs = {"vmSize": size, "count": 2, "scaleSetPriority": spot or None}
    cluster = {"location": region, "agentPoolProfiles": [inputs]}
    (found,) = demands([Resource("urn:cluster", CLUSTER, "cluster", None, cluster)])
    cost = found.usd_per_month
    assert cost == price if isinstance(price, Unknown) else cost == Range.exactly(pytest.approx(price))


MACHINES = {"type": "VirtualMachines", "nodeLabels": {"apps": "gpu"}}


def machines(**scale):
    return {**MACHINES, "virtualMachinesProfile": {"scale": scale}}


FOUR = "Standard_NC96ads_A100_v4"


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        pytest.param(
            machines(manual=[{"size": A100, "count": 2}, {"size": FOUR, "count": 1}]),
            [f"2 x {A100} = 2 GPUs, {FAMILY}{FIXED}", f"1 x {FOUR} = 4 GPUs, {FAMILY}{FIXED}"],
            id="two sizes, each with its count",
        ),
        pytest.param(
            machines(autoscale={"size": A100, "minCount": 1, "maxCount": 3}),
            [f"1-1-3 x {A100} = 1-1-3 GPUs, {FAMILY}{SCALED}"],
            id="autoscaled",
        ),
        pytest.param(
            machines(autoscale=[{"sizes": [A100, FOUR], "minCount": 1, "maxCount": 2}]),
            [f"1-1-2 x {A100} or {FOUR} = 1-1-8 GPUs, {FAMILY}{SCALED}"],
            id="the first size that there is capacity for",
        ),
        pytest.param(machines(), [f"{NO_SCALE} x ? = {NO_SCALE} GPUs, ? in eastus; "], id="nothing to scale"),
        pytest.param(
            {**MACHINES, "vmSize": A100, "count": 2}, [f"2 x {A100} = 2 GPUs, {FAMILY}{FIXED}"], id="single machines of one size"
        ),
        pytest.param(
            {**machines(manual=[{"size": FOUR, "count": 1}]), "type": "VirtualMachineScaleSets", "vmSize": A100},
            [f"1 x {A100} = 1 GPUs, {FAMILY}{FIXED}"],
            id="a scale set takes no profile",
        ),
        pytest.param(
            {**MACHINES, "virtualMachinesProfile": LATER},
            ["? (set by an output) x ? = ? (set by an output) GPUs, ? in eastus; "],
            id="a profile that is not known",
        ),
        pytest.param(
            {**machines(manual=[{"size": A100, "count": 1}]), "type": LATER},
            ["? (set by an output) x ? = ? (set by an output) GPUs, ? in eastus; "],
            id="a type that is not known",
        ),
        pytest.param(
            machines(manual=[LATER]),
            ["? (set by an output) x ? = ? (set by an output) GPUs, ? in eastus; "],
            id="an entry that is not known",
        ),
    ],
)
def test_pools_of_single_machines(inputs, said):
    """A pool of single machines holds every size at its own scale."""
    assert held(POOL, inputs) == said


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"scaleDownMode": "Deallocate"}, id="nodes that are deallocated instead of deleted"),
        pytest.param({"gpuInstanceProfile": "MIG1g"}, id="GPUs cut into slices"),
        pytest.param({"gpuProfile": {"driver": "None"}}, id="no driver"),
    ],
)
def test_what_changes_nothing(more):
    """How nodes are scaled down, and how their GPUs are cut, changes nothing of what is created."""
    pool = {"vmSize": A100, "enableAutoScaling": True, "minCount": 1, "count": 1, "maxCount": 3}
    assert held(POOL, {**pool, **more}) == held(POOL, pool)


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        pytest.param(
            "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool",
            {"vmSize": A100, "autoScalingEnabled": True, "minCount": 1, "maxCount": 3, "nodeCount": 2, "priority": "Spot"},
            id="a pool",
        ),
        pytest.param(
            "azure:containerservice/kubernetesCluster:KubernetesCluster",
            {
                "location": "eastus",
                "defaultNodePool": {
                    "vmSize": A100,
                    "enableAutoScaling": True,
                    "minCount": 1,
                    "maxCount": 3,
                    "nodeCount": 2,
                    "priority": "Spot",
                },
            },
            id="the pool inside a cluster",
        ),
    ],
)
def test_provider_azure(token, inputs):
    """The provider `azure` has its own names for the same pools."""
    assert held(token, inputs) == [f"1-2-3 x {A100} = 1-2-3 GPUs, lowPriorityCores in eastus{SCALED}"]
    assert held(token, LATER) == ["? (set by an output) x ? = ? (set by an output) GPUs, ? in ?; "]


def test_pool_inside_a_cluster_that_is_not_known():
    """Of a pool of which nothing is known, nothing else is taken for known either."""
    (found,) = demands([Resource("urn:aks", CLUSTER, "aks", None, {"agentPoolProfiles": [LATER]})])
    assert (found.gpus, found.spot, found.team, found.family) == (LATER, LATER, LATER, LATER)


@pytest.mark.parametrize(
    ("pool", "vcpus"),
    [
        pytest.param({}, 48, id="one node by default"),
        pytest.param({"upgradeSettings": {"maxSurge": "3"}}, 96, id="a number"),
        pytest.param({"count": 3, "upgradeSettings": {"maxSurge": "100%"}}, 144, id="every node"),
        pytest.param({"count": 3, "upgradeSettings": {"maxSurge": "33%"}}, 96, id="a share, rounded up"),
        pytest.param({"upgradeSettings": {"maxSurge": "0", "maxUnavailable": "1"}}, 24, id="nodes may be missing instead"),
        pytest.param({"upgradeSettings": {"maxUnavailable": "1"}}, 24, id="maxSurge left out beside maxUnavailable"),
        pytest.param({"scaleSetPriority": "Spot", "upgradeSettings": {"maxSurge": "2"}}, 24, id="spot pools have no surge"),
        pytest.param(
            {"enableAutoScaling": True, "minCount": 1, "maxCount": 4, "upgradeSettings": {"maxSurge": "50%"}},
            144,
            id="of the most that the autoscaler may make",
        ),
        pytest.param({"count": 0}, 0, id="an empty pool"),
        pytest.param({"upgradeSettings": {"maxSurge": LATER}}, LATER, id="not known"),
    ],
)
def test_surge_of_an_upgrade(pool, vcpus):
    """Quota has to have room for the nodes that an upgrade adds; the bill of a month does not count them.

    "Node surges require subscription quota": azure-aks-docs, upgrade-aks-node-pools-rolling.
    """
    inputs = {"vmSize": A100, "count": 1, **pool}
    (found,) = demands([Resource("urn:cluster", CLUSTER, "cluster", None, {"location": "eastus", "agentPoolProfiles": [inputs]})])
    assert found.quota_vcpus == vcpus if isinstance(vcpus, Unknown) else found.quota_vcpus.high == vcpus
