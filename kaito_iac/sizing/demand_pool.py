"""Which pool of a stack a workload on existing nodes runs on: the one whose nodes carry the labels it selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import Graph, Plain
from kaito_iac.sizing.demand_azure import AZURE_TOKEN, pools_of
from kaito_iac.sizing.demand_reading import entries, field, mapping

_INSTANCE_TYPE: Final = "node.kubernetes.io/instance-type"
_RESERVED: Final = ("kaito.sh/workspace", "kaito.sh/workspacenamespace", "kaito.sh/ragengine", "kaito.sh/ragenginenamespace")
_RESERVED_PREFIX: Final = "karpenter.kaito.sh/"
"""Labels that KAITO 0.12 drops from selectors."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Nodes that a resource of the stack buys, as selectors find them."""

    urn: str
    labels: Mapping[str, str]
    size: Any
    """VM size as written."""


def pool_of(graph: Graph, resource: Plain) -> Pool | None:
    """Gives the only pool whose nodes a KAITO object selects; None where there is none, more than one, or nobody can tell."""
    wanted = _selector(resource)
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
    kept = {key: value for key, value in wanted.items() if key not in _RESERVED and not key.startswith(_RESERVED_PREFIX)}
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
    token = AZURE_TOKEN.fullmatch(resource.type)
    for pool in map(mapping, pools_of(resource, token["kind"]) if token else ()):
        name = pool.get("name") or pool.get("agentPoolName")
        labels = {"agentpool": name, "kubernetes.azure.com/agentpool": name, _INSTANCE_TYPE: pool.get("vmSize")}
        labels |= mapping(pool.get("nodeLabels"))
        known = {key: value for key, value in labels.items() if isinstance(value, str) and value}
        yield Pool(resource.urn, known, pool.get("vmSize"))
