"""AKS clusters that are stopped while KAITO has nodes: https://github.com/kaito-project/kaito/issues/2075."""

from __future__ import annotations

import pytest

from kaito_iac.demand.stack import demands
from kaito_iac.planning.cluster_stop import ORDER, stop_problems
from kaito_iac.stack.resource import Resource

SIZE = "Standard_NC24ads_A100_v4"
RACE = "it starts again in a race with KAITO, which may delete pools that are waking up (kaito#2075)"


def resource(name, kind, inputs):
    return Resource(f"urn:{name}", kind, name, None, inputs)


def workspace(size=SIZE, **more):
    inputs = {"resource": {"instanceType": size, **more}, "inference": {"preset": {"name": "phi-4"}}}
    return resource("chat", "kubernetes:kaito.sh/v1beta1:Workspace", inputs)


def command(text):
    return resource("stop", "command:local:Command", {"create": "true", "delete": text})


CLUSTER = resource("aks", "azure-native:containerservice:ManagedCluster", {"location": "eastus"})
BYO = resource(
    "chat",
    "kubernetes:kaito.sh/v1beta1:Workspace",
    {"resource": {"labelSelector": {"matchLabels": {"app": "x"}}}, "inference": {"preset": {"name": "phi-4"}}},
)
NIGHTS = resource("hours", "kubernetes:keda.sh/v1alpha1:ScaledObject", {"spec": {"triggers": [{"type": "cron"}]}})
LOAD = resource("load", "kubernetes:keda.sh/v1alpha1:ScaledObject", {"spec": {"triggers": [{"type": "prometheus"}]}})


def said(*resources):
    found = demands(resources)
    return [f"{problem.severity}: {problem.headline} / {problem.fix}" for problem in stop_problems(resources, found)]


STOPS = (
    f"warning: stop: stops an AKS cluster while KAITO creates the nodes of chat: {RACE};"
    f" expected no stop, or this order [KO446] / {ORDER}"
)
SLEEPS = (
    "info: aks: nights at fewer replicas, while KAITO creates the nodes of chat: a cluster that is stopped as well starts"
    " again in a race with KAITO, which may delete pools that are waking up (kaito#2075) [KO446]"
    f" / leave it running, or in this order: {ORDER}"
)


@pytest.mark.parametrize(
    "text",
    [
        "az aks stop --name c --resource-group g",
        "az  aks  stop -n c -g g --no-wait",
        "az aks nodepool stop --cluster-name c --nodepool-name gpu -g g",
        "Stop-AzAksCluster -Name c -ResourceGroupName g",
        "curl -X POST https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService"
        "/managedClusters/c/stop?api-version=2026-01-01",
        "client.managed_clusters.begin_stop('g', 'c')",
    ],
)
def test_what_stops_a_cluster(text):
    """Command line, PowerShell, REST and SDK are recognized, wherever they stand in the inputs of a resource."""
    assert said(workspace(), command(text)) == [STOPS]


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([workspace(), command("az aks show --name c; az aks start --name c")], id="nothing is stopped"),
        pytest.param([BYO, command("az aks stop -n c")], id="nodes that exist already"),
        pytest.param([workspace("g6.xlarge"), command("az aks stop -n c")], id="nodes on AWS"),
        pytest.param([command("az aks stop -n c")], id="no workload"),
        pytest.param([workspace(), CLUSTER], id="a cluster that nothing stops"),
        pytest.param([workspace(), CLUSTER, LOAD], id="scaled by load"),
        pytest.param([workspace(), NIGHTS], id="a cluster of someone else"),
    ],
)
def test_what_does_not(resources):
    """Without nodes of KAITO on Azure, or without a stop, there is nothing to state."""
    assert said(*resources) == []


def test_nights():
    """A program that makes the cluster and scales by the time of day learns what a stop would do."""
    assert said(workspace(), CLUSTER, NIGHTS) == [SLEEPS]
