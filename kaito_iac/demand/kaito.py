"""Demand of KAITO's kinds: how many nodes its controllers create for a Workspace, a set, a RAG engine or roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.catalog.judged_release import judged_since
from kaito_iac.catalog.label import KAITO_CAPACITY, SCALER
from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.autoscaler import scaled_replicas
from kaito_iac.demand.demand import EITHER, Demand, Graph, sized
from kaito_iac.demand.nodes import Served, estimated, existing_size, nodes_of
from kaito_iac.demand.objects import namespace_of
from kaito_iac.demand.owner import made
from kaito_iac.demand.part import part_of
from kaito_iac.demand.pool import pool_of
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, flag, mapping, section, text, whole
from kaito_iac.stack.resource import Resource

KAITO_TOKEN: Final = re.compile(
    r"kubernetes:kaito\.sh/(?P<version>v\w+):(?P<kind>Workspace|InferenceSet|RAGEngine|MultiRoleInference)"
)
"""Tokens of the kinds that get nodes."""
_KARPENTER: Final = ("karpenter", "node-auto-provisioning")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_ALPHA_SIZE: Final = "Standard_NC24ads_A100_v4"  # the CRDs of KAITO 0.12 fill it in at v1alpha1, so byo cannot be expressed there


def kaito_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of a KAITO object; byo objects have `bought` false."""
    found = KAITO_TOKEN.fullmatch(resource.type)
    if found:
        yield from _READERS[found["kind"]](graph, resource, found["version"])


def _workspace(graph: Graph, resource: Resource, version: str) -> Iterator[Demand]:
    place = section(resource.inputs, "resource")
    metadata = section(resource.inputs, "metadata")
    instance_type = _defaulted(field(place, "instanceType"), version)
    served = Served(
        graph=graph,
        resource=resource,
        place=place,
        instance_type=instance_type,
        inference=field(resource.inputs, "inference"),
        annotations=section(metadata, "annotations"),
        namespace=namespace_of(resource),
    )
    nodes, why = _with_second(graph, resource, instance_type, *nodes_of(served, field(resource.inputs, "tuning")))
    placed = _placed(graph, resource, "Workspace", instance_type, nodes, why, place)
    yield replace(placed, renewed=True) if _renewed(graph, resource) else placed


def _renewed(graph: Graph, resource: Resource) -> bool:
    """Return whether the component makes a new one before the old one goes: a policy engine shows it by the option alone."""
    around = graph.component(resource) is not None
    return around and (
        graph.of_component(resource, "replacement") == "blueGreen" or resource.options.delete_before_replace is False
    )


def _with_second(
    graph: Graph, resource: Resource, instance_type: Any, nodes: Range | Unknown, why: str
) -> tuple[Range | Unknown, str]:
    """Return the nodes with those that a replacement under blueGreen creates beside them; on a pool it takes what is there."""
    way, bought = graph.of_component(resource, "replacement"), text(instance_type, "instanceType") is not None
    if isinstance(nodes, Unknown) or not bought or not (isinstance(way, Unknown) or way == "blueGreen"):
        return nodes, why
    return Range(nodes.low, nodes.expected, 2 * nodes.high), f"{why}; twice while a replacement starts"


def _defaulted(instance_type: Any, version: str) -> Any:
    return _ALPHA_SIZE if version == "v1alpha1" and instance_type in (None, "") else instance_type


def _placed(
    graph: Graph, resource: Resource, kind: str, instance_type: Any, nodes: Range | Unknown, why: str, place: Any = None
) -> Demand:
    if text(instance_type, "instanceType") is not None:
        return made(graph, resource, kind, instance_type, nodes, why=why, spot=_spot(graph, resource, instance_type))
    pool = pool_of(graph, resource)
    size = existing_size(graph, resource)
    more = {"bought": False, "pool": pool.urn if pool else "", "on": pool, **part_of(place, nodes)}
    return made(graph, resource, kind, size, nodes, why=why, **more)


def _spot(graph: Graph, resource: Resource, instance_type: Any) -> bool | Unknown:
    """Return whether nodes that KAITO orders may be spot: KAITO 0.12 writes Karpenter's NodePools without a capacity type.

    On AWS Karpenter alone makes nodes for KAITO. KAITO 0.13 takes nodes on demand unless the annotation says spot (PR #2327).
    """
    named = graph.of_component(resource, "provisioner")
    if named is None:
        named = graph.once(_provisioner)
    size = sized(instance_type)[1]
    made_by_karpenter = named in _KARPENTER or (isinstance(size, GpuSize) and size.cloud == "aws")
    if made_by_karpenter and judged_since("0.13.0"):
        return _annotated_spot(resource)
    return EITHER if made_by_karpenter else False


def _annotated_spot(resource: Resource) -> bool | Unknown:
    """Return what the annotation of a workload, or of the template of a set, says of the capacity type."""
    places = (("metadata", "annotations"), ("spec", "template", "metadata", "annotations"))
    for place in places:
        annotations = section(resource.inputs, *place)
        if isinstance(annotations, Unknown):
            return annotations
        value = text(annotations.get(KAITO_CAPACITY), KAITO_CAPACITY)
        if value is not None:
            return value if isinstance(value, Unknown) else value == "spot"
    return False


def _provisioner(graph: Graph) -> Any:
    """Return the provisioner of the operator of a stack; None where there is none, or it is not stated."""
    operators = (resource for resource in graph.resources if resource.type == "kaito-iac:index:KaitoOperator")
    return next((field(operator.inputs, "provisioner") for operator in operators), None)


def _inference_set(graph: Graph, resource: Resource, version: str) -> Iterator[Demand]:
    spec, metadata = section(resource.inputs, "spec"), section(resource.inputs, "metadata")
    place = section(spec, "template", "resource")
    served = Served(
        graph=graph,
        resource=resource,
        place={**place, "count": None} if isinstance(place, Mapping) else place,  # a replica has no count
        instance_type=field(place, "instanceType"),
        inference=field(spec, "template", "inference"),
        annotations=section(spec, "template", "metadata", "annotations"),
        namespace=namespace_of(resource),
    )
    nodes, why = nodes_of(served, None)
    each = nodes if isinstance(nodes, Unknown) else nodes.high
    replicas = _scaled(graph, resource, spec, _replicas(spec, section(metadata, "annotations"), each))
    total = nodes if isinstance(nodes, Unknown) else _times(replicas, nodes.high)
    yield _placed(graph, resource, "InferenceSet", served.instance_type, total, f"{why}, for every replica", place)


def _times(replicas: Range | Unknown, nodes: float) -> Range | Unknown:
    return replicas if isinstance(replicas, Unknown) else replicas.times(nodes)


def _replicas(
    spec: Mapping[str, Any] | Unknown, annotations: Mapping[str, Any] | Unknown, per_replica: float | Unknown
) -> Range | Unknown:
    replicas = whole(field(spec, "replicas"), 1, "replicas")
    scaling = text(field(annotations, f"{SCALER}auto-provision"), "auto-provision")
    for value in (spec, replicas, scaling):
        if isinstance(value, Unknown):
            return value
    assert isinstance(replicas, int)
    spare = _spare(spec)
    if scaling != "true":
        return Range(replicas, replicas, replicas + spare)
    low, high = (text(field(annotations, f"{SCALER}{key}-replicas"), f"{key}-replicas") for key in ("min", "max"))
    most = _most(field(spec, "nodeCountLimit"), high, per_replica)
    if isinstance(most, Unknown):
        return most
    least = int(low) if isinstance(low, str) and _NUMBER.fullmatch(low) else 1
    start = max(replicas, least)
    return Range(min(least, most), start, max(start, most) + spare)


def _most(limit: Any, high: str | Unknown | None, per_replica: float | Unknown) -> int | Unknown:
    """Return the maximum that KAITO's scaler 0.6.2 takes: what nodeCountLimit allows, before the annotated one."""
    if isinstance(limit, Unknown):
        return limit
    if isinstance(limit, int | float) and not isinstance(limit, bool) and limit >= 1:
        return per_replica if isinstance(per_replica, Unknown) else max(1, int(limit // max(1, per_replica)))
    if isinstance(high, Unknown):
        return high
    if high is None or not _NUMBER.fullmatch(high):
        return Unknown("scaled by KEDA without a max-replicas that is a number")
    return int(high)


def _scaled(graph: Graph, resource: Resource, spec: Any, annotated: Range | Unknown) -> Range | Unknown:
    """Return the replicas that annotations and the autoscalers of the stack allow together."""
    named = scaled_replicas(graph, resource, "InferenceSet", whole(field(spec, "replicas"), 1, "replicas"))
    if named is None or isinstance(annotated, Unknown):
        return annotated
    if isinstance(named, Unknown):
        return named
    spare = _spare(spec)
    return Range(min(named.low, annotated.low), annotated.expected, max(named.high + spare, annotated.high))


def _spare(spec: Mapping[str, Any] | Unknown) -> int:
    """Return the replica that an upgrade by Surge adds for a while; one that may be on counts."""
    upgrade = section(spec, "autoUpgrade")
    surge = text(field(upgrade, "strategy"), "strategy")
    return int(flag(field(upgrade, "enabled"), "enabled") is not False and (isinstance(surge, Unknown) or surge == "Surge"))


def _rag_engine(graph: Graph, resource: Resource, version: str) -> Iterator[Demand]:
    compute = field(resource.inputs, "spec", "compute")
    if compute is None:
        return
    size = _defaulted(field({"compute": compute}, "compute", "instanceType"), version)
    if text(size, "instanceType") is not None:
        spot = _spot(graph, resource, size)
        yield made(graph, resource, "RAGEngine", size, Range.exactly(1), why="one separate node", spot=spot)


def _multi_role(graph: Graph, resource: Resource, version: str) -> Iterator[Demand]:
    spec = section(resource.inputs, "spec")
    roles = spec if isinstance(spec, Unknown) else entries(spec.get("roles"), "roles")
    for role in (roles,) if isinstance(roles, Unknown) else roles:
        place = section({"role": role}, "role")
        if isinstance(place, Unknown):
            yield made(graph, resource, "MultiRoleInference", place, place)
            continue
        namespace = namespace_of(resource)
        served = Served(
            graph=graph,
            resource=resource,
            place={},
            instance_type=place.get("instanceType"),
            inference={"config": place.get("runtimeConfig")},
            annotations={},
            namespace=namespace,
            planned=_planned(graph, resource, place.get("type")),
        )
        nodes, reason = estimated(served, field(spec, "model", "name"))
        left = Unknown("the role's replicas are left to an autoscaler")
        replicas = whole(place.get("replicas"), left, "replicas")
        total = replicas if isinstance(replicas, Unknown) else nodes if isinstance(nodes, Unknown) else nodes.times(replicas)
        why = f"role {mapping(role).get('type')}: {reason}, for every replica"
        yield _placed(graph, resource, "MultiRoleInference", served.instance_type, total, why)


def _planned(graph: Graph, resource: Resource, role: Any) -> Any:
    """Return the nodes that the component around the roles computed for one replica of a role."""
    found = graph.of_component(resource, "roleNodes")
    return found if isinstance(found, Unknown) else mapping(found).get(role) if isinstance(role, str) else None


_READERS: Final[Mapping[str, Callable[[Graph, Resource, str], Iterator[Demand]]]] = {
    "Workspace": _workspace,
    "InferenceSet": _inference_set,
    "RAGEngine": _rag_engine,
    "MultiRoleInference": _multi_role,
}
