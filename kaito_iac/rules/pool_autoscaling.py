"""KO421: no pool is autoscaled in a cluster with node auto-provisioning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kaito_iac.demand.aks import agent_pools
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.pool import AKS, CLUSTER, at
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_FIX: Final = "give the pool a count, or let node auto-provisioning make the nodes"


def check(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every autoscaled pool of a cluster of the stack whose nodes AKS provisions by itself."""
    clusters = [one for one in facts.resources if re.fullmatch(CLUSTER, one.type) and _provisions(one)]
    if not clusters:
        return
    for pool in facts.resources:
        if re.fullmatch(AKS, pool.type) and (pool in clusters or _of(pool, clusters)):
            yield from _autoscaled(pool)


def _provisions(cluster: Resource) -> bool:
    return bool(field(cluster.inputs, "nodeProvisioningProfile", "mode") == "Auto")


def _of(pool: Resource, clusters: Sequence[Resource]) -> bool:
    """Return whether a pool belongs to one of some clusters: by the name, or by the resource that gives it."""
    name = field(pool.inputs, "resourceName")
    behind = pool.options.property_dependencies.get("resourceName", ())
    return any(
        cluster.urn in behind or (isinstance(name, str) and name == field(cluster.inputs, "resourceName")) for cluster in clusters
    )


def _autoscaled(pool: Resource) -> Iterator[Problem]:
    for path, profile in agent_pools(pool):
        if not isinstance(profile, Unknown) and profile.get("enableAutoScaling") is True:
            message = "an autoscaled pool in a cluster with node auto-provisioning, which AKS refuses"
            yield Problem("KO421", f"{pool.name}: {at(path, 'enableAutoScaling')}", message, "a fixed count", _FIX)


RULE: Final = StackRule(
    code="KO421",
    name="pool-autoscaling",
    title="No pool is autoscaled in a cluster with node auto-provisioning",
    config=NoSettings,
    check=check,
    why="AKS refuses the pool, or the profile, after the cluster has been made.",
    fix="Give the pool a count, or leave its nodes to node auto-provisioning.",
    tags=("pool", "operation"),
)
