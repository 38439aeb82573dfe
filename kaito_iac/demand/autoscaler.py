"""Autoscalers of a stack: how few and how many replicas they allow of what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.objects import namespace_of
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, text, whole
from kaito_iac.stack.resource import Resource

SCALER_TOKEN: Final = re.compile(r"kubernetes:(autoscaling/v\w+:HorizontalPodAutoscaler|keda\.sh/v1alpha1:ScaledObject)")
"""Tokens of autoscalers, which hold nothing themselves."""
_SET: Final = re.compile(r"kubernetes:kaito\.sh/v\w+:InferenceSet")
_KEDA: Final = "kubernetes:keda.sh/v1alpha1:ScaledObject"
_MAYBE: Final = Unknown("an autoscaler of the program may scale it")
_KEDA_MOST: Final = 100  # KEDA 2's maxReplicaCount where none is given

Target = tuple[str | Unknown, str | Unknown, str | Unknown]
"""Namespace, kind and name of what is scaled."""


@dataclass(frozen=True, slots=True)
class Scalers:
    """Autoscalers by what they scale, and those that are unknown."""

    named: dict[Target, Range | Unknown]
    vague: list[Target]
    kinds: frozenset[str]
    """Kinds that any of the named ones scale."""


def scaled_replicas(graph: Graph, resource: Resource, kind: str, replicas: int | Unknown) -> Range | Unknown | None:
    """Return the replicas that an autoscaler of the stack allows; None where none scales the object."""
    scalers = graph.once(_scalers)
    space, name = namespace_of(resource) or "default", text(field(resource.inputs, "metadata", "name"), "name") or ""
    for target in scalers.vague:
        if all(
            isinstance(part, Unknown) or isinstance(own, Unknown) or part == own
            for part, own in zip(target, (space, kind, name), strict=True)
        ):
            return _MAYBE
    if isinstance(space, Unknown) or isinstance(name, Unknown):
        return _MAYBE if kind in scalers.kinds else None
    found = scalers.named.get((space, kind, name))
    if found is None or isinstance(found, Unknown):
        return found
    if isinstance(replicas, Unknown):
        return replicas
    most = max(replicas, found.high)
    return Range(min(found.low, most), min(max(replicas, found.low), most), most)


def _scalers(graph: Graph) -> Scalers:
    named: dict[Target, Range | Unknown] = {}
    vague: list[Target] = []
    for resource in graph.resources:
        for target, allowed in _scaler(resource):
            if any(isinstance(part, Unknown) for part in target):
                vague.append(target)
            else:
                named[target] = _both(named.get(target), allowed)
    return Scalers(named, vague, frozenset(str(kind) for _, kind, _ in named))


def _scaler(resource: Resource) -> Iterator[tuple[Target, Range | Unknown]]:
    keda = resource.type == _KEDA
    if not SCALER_TOKEN.fullmatch(resource.type):
        return
    spec = field(resource.inputs, "spec")
    kind = text(field({"spec": spec}, "spec", "scaleTargetRef", "kind"), "kind")
    name = text(field({"spec": spec}, "spec", "scaleTargetRef", "name"), "name")
    least, most = ("minReplicaCount", "maxReplicaCount") if keda else ("minReplicas", "maxReplicas")
    low = whole(field({"spec": spec}, "spec", least), 0 if keda else 1, least)
    high = whole(field({"spec": spec}, "spec", most), _KEDA_MOST if keda else Unknown(f"no {most}"), most)
    target = (namespace_of(resource) or "default", kind or "Deployment", name or Unknown("no target is named"))
    yield target, _allowed(low, high)


def _allowed(low: int | Unknown, high: int | Unknown) -> Range | Unknown:
    if isinstance(low, Unknown):
        return low
    return high if isinstance(high, Unknown) else Range(min(low, high), min(low, high), high)


def _both(one: Range | Unknown | None, other: Range | Unknown) -> Range | Unknown:
    """Return what two autoscalers of one object allow together."""
    if one is None or isinstance(other, Unknown):
        return other
    return one if isinstance(one, Unknown) else Range(min(one.low, other.low), min(one.low, other.low), max(one.high, other.high))


def scales_elsewhere(graph: Graph, resource: Resource) -> bool:
    """Return whether a resource is an autoscaler of an InferenceSet, which creates nodes, that is not part of the stack."""
    for (space, kind, name), _ in _scaler(resource):
        if kind == "InferenceSet":
            return not any(_may_be(one, space, name) for one in graph.resources if _SET.fullmatch(one.type))
    return False


def _may_be(one: Resource, space: str | Unknown, name: str | Unknown) -> bool:
    own = (namespace_of(one) or "default", text(field(one.inputs, "metadata", "name"), "name"))
    pairs = zip(own, (space, name), strict=True)
    return all(isinstance(a, Unknown | None) or isinstance(b, Unknown) or a == b for a, b in pairs)
