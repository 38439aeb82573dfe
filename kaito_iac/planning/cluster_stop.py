"""Warns of AKS clusters that are stopped while KAITO has nodes: the start races with KAITO's provisioner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.aks import is_azure
from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Problem
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

ORDER: Final = "replicas to 0, wait until no NodeClaim is left, GPU pools to 0, then stop; no Workspace on nodes KAITO creates"
_RACE: Final = "starts again in a race with KAITO, which may delete pools that are waking up (kaito#2075)"
_STOP: Final = re.compile(
    r"\baz\s+aks\s+(?:nodepool\s+)?stop\b|Stop-AzAks\w+|managedClusters/[^\s\"']*\bstop\b|\bmanaged_clusters\.begin_stop\b",
    re.IGNORECASE,
)
"""What stops an AKS cluster: command line, PowerShell, REST and its action, Python."""
_BY_KAITO: Final = frozenset(("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference"))
_MOST: Final = 20_000
"""Values of one resource that are looked at."""


def stop_problems(resources: Sequence[Resource], found: Iterable[Demand]) -> Iterator[Problem]:
    """Warn of resources that stop AKS clusters; a note for nights in a program that makes the cluster.

    Both only where KAITO creates nodes on Azure: KAITO does not support stopping a cluster then (its FAQ, June 2026).
    """
    own = [demand for demand in found if demand.bought and demand.kind in _BY_KAITO and _on_azure(demand)]
    if not own:
        return
    message = f"while KAITO creates the nodes of {own[0].component}"
    for resource in resources:
        if any(_STOP.search(text) for text in _texts(resource.inputs)):
            yield Problem(
                "KO446", resource.name, f"stops an AKS cluster {message}: it {_RACE}", "no stop, or this order", ORDER, "warning"
            )
    cluster = next((resource for resource in resources if is_azure(resource.type) and _is_cluster(resource)), None)
    nights = next((resource for resource in resources if _has_hours(resource)), None)
    if cluster is not None and nights is not None:
        message = f"nights at fewer replicas, {message}: a cluster that is stopped as well {_RACE}"
        yield Problem("KO446", cluster.name, message, "", f"leave it running, or in this order: {ORDER}", "info")


def _on_azure(demand: Demand) -> bool:
    return any(isinstance(one.size, GpuSize) and one.size.cloud == "azure" for one in demand.ways or (demand,))


def _is_cluster(resource: Resource) -> bool:
    return resource.type.endswith((":ManagedCluster", ":KubernetesCluster"))


def _has_hours(resource: Resource) -> bool:
    """Return whether a resource is a ScaledObject with a schedule."""
    if not re.fullmatch(r"kubernetes:keda\.sh/v\w+:ScaledObject", resource.type):
        return False
    triggers = field(resource.inputs, "spec", "triggers")
    return isinstance(triggers, list | tuple) and any(isinstance(one, Mapping) and one.get("type") == "cron" for one in triggers)


def _texts(inputs: Any) -> Iterator[str]:
    """Return the texts inside of inputs, up to a bound."""
    waiting, seen = [inputs], 0
    while waiting and seen < _MOST:
        value, seen = waiting.pop(), seen + 1
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
