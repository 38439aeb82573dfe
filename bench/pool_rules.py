"""Times the rules about pools: workspaces five times as many as pools, on pools of every source, twice as many each time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from kaito_iac.demand.stack import demands
from kaito_iac.planning.always import RULES
from kaito_iac.rules import pool_replacement, pool_taints, taint_mismatch
from kaito_iac.rules.rule import StackFacts
from kaito_iac.stack.resource import Resource

SIZES, EACH, BUDGET_SECONDS = (250, 500, 1_000, 2_000), 5, 5.0
A100, P4D, WORKSPACE = "Standard_NC24ads_A100_v4", "p4d.24xlarge", "kubernetes:kaito.sh/v1beta1:Workspace"


def agent_pool(labels: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return an agent pool of its own."""
    return "azure-native:containerservice:AgentPool", {"vmSize": A100, "count": 4, "nodeLabels": labels}


def cluster(labels: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return a cluster with a pool inside."""
    profile = {"name": "gpu", "vmSize": A100, "count": 4, "nodeLabels": labels}
    return "azure-native:containerservice:ManagedCluster", {"agentPoolProfiles": [profile]}


def karpenter(labels: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return a NodePool of Karpenter."""
    needs = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [A100]}]
    template = {"metadata": {"labels": labels}, "spec": {"requirements": needs}}
    return "kubernetes:karpenter.sh/v1:NodePool", {"spec": {"template": template, "limits": {"nodes": 4}}}


def node_group(labels: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return a node group of EKS."""
    return "aws:eks/nodeGroup:NodeGroup", {"instanceTypes": [P4D], "scalingConfig": {"maxSize": 4}, "labels": labels}


SOURCES = (agent_pool, cluster, karpenter, node_group)


def stack(pools: int) -> list[Resource]:
    """Return pools of every source in turn, and workspaces that need one node more than each pool has."""
    found = []
    for index in range(pools):
        labels = {"kubernetes.io/os": "linux", "apps": f"app-{index}"}
        token, inputs = SOURCES[index % len(SOURCES)](labels)
        found.append(Resource(f"urn:pool-{index}", token, f"pool-{index}", None, inputs))
        work = {"resource": {"labelSelector": {"matchLabels": labels}}, "inference": {"preset": {"name": "phi-4"}}}
        for copy in range(EACH):
            metadata = {"name": f"chat-{index}-{copy}", "namespace": f"space-{index}"}
            found.append(Resource(f"urn:{metadata['name']}", WORKSPACE, metadata["name"], None, {"metadata": metadata, **work}))
    return found


def judged(resources: list[Resource]) -> int:
    """Count demand, and ask every rule about pools; return how many findings there are."""
    facts = StackFacts(demands=demands(resources), today=date(2026, 6, 30), folder=Path.cwd(), resources=resources)
    found = [problem for rule in (*RULES, pool_replacement.RULE, taint_mismatch.RULE) for problem in rule.judge(facts, {})]
    taints = [one for one in resources if pool_taints.RULE.concerns(one.type) for _ in pool_taints.RULE.judge(one, {})]
    return len(found) + len(taints)


if __name__ == "__main__":
    before = 0.0
    for size in SIZES:
        resources = stack(size)
        start = process_time()
        count = judged(resources)
        taken = process_time() - start
        ratio = f", {taken / before:.2f} times the half" if before else ""
        print(f"{size:>5,} pools and {size * EACH:>6,} workspaces: {taken:5.2f} s, {count:,} findings{ratio}")
        before = taken
    print(f"budget of the last: {BUDGET_SECONDS:.0f} s")
