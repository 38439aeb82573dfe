"""Which pool of a stack a workload on existing nodes runs on: the one whose nodes carry the labels it selects.

The only answer to that question, whatever declares the pool. A pool whose labels are not known may be the one: then it
is not known which the workload runs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, Literal

from kaito_iac.catalog.label import RESERVED
from kaito_iac.demand.demand import Graph
from kaito_iac.demand.pool_source import COMPONENT, Pool, described, pools_in
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, mapping, section, text
from kaito_iac.stack.resource import Resource

_PLACES: Final = (("resource", "labelSelector"), ("spec", "compute", "labelSelector"), ("spec", "labelSelector"))
"""Where a KAITO object selects nodes."""
_SELECTING: Final = re.compile(r"kubernetes:kaito\.sh/v\w+:(Workspace|InferenceSet|RAGEngine|MultiRoleInference)")
Choice = tuple[Pool, Literal[True] | Unknown]
"""A pool that a selector finds, or why it is not known whether it does."""


class Pools:
    """The pools of a stack, found by their labels without looking at every one."""

    def __init__(self, graph: Graph) -> None:
        self.all: tuple[Pool, ...] = tuple(_found(graph))
        self._known: dict[tuple[str, str], list[Pool]] = {}
        self._doubtful: dict[str, list[Pool]] = {}
        self._open: list[Pool] = []
        self._choices: dict[Any, Sequence[Choice]] = {}
        self._only: dict[Any, Pool | None] = {}
        for pool in self.all:
            for label in pool.labels.items():
                self._known.setdefault(label, []).append(pool)
            for key in pool.doubtful:
                self._doubtful.setdefault(key, []).append(pool)
            if pool.open is not None:
                self._open.append(pool)

    def choices(self, wanted: Mapping[str, Any] | Unknown) -> Sequence[Choice]:
        """Return every pool that a selector finds, or may find; looked for once for each selector."""
        key = wanted if isinstance(wanted, Unknown) else frozenset(wanted.items())
        if key not in self._choices:
            self._choices[key] = tuple(self._look(wanted))
        return self._choices[key]

    def only(self, wanted: Mapping[str, Any] | Unknown | None) -> Pool | None:
        """Return the only pool that a selector finds; None for no labels, and where another may turn out to be meant."""
        if not wanted or isinstance(wanted, Unknown):
            return None
        key = frozenset(wanted.items())
        if key not in self._only:
            found = list(islice(self._look(wanted), 2))
            self._only[key] = found[0][0] if len(found) == 1 and found[0][1] is True else None
        return self._only[key]

    def _look(self, wanted: Mapping[str, Any] | Unknown) -> Iterator[Choice]:
        for pool in self._candidates(wanted):
            chosen = pool.chosen_by(wanted)
            if chosen is True or isinstance(chosen, Unknown):
                yield pool, chosen

    def _candidates(self, wanted: Mapping[str, Any] | Unknown) -> Sequence[Pool]:
        known = {} if isinstance(wanted, Unknown) else {key: value for key, value in wanted.items() if isinstance(value, str)}
        lists = [(label[0], self._known.get(label, ()), self._doubtful.get(label[0], ())) for label in known.items()]
        if not lists:
            return self.all
        key, carrying, doubtful = min(lists, key=lambda found: len(found[1]) + len(found[2]))
        return [*carrying, *doubtful, *(pool for pool in self._open if not pool.tells(key))]


def _found(graph: Graph) -> Iterator[Pool]:
    """Return what resources declare, then the nodes that components describe without declaring any."""
    declared: set[str] = set()
    for resource in graph.resources:
        for pool in pools_in(graph, resource):
            around = graph.component(resource)
            if around is not None:
                declared.add(around.urn)
            yield pool
    for resource in graph.resources:
        if resource.type == COMPONENT and resource.urn not in declared:
            yield described(resource)


def pools_of(graph: Graph) -> Pools:
    """Return the pools of a stack."""
    return graph.once(Pools)


def pool_of(graph: Graph, resource: Resource) -> Pool | None:
    """Return the only pool whose nodes a KAITO object selects; None where there is none, more than one, or it is not known."""
    return pools_of(graph).only(selector_of(resource))


def pool_with(graph: Graph, wanted: Mapping[str, Any]) -> Pool | None:
    """Return the only pool whose nodes carry labels."""
    return pools_of(graph).only(wanted)


def placed(graph: Graph) -> Iterator[tuple[Pool, Literal[True] | Unknown, Sequence[Resource]]]:
    """Return every pool with the KAITO objects that select it, or may; those that select alike together."""
    groups: dict[Any, tuple[Mapping[str, Any] | Unknown, list[Resource]]] = {}
    for resource in graph.resources:
        wanted = selector_of(resource) if _SELECTING.fullmatch(resource.type) else None
        if wanted is not None:
            key = wanted if isinstance(wanted, Unknown) else frozenset(wanted.items())
            groups.setdefault(key, (wanted, []))[1].append(resource)
    pools = pools_of(graph)
    for wanted, resources in groups.values() if pools.all else ():
        for pool, chosen in pools.choices(wanted):
            yield pool, chosen, resources


def selector_of(resource: Resource) -> Mapping[str, Any] | Unknown | None:
    """Return the labels a KAITO object selects nodes by; None for one that selects by none."""
    found = next((value for keys in _PLACES if (value := field(resource.inputs, *keys)) is not None), None)
    selector = section({"labelSelector": found}, "labelSelector")
    labels = section(selector, "matchLabels")
    expressions = selector if isinstance(selector, Unknown) else entries(selector.get("matchExpressions"), "matchExpressions")
    for part in (labels, expressions):
        if isinstance(part, Unknown):
            return part
    wanted: dict[str, Any] = dict(mapping(labels))
    for expression in expressions if isinstance(expressions, tuple) else ():
        key = field({"expression": expression}, "expression", "key")
        if isinstance(key, Unknown):
            return key
        wanted[str(key)] = _value(mapping(expression))
    return {key: _text(key, value) for key, value in wanted.items() if key not in RESERVED} or None


def _value(expression: Mapping[str, Any]) -> Any:
    """Return the only value that an expression allows."""
    values, operator = entries(expression.get("values"), "values"), expression.get("operator")
    if isinstance(values, Unknown) or isinstance(operator, Unknown):
        return values if isinstance(values, Unknown) else operator
    return values[0] if operator == "In" and len(values) == 1 else Unknown(f"selected by {operator}, not by one value")


def _text(key: str, value: Any) -> str | Unknown:
    return value if isinstance(value, str) else text(value, f"the label {key}") or Unknown(f"the label {key} has no value")
