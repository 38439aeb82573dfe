"""KO421: no pool is autoscaled in a cluster with node auto-provisioning."""

from datetime import date
from pathlib import Path

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.pool_autoscaling import RULE
from kaito_iac.rules.rule import StackFacts
from kaito_iac.stack.resource import Options, Resource

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
TOLD = (
    "an autoscaled pool in a cluster with node auto-provisioning, which AKS refuses; expected a fixed count [KO421]\n"
    "  fix: give the pool a count, or let node auto-provisioning make the nodes"
)


def urn(type: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{type}::{name}"


def cluster(mode: str, *pools: dict) -> Resource:
    inputs = {"resourceName": "models", "nodeProvisioningProfile": {"mode": mode}, "agentPoolProfiles": list(pools)}
    return Resource(urn(CLUSTER, "models"), CLUSTER, "models", None, inputs)


def pool(of: object, scaled: bool = True, behind: str = "") -> Resource:
    options = Options(property_dependencies={"resourceName": (behind,)} if behind else {})
    return Resource(urn(POOL, "gpu"), POOL, "gpu", None, {"resourceName": of, "enableAutoScaling": scaled}, options=options)


SYSTEM = {"name": "system", "enableAutoScaling": True}


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([cluster("Auto"), pool("models")], [f"gpu: enableAutoScaling: {TOLD}"], id="a pool of the cluster by name"),
        pytest.param(
            [cluster("Auto"), pool(Unknown("an output"), behind=urn(CLUSTER, "models"))],
            [f"gpu: enableAutoScaling: {TOLD}"],
            id="a pool of the cluster by its output",
        ),
        pytest.param(
            [cluster("Auto", SYSTEM)],
            [f"models: agentPoolProfiles[0].enableAutoScaling: {TOLD}"],
            id="a pool inside the cluster",
        ),
        pytest.param([cluster("Manual", SYSTEM), pool("models")], [], id="without node auto-provisioning"),
        pytest.param([cluster("Auto"), pool("models", scaled=False)], [], id="a fixed count"),
        pytest.param([cluster("Auto"), pool("others")], [], id="a pool of another cluster"),
    ],
)
def test_autoscaled_pools(resources, problems):
    """AKS refuses the cluster autoscaler beside node auto-provisioning, in pools of every place."""
    facts = StackFacts(demands=(), today=date.min, folder=Path(), resources=resources)
    assert [problem.text(indent="", marked=False) for problem in RULE.judge(facts, {})] == problems
