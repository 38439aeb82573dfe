"""The order of cluster, operator and workloads in one program, read from what is registered: destroy goes the other way."""

from __future__ import annotations

from itertools import pairwise

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
OWN = {"guard": False, "install_provisioner": False}
GATES = ("ModelMirror", "enableMultiRoleInferenceController", "gatewayAPIInferenceExtension")
TOKEN = "abcdef.0123456789abcdef"
KARPENTER = {"ssh_public_key": "ssh-ed25519 AAAA", "subnet_id": "/subscriptions/0/subnet"}


def platform(mode: str, provisioner: str) -> None:
    """A cluster, a pool where KAITO makes no nodes, the operator, and one workload of each kind on it."""
    cluster = kaito.KaitoCluster(
        "models", {"location": "eastus", "node_auto_provisioning": provisioner == "node-auto-provisioning"}
    )
    on_cluster = pulumi.ResourceOptions(providers=[cluster.provider()])
    place = {"instance_type": A100}
    if provisioner == "byo":
        place = {
            "node_pool": kaito.GpuNodePool(
                "a100", {"cluster": cluster, "instance_type": A100, "count": 4, "labels": {"apps": "a"}}
            )
        }
    operator = kaito.KaitoOperator(
        "kaito",
        {
            "mode": mode,
            "cluster": cluster,
            "provisioner": provisioner,
            "rag": True,
            "feature_gates": dict.fromkeys(GATES, True),
            **(
                {"karpenter": {**KARPENTER, "bootstrap_token": pulumi.Output.secret(TOKEN)}} if provisioner == "karpenter" else {}
            ),
        },
        on_cluster,
    )
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "operator": operator, **place}, on_cluster)
    kaito.KaitoInferenceSet("many", {"preset": "phi-4-mini-instruct", "operator": operator, **place}, on_cluster)
    kaito.KaitoRagEngine("docs", {"operator": operator}, on_cluster)
    kaito.KaitoModelMirror("mirror", {"preset": "phi-4", "storage_class": "nfs", "operator": operator}, on_cluster)
    roles = {"prefill": {"replicas": 1}, "decode": {"replicas": 1}}
    if provisioner != "byo":
        roles = {role: {"instance_type": A100} for role in roles}
        data = {"dataset": {"claim": "data"}, "output": {"claim": "adapters"}, "instance_type": A100}
        kaito.KaitoTuning("tuned", {"preset": "phi-4-mini-instruct-lora", "operator": operator, **data}, on_cluster)
    pool = {key: value for key, value in place.items() if key == "node_pool"}
    kaito.KaitoMultiRoleInference("split", {"preset": "phi-4-mini-instruct", "operator": operator, **pool, **roles}, on_cluster)


CHARTS = ("kaito-workspace", "kaito-ragengine", "kaito-guard")
CLUSTER = ("models-group", "models-cluster", "models-kubernetes")
IDENTITY = ("models-cluster", "kaito-identity")
CHAINS = {
    "byo": [(*CLUSTER, *CHARTS), ("models-cluster", "a100-nodes")],
    "azure-gpu-provisioner": [
        (*CLUSTER, "kaito-gpu-provisioner", *CHARTS),
        (*IDENTITY, "kaito-role-contributor", "kaito-provisioner-federation", "kaito-gpu-provisioner"),
    ],
    "karpenter": [
        (*CLUSTER, "kaito-bootstrap-token", "kaito-karpenter-crd", "kaito-karpenter", *CHARTS),
        *(
            (*IDENTITY, f"kaito-role-{role}", "kaito-provisioner-federation", "kaito-karpenter-crd")
            for role in ("virtual-machine-contributor", "network-contributor", "managed-identity-operator")
        ),
    ],
    "node-auto-provisioning": [(*CLUSTER, *CHARTS)],
}
"""Provisioner to chains of resources, each made after the one to its left and deleted before it."""
WORKLOADS = (
    "chat-workspace",
    "many-inferenceset",
    "split-multiroleinference",
    "tuned-workspace",
    "docs-ragengine",
    "mirror-modelmirror",
)


def before(recording, name):
    """Return the names of what the engine makes before a resource, and deletes after it: dependencies and providers, of all."""
    by_urn = {found.urn: found for found in recording.resources}
    seen, todo = set(), [recording.by_name(name)]
    while todo:
        one = todo.pop()
        provider = (one.provider or "").rpartition("::")[0]
        for urn in (*one.options.depends_on, provider):
            if urn in by_urn and urn not in seen:
                seen.add(urn)
                todo.append(by_urn[urn])
    return {by_urn[urn].name for urn in seen}


@pytest.mark.parametrize("provisioner", CHAINS)
def test_order(provisioner):
    """Destroy takes workloads first, then the guard, which waits for their nodes, then charts, provisioner, identity, cluster."""
    recording = record(lambda: platform("release", provisioner))
    names = {found.name for found in recording.resources}
    links = [pair for chain in CHAINS[provisioner] for pair in pairwise(chain)]
    assert [(first, then) for first, then in links if first not in before(recording, then)] == []
    parts = {part for chain in CHAINS[provisioner] for part in chain}
    assert {part for part in parts if before(recording, part) & set(WORKLOADS)} == set()
    unneeded = {one: parts - before(recording, one) for one in WORKLOADS if one in names}
    poolless = {"a100-nodes"} if provisioner == "byo" else set()
    assert unneeded == {
        one: poolless if one in ("docs-ragengine", "mirror-modelmirror") else set()
        for one in WORKLOADS
        if one != "tuned-workspace" or provisioner != "byo"
    }


def test_no_part_is_outside_the_chains():
    """Every resource of the operator and the cluster is in a chain, but namespaces, which their charts wait for."""
    for provisioner, chains in CHAINS.items():
        recording = record(lambda provisioner=provisioner: platform("release", provisioner))
        owners = {recording.by_name(name).urn for name in ("models", "kaito")}
        own = {found.name for found in recording.resources if found.parent in owners}
        spaces = {name for name in own if name.startswith("kaito-namespace-")}
        assert own - spaces == {part for chain in chains for part in chain} - {"a100-nodes"}


def test_unguarded():
    """Without the guard its resource stays, and has no hook: an update takes the hook away, and destroy needs no program."""
    recording = record(
        lambda: kaito.KaitoWorkspace(
            "chat",
            {"preset": "phi-4-mini-instruct", "operator": kaito.KaitoOperator("kaito", {"provisioner": "karpenter", **OWN})},
        )
    )
    assert recording.by_name("kaito-guard").options.hooks == {}
    assert "kaito-workspace" in before(recording, "chat-workspace")
