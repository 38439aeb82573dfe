"""GPU pools as rules see them: AKS agent pools, separate or inside a cluster, and Karpenter's NodePools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from kaito_iac.catalog.label import INSTANCE_TYPE
from kaito_iac.demand.demand import sized
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, section
from kaito_iac.stack.resource import Resource

_AZURE: Final = "azure-native(_containerservice_v[^:]+)?:containerservice(/v[^:]+)?:"
AGENT_POOL: Final = f"{_AZURE}AgentPool"
CLUSTER: Final = f"{_AZURE}ManagedCluster"
AKS: Final = f"{_AZURE}(AgentPool|ManagedCluster)"
KARPENTER: Final = "kubernetes:karpenter[.]sh/[^:]+:NodePool"
_SELECTORS: Final = (("resource", "labelSelector"), ("spec", "labelSelector"), ("spec", "compute", "labelSelector"))


def pools(fact: Resource) -> Iterator[tuple[str, Mapping[str, Any] | Unknown]]:
    """Return every agent pool of a resource with its path, which is empty for a pool of its own."""
    if fact.type.endswith(":AgentPool"):
        yield "", fact.inputs
        return
    found = entries(field(fact.inputs, "agentPoolProfiles"), "agentPoolProfiles")
    if isinstance(found, Unknown):
        yield "agentPoolProfiles", found
        return
    for index, pool in enumerate(found):
        path = f"agentPoolProfiles[{index}]"
        yield path, pool if isinstance(pool, Mapping | Unknown) else Unknown("it is no mapping")


def at(path: str, key: str) -> str:
    """Return the path of a key below a path."""
    return f"{path}.{key}" if path else key


def has_gpus(pool: Mapping[str, Any]) -> bool | Unknown:
    """Return whether the nodes of a pool have GPUs."""
    named, size = sized(pool.get("vmSize"))
    if isinstance(size, Unknown):
        return True if named else size
    return size is not None


def selectors(fact: Resource) -> Iterator[Mapping[str, Any] | Unknown]:
    """Return the node labels that a KAITO object selects by; nothing for one that gets nodes of its own."""
    for keys in _SELECTORS:
        if field(fact.inputs, keys[0]) is not None:
            found = section(fact.inputs, *keys, "matchLabels")
            if found:
                yield found


class Pools:
    """The agent pools of a stack, found by their labels without looking at every one."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.all = [fact for fact in resources if re.fullmatch(AGENT_POOL, fact.type)]
        self._unsure: list[Resource] = []
        self._by_label: dict[tuple[str, str], list[Resource]] = {}
        for pool in self.all:
            labels = node_labels(pool)
            if isinstance(labels, Unknown) or any(isinstance(value, Unknown) for value in labels.values()):
                self._unsure.append(pool)
            else:
                for key, value in labels.items():
                    self._by_label.setdefault((key, str(value)), []).append(pool)

    def chosen(self, selector: Mapping[str, Any] | Unknown) -> Iterator[tuple[Resource, Literal[True] | Unknown]]:
        """Return every pool that a selector finds, or may find."""
        known = {} if isinstance(selector, Unknown) else {k: v for k, v in selector.items() if not isinstance(v, Unknown)}
        lists = [self._by_label.get((key, str(value)), []) for key, value in known.items()]
        for pool in [*min(lists, key=len), *self._unsure] if lists else self.all:
            found = chooses(selector, pool)
            if found is True or isinstance(found, Unknown):
                yield pool, found


def node_labels(pool: Resource) -> Mapping[str, Any] | Unknown:
    """Return the labels of a pool's nodes: those it is given, and those AKS adds."""
    labels = section(pool.inputs, "nodeLabels")
    if isinstance(labels, Unknown):
        return labels
    name = field(pool.inputs, "agentPoolName") or field(pool.inputs, "name") or pool.name
    size = field(pool.inputs, "vmSize")
    return {"agentpool": name, "kubernetes.azure.com/agentpool": name, INSTANCE_TYPE: size, **labels}


def chooses(selector: Mapping[str, Any] | Unknown, pool: Resource) -> bool | Unknown:
    """Return whether a selector finds the nodes of a pool."""
    labels = node_labels(pool)
    if isinstance(selector, Unknown):
        return selector
    if isinstance(labels, Unknown):
        return labels
    told = [(labels.get(key), value) for key, value in selector.items()]
    if any(held != value and not isinstance(held, Unknown) and not isinstance(value, Unknown) for held, value in told):
        return False
    return next((part for pair in told for part in pair if isinstance(part, Unknown)), True)
