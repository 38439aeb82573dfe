"""The same workloads on the same number of nodes are judged alike, whatever makes the pool and anyone who asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import kaito_iac as kaito
from kaito_iac.demand.pool_source import Pool
from kaito_iac.demand.stack import demands
from kaito_iac.errors import SpecError
from kaito_iac.planning.always import stack_problems
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.planning.state import judge_state
from kaito_iac.problem import Problem
from kaito_iac.rules import guardrails
from kaito_iac.rules.rule import StackFacts, StackRule
from kaito_iac.stack.resource import Resource, Stack, reveal
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
HEAD = """
import pulumi
import kaito_iac as kaito
A100, LABELS = "Standard_NC24ads_A100_v4", {"apps": "gpu"}
CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
def made(kind, inputs):
    pulumi.CustomResource(kind, "gpus", inputs)
def workspaces():
    for name in ("one", "two"):
        kaito.Workspace(
            name,
            metadata={"name": name, "namespace": "default"},
            resource={"labelSelector": {"matchLabels": LABELS}},
            inference={"preset": {"name": "phi-4-mini-instruct"}},
        )
"""
PROFILE = '{"name": "gpu", "vmSize": A100, "count": 1, "nodeLabels": LABELS}'
CLASSIC = '{"name": "gpu", "vmSize": A100, "nodeCount": 1, "nodeLabels": LABELS}'
NEEDS = '[{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [A100]}]'
TEMPLATE = f'{{"metadata": {{"labels": LABELS}}, "spec": {{"requirements": {NEEDS}}}}}'
SOURCES = {
    "our component": 'kaito.GpuNodePool("gpus", {"cluster_id": CLUSTER, "instance_type": A100, "count": 1, "labels": LABELS})',
    "our component, nodes that exist": (
        'kaito.GpuNodePool("gpus", {"kind": "existing", "instance_type": A100, "count": 1, "labels": LABELS})'
    ),
    "azure-native, separate": f'made("azure-native:containerservice:AgentPool", {PROFILE})',
    "azure-native, inline": f'made("azure-native:containerservice:ManagedCluster", {{"agentPoolProfiles": [{PROFILE}]}})',
    "provider azure, separate": f'made("azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool", {CLASSIC})',
    "provider azure, inline": (
        f'made("azure:containerservice/kubernetesCluster:KubernetesCluster", {{"defaultNodePool": {CLASSIC}}})'
    ),
    "Karpenter": (
        f'made("kubernetes:karpenter.sh/v1:NodePool", {{"spec": {{"template": {TEMPLATE}, "limits": {{"nodes": 1}}}}}})'
    ),
    "EKS": (
        'made("aws:eks/nodeGroup:NodeGroup", '
        '{"instanceTypes": ["p4d.24xlarge"], "scalingConfig": {"maxSize": 1}, "labels": LABELS})'
    ),
}
PATHS = {"azure-native, inline": "gpus: agentPoolProfiles[0]", "provider azure, inline": "gpus: defaultNodePool"}
CODES = ("KS223", "KS276", "KS275")


def said(problems) -> list[Problem]:
    return [problem for problem in problems if problem.code in CODES]


def program(source: str):
    """The program as a function."""

    def run() -> None:
        exec(HEAD + source + "\nworkspaces()\n", {})

    return run


def crowded(path: str) -> Problem:
    told = "2 nodes are needed (one 1, two 1), the pool has at most 1; a node's GPUs serve one workload"
    return Problem("KS223", path, told, "a pool of 2 or more nodes", "give the pool 2 nodes")


@pytest.mark.parametrize("source", SOURCES)
def test_plan_and_state(tmp_path: Path, source):
    """A plan and a saved state find a pool that is too small, whatever makes it."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(HEAD + SOURCES[source] + "\nworkspaces()\n")
    expected = [crowded(PATHS.get(source, "gpus"))]
    plan = make_plan(Program(tmp_path))
    assert said(plan.problems) == expected
    saved = Stack(tuple(reveal_of(resource) for resource in record(program(SOURCES[source])).resources))
    assert said(judge_state(saved).problems) == expected


def reveal_of(resource: Resource) -> Resource:
    return replace(resource, inputs=reveal(resource.inputs), outputs=reveal(resource.outputs))


@pytest.mark.parametrize("source", SOURCES)
def test_packs(tmp_path: Path, source):
    """A pack, which the engine shows outputs alone, finds the same."""
    resources = [
        Resource(one.urn, one.type, one.name, one.parent, reveal(one.outputs), options=one.options)
        for one in record(program(SOURCES[source])).resources
    ]
    facts = StackFacts.of(resources, date(2026, 6, 30), tmp_path)
    rules = [rule for rule in guardrails.RULES if isinstance(rule, StackRule) and rule.code in CODES]
    assert said(problem for rule in rules for problem in rule.judge(facts, {})) == [crowded(PATHS.get(source, "gpus"))]


@pytest.mark.parametrize("source", SOURCES)
def test_guard(source):
    """The guard in a program refuses the workload that is one too many."""

    def guarded() -> None:
        kaito.guard(gpus=100)
        program(SOURCES[source])()

    error = record(guarded, allow_error=True).error
    assert error is not None
    assert isinstance(error.cause, SpecError)
    assert error.cause.problems == (crowded(PATHS.get(source, "gpus")),)


def fits(pools: int) -> list[Resource]:
    """Pools, each with a label of its own and one in common, and workspaces on each."""
    found = []
    for index in range(pools):
        labels = {"kubernetes.io/os": "linux", "apps": f"app-{index}"}
        inputs = {"vmSize": A100, "count": 1, "nodeLabels": labels}
        found.append(Resource(f"urn:p{index}", "azure-native:containerservice:AgentPool", f"p{index}", None, inputs))
        for copy in range(5):
            work = {"resource": {"labelSelector": {"matchLabels": labels}}, "inference": {"preset": {"name": "phi-4"}}}
            name = f"w{index}-{copy}"
            found.append(Resource(f"urn:{name}", "kubernetes:kaito.sh/v1beta1:Workspace", name, None, work))
    return found


def test_cost_is_linear(monkeypatch):
    """Each selector is held against the pools that may be meant, not against all of them."""
    asked = 0
    chosen_by = Pool.chosen_by

    def counted(self, wanted):
        nonlocal asked
        asked += 1
        return chosen_by(self, wanted)

    monkeypatch.setattr(Pool, "chosen_by", counted)
    resources = fits(100)
    assert len(said(stack_problems(resources, demands(resources)))) == 100
    assert asked == 100


def test_one_workload_alone():
    """A workload that needs more nodes than its pool has is found where no component of ours says so."""
    inputs = {
        "resource": {"labelSelector": {"matchLabels": {"apps": "gpu"}}},
        "inference": {"preset": {"name": "llama-3.3-70b-instruct"}},
    }
    pool = {"vmSize": A100, "count": 1, "nodeLabels": {"apps": "gpu"}}
    resources = [
        Resource("urn:p", "azure-native:containerservice:AgentPool", "gpus", None, pool),
        Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, inputs),
    ]
    (problem,) = said(stack_problems(resources, demands(resources)))
    told = "3 nodes are needed (chat 3), the pool has at most 1; a node's GPUs serve one workload"
    assert problem == Problem("KS223", "gpus", told, "a pool of 3 or more nodes", "give the pool 3 nodes")
