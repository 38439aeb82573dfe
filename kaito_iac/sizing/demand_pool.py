"""Which pool of a stack a workload on existing nodes runs on: the one whose nodes carry the labels it selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kaito_iac.catalog.label import INSTANCE_TYPE, NODE_POOL, RESERVED
from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import Graph, Plain
from kaito_iac.sizing.demand_azure import azure_pools
from kaito_iac.sizing.demand_eks import EKS_TOKENS, instance_types
from kaito_iac.sizing.demand_karpenter import KARPENTER_TOKEN, only_value, requirements, sizes_of
from kaito_iac.sizing.demand_reading import entries, field, mapping


@dataclass(frozen=True, slots=True)
class Pool:
    """Nodes that a resource of the stack buys, as selectors find them."""

    urn: str
    labels: Mapping[str, str]
    size: Any
    """VM size as written."""


def pool_of(graph: Graph, resource: Plain) -> Pool | None:
    """Gives the only pool whose nodes a KAITO object selects; None where there is none, more than one, or nobody can tell."""
    return pool_with(graph, _selector(resource))


def pool_with(graph: Graph, wanted: Mapping[str, str]) -> Pool | None:
    """Gives the only pool whose nodes carry labels; None for no labels."""
    if not wanted:
        return None
    index = graph.once(_pools)
    candidates = min((index.get(label, []) for label in wanted.items()), key=len)
    found = list(islice((pool for pool in candidates if wanted.items() <= pool.labels.items()), 2))
    return found[0] if len(found) == 1 else None


def _selector(resource: Plain) -> dict[str, str]:
    """Gives the labels an object selects nodes by; none when one of them is not known or not of one value."""
    place = "resource" if field(resource.inputs, "resource") is not None else "spec"
    selector = mapping(field(resource.inputs, place, "labelSelector"))
    labels = selector.get("matchLabels")
    wanted = dict(mapping(labels))
    expressions = entries(selector.get("matchExpressions"), "matchExpressions")
    if isinstance(labels, Unknown) or isinstance(expressions, Unknown):
        return {}
    for expression in map(mapping, expressions):
        values = entries(expression.get("values"), "values")
        if expression.get("operator") != "In" or isinstance(values, Unknown) or len(values) != 1:
            return {}
        wanted[str(expression.get("key"))] = values[0]
    kept = {key: value for key, value in wanted.items() if key not in RESERVED}
    return kept if all(isinstance(value, str) for value in kept.values()) else {}


def _pools(graph: Graph) -> dict[tuple[str, str], list[Pool]]:
    """Gives the pools of a stack by each label of their nodes."""
    index: dict[tuple[str, str], list[Pool]] = {}
    for resource in graph.resources:
        for pool in _pools_in(resource):
            for label in pool.labels.items():
                index.setdefault(label, []).append(pool)
    return index


def _pools_in(resource: Plain) -> Iterator[Pool]:
    for pool in map(mapping, azure_pools(resource)[1]):
        name = pool.get("name") or pool.get("agentPoolName")
        own = {"agentpool": name, "kubernetes.azure.com/agentpool": name}
        yield _labelled(resource, own, pool.get("nodeLabels"), pool.get("vmSize"))
    if KARPENTER_TOKEN.fullmatch(resource.type):
        needs, sizes = requirements(resource), sizes_of(requirements(resource))
        own = {NODE_POOL: field(resource.inputs, "metadata", "name")}
        own |= dict(one for need in (() if isinstance(needs, Unknown) else needs) if (one := only_value(need)))
        labels = field(resource.inputs, "spec", "template", "metadata", "labels")
        yield _labelled(resource, own, labels, sizes[0] if isinstance(sizes, tuple) and len(sizes) == 1 else None)
    elif resource.type in EKS_TOKENS:
        types = instance_types(resource)
        own = {"eks.amazonaws.com/nodegroup": field(resource.inputs, "nodeGroupName")}
        size = types[0] if isinstance(types, tuple) and len(types) == 1 else None
        yield _labelled(resource, own, field(resource.inputs, "labels"), size)


def _labelled(resource: Plain, own: Mapping[str, Any], labels: Any, size: Any) -> Pool:
    """Gives a pool whose nodes carry the labels their maker gives them, and those that are asked for."""
    known = {
        key: value for key, value in {**own, INSTANCE_TYPE: size, **mapping(labels)}.items() if value and isinstance(value, str)
    }
    return Pool(resource.urn, known, size)
