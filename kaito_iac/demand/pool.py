"""Which pool of a stack a workload on existing nodes runs on: the one whose nodes carry the labels it selects.

A pool whose labels are not known may be the one: then the workload counts as if it ran on nodes of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from kaito_iac.catalog.label import INSTANCE_TYPE, NODE_POOL, RESERVED
from kaito_iac.demand.aks import azure_pools
from kaito_iac.demand.demand import Graph
from kaito_iac.demand.eks import EKS_TOKENS, instance_types
from kaito_iac.demand.karpenter import KARPENTER_TOKEN, requirements
from kaito_iac.demand.karpenter_size import only_value, sizes_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, mapping, section
from kaito_iac.stack.resource import Resource

_SEVERAL: Final = Unknown("one of several")


@dataclass(frozen=True, slots=True)
class Pool:
    """Nodes that a resource of the stack buys, as selectors find them."""

    urn: str
    labels: Mapping[str, str]
    """Labels that are known."""
    doubtful: frozenset[str]
    """Labels whose value nobody knows yet."""
    open: bool
    """Whether it may have labels that nobody knows yet."""
    size: Any
    """VM size as written."""

    def carries(self, wanted: Mapping[str, str]) -> bool:
        """Return whether its nodes have these labels for certain."""
        return wanted.items() <= self.labels.items()

    def may_carry(self, wanted: Mapping[str, str]) -> bool:
        """Return whether its nodes have these labels, or may turn out to have them."""
        return all(self._may(key, value) for key, value in wanted.items())

    def _may(self, key: str, value: str) -> bool:
        known = self.labels.get(key)
        return known == value or key in self.doubtful or (self.open and known is None)


@dataclass(frozen=True, slots=True)
class _Index:
    """The pools of a stack as selectors look for them."""

    known: Mapping[tuple[str, str], list[Pool]]
    """By each label that is known."""
    doubtful: Mapping[str, list[Pool]]
    """By each label whose value is not known."""
    open: list[Pool]
    """Those that may have any label."""


def pool_of(graph: Graph, resource: Resource) -> Pool | None:
    """Return the only pool whose nodes a KAITO object selects; None where there is none, more than one, or nobody can tell."""
    return pool_with(graph, _selector(resource))


def pool_with(graph: Graph, wanted: Mapping[str, str]) -> Pool | None:
    """Return the only pool whose nodes carry labels; None for no labels, and where the labels of another pool may turn out so."""
    if not wanted:
        return None
    index = graph.once(_pools)
    candidates = min((index.known.get(label, []) for label in wanted.items()), key=len)
    found = list(islice((pool for pool in candidates if pool.carries(wanted)), 2))
    if len(found) != 1:
        return None
    rivals = chain(index.open, *(index.doubtful.get(key, ()) for key in wanted))
    return None if any(pool is not found[0] and pool.may_carry(wanted) for pool in rivals) else found[0]


def _selector(resource: Resource) -> dict[str, str]:
    """Return the labels an object selects nodes by; none when one of them is not known or not of one value."""
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


def _pools(graph: Graph) -> _Index:
    """Return the pools of a stack by each label of their nodes."""
    known: dict[tuple[str, str], list[Pool]] = {}
    doubtful: dict[str, list[Pool]] = {}
    rest: list[Pool] = []
    for pool in (pool for resource in graph.resources for pool in _pools_in(resource)):
        for label in pool.labels.items():
            known.setdefault(label, []).append(pool)
        for key in pool.doubtful:
            doubtful.setdefault(key, []).append(pool)
        if pool.open:
            rest.append(pool)
    return _Index(known, doubtful, rest)


def _pools_in(resource: Resource) -> Iterator[Pool]:
    for found in azure_pools(resource)[1]:
        pool = section({"pool": found}, "pool")
        if isinstance(pool, Unknown):
            yield _labelled(resource, pool, size=pool)
            continue
        name = pool.get("agentPoolName") or pool.get("name")
        own = {"agentpool": name, "kubernetes.azure.com/agentpool": name}
        several = pool.get("virtualMachinesProfile") is not None
        yield _labelled(resource, pool.get("nodeLabels"), own, size=_SEVERAL if several else pool.get("vmSize"))
    if KARPENTER_TOKEN.fullmatch(resource.type):
        labels = field(resource.inputs, "spec", "template", "metadata", "labels")
        own = {NODE_POOL: field(resource.inputs, "metadata", "name")}
        yield _labelled(resource, labels, _required(resource), own, size=_only(sizes_of(requirements(resource))))
    elif resource.type in EKS_TOKENS:
        own = {"eks.amazonaws.com/nodegroup": field(resource.inputs, "nodeGroupName")}
        yield _labelled(resource, field(resource.inputs, "labels"), own, size=_only(instance_types(resource)))


def _only(sizes: tuple[Any, ...] | Unknown) -> Any:
    return sizes if isinstance(sizes, Unknown) else sizes[0] if len(sizes) == 1 else _SEVERAL


def _required(resource: Resource) -> Mapping[str, Any] | Unknown:
    """Return the labels that requirements put on nodes; one that may be any label leaves all of them unknown."""
    needs = requirements(resource)
    if isinstance(needs, Unknown):
        return needs
    labels: dict[str, Any] = {}
    for need in needs:
        one = only_value(need)
        key = field({"need": need}, "need", "key")
        if isinstance(key, Unknown):
            return key
        if one:
            labels[one[0]] = one[1]
        elif isinstance(key, str) and _holds_unknown(mapping(need)):
            labels[key] = _SEVERAL
    return labels


def _holds_unknown(need: Mapping[str, Any]) -> bool:
    values = need.get("values")
    parts = values if isinstance(values, list | tuple) else (values,)
    return any(isinstance(part, Unknown) for part in (need.get("operator"), *parts))


def _labelled(resource: Resource, *sources: Any, size: Any) -> Pool:
    """Return a pool whose nodes carry labels from sources of which each stands above those before it, and their size."""
    labels: dict[str, Any] = {}
    unread = False
    for source in (*sources, {INSTANCE_TYPE: size}):
        if isinstance(source, Unknown):
            labels, unread = {}, True
        labels |= {str(key): value for key, value in mapping(source).items() if value}
    return Pool(
        resource.urn,
        {key: value for key, value in labels.items() if isinstance(value, str)},
        frozenset(key for key, value in labels.items() if isinstance(value, Unknown)),
        unread,
        size,
    )
