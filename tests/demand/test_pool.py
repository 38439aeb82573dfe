"""Which pool a workload on existing nodes runs on: one whose labels are known, where no other pool may turn out to be it."""

import pytest

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.pool import pool_of, pool_with
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
A100 = "Standard_NC24ads_A100_v4"
A10 = "Standard_NV36ads_A10_v5"


def thing(kind, name, inputs):
    return Resource(f"urn:pulumi:dev::shop::{kind}::{name}", kind, name, None, inputs)


def aks(name, labels=None, size=A100, **more):
    inputs = {"agentPoolName": name, "vmSize": size, "nodeLabels": labels, **more}
    return thing("azure-native:containerservice:AgentPool", f"aks-{name}", inputs)


def inline(*pools):
    return thing("azure-native:containerservice:ManagedCluster", "cluster", {"agentPoolProfiles": list(pools)})


def karpenter(*needs, labels=None):
    spec = {"template": {"metadata": {"labels": labels}, "spec": {"requirements": list(needs)}}}
    return thing("kubernetes:karpenter.sh/v1:NodePool", "karpenter", {"metadata": {"name": "karpenter"}, "spec": spec})


def need(key, *values, operator="In"):
    return {"key": key, "operator": operator, "values": list(values)}


def eks(labels=None, types=(A100,)):
    inputs = {"nodeGroupName": "group", "labels": labels, "instanceTypes": list(types)}
    return thing("aws:eks/nodeGroup:NodeGroup", "eks", inputs)


GPU = {"apps": "gpu"}
KNOWN = aks("known", GPU)
SIZE = "node.kubernetes.io/instance-type"


@pytest.mark.parametrize(
    ("pools", "wanted", "name"),
    [
        pytest.param([KNOWN], GPU, "aks-known", id="the only pool with the label"),
        pytest.param([KNOWN, aks("other", {"apps": "web"})], GPU, "aks-known", id="another pool has another value"),
        pytest.param([KNOWN, aks("other")], GPU, "aks-known", id="another pool has no labels"),
        pytest.param([KNOWN, aks("other", GPU)], GPU, None, id="two pools with the label"),
        pytest.param([KNOWN], {}, None, id="no labels selected"),
        pytest.param([KNOWN, aks("later", LATER)], GPU, None, id="labels of another pool are not known"),
        pytest.param([KNOWN, aks("later", {"apps": LATER})], GPU, None, id="the value of another pool is not known"),
        pytest.param([KNOWN, aks("later", {"team": LATER})], GPU, "aks-known", id="a label no one selects is not known"),
        pytest.param([KNOWN, aks(LATER, LATER)], {"agentpool": "known"}, None, id="another pool's name is not known"),
        pytest.param(
            [KNOWN, aks("later", LATER)], {"agentpool": "known"}, "aks-known", id="AKS names nodes, whatever labels say"
        ),
        pytest.param([KNOWN, aks("later", LATER)], {"agentpool": "later"}, "aks-later", id="found by name, labels not known"),
        pytest.param([aks("later", LATER)], GPU, None, id="the only pool's labels are not known"),
        pytest.param([KNOWN, aks("later", {}, LATER)], {SIZE: A100}, None, id="another pool's size is not known"),
        pytest.param([KNOWN, aks("later", {}, A10)], {SIZE: A100}, "aks-known", id="another pool is of another size"),
        pytest.param([KNOWN, inline(LATER)], GPU, None, id="a pool inside a cluster is not known"),
        pytest.param(
            [KNOWN, thing("azure-native:containerservice:AgentPool", "x", LATER)], GPU, None, id="nothing of a pool is known"
        ),
        pytest.param(
            [KNOWN, aks("vms", virtualMachinesProfile={"scale": {}})],
            {SIZE: A100},
            None,
            id="a pool of machines of several sizes",
        ),
        pytest.param([KNOWN, karpenter(need("apps", "gpu"))], GPU, None, id="Karpenter puts the label on nodes"),
        pytest.param([KNOWN, karpenter(need("apps", LATER))], GPU, None, id="Karpenter's value is not known"),
        pytest.param([KNOWN, karpenter(need(LATER, "gpu"))], GPU, None, id="Karpenter's key is not known"),
        pytest.param([KNOWN, karpenter(LATER)], GPU, None, id="one of Karpenter's requirements is not known"),
        pytest.param([KNOWN, karpenter(labels=LATER)], GPU, None, id="Karpenter's labels are not known"),
        pytest.param([KNOWN, karpenter(need("zone", "1"))], GPU, "aks-known", id="Karpenter requires something else"),
        pytest.param([KNOWN, karpenter(need(SIZE, A100, A10))], {SIZE: A100}, None, id="Karpenter may take the size"),
        pytest.param([KNOWN, eks(LATER)], GPU, None, id="labels of a node group are not known"),
        pytest.param([KNOWN, eks(types=(A100, A10))], {SIZE: A100}, None, id="a node group may take the size"),
        pytest.param([KNOWN, eks({"apps": 7})], GPU, "aks-known", id="a label of another type matches no text"),
    ],
)
def test_pool(pools, wanted, name):
    """A pool is meant only where it is the one that carries the labels, and no other may."""
    found = pool_with(Graph(pools), wanted)
    assert (found.urn.rpartition("::")[2] if found else None) == name


@pytest.mark.parametrize(
    "selector", [LATER, {"matchLabels": LATER}, {"matchLabels": {"apps": LATER}}, {"matchExpressions": LATER}], ids=str
)
def test_a_selector_that_is_not_known_means_no_pool(selector):
    """What selects its nodes by something unknown is on no known pool."""
    inputs = {"resource": {"labelSelector": selector}}
    assert pool_of(Graph([KNOWN]), thing("kubernetes:kaito.sh/v1beta1:Workspace", "chat", inputs)) is None
