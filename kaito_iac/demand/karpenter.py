"""Demand of Karpenter: node pools, which grow up to their limits, or keep a number of nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import floor
from typing import Any, Final

from kaito_iac.catalog.label import CAPACITY_TYPE, GPU, ZONE
from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.demand import EITHER, Demand, Graph, sized
from kaito_iac.demand.karpenter_size import NO_BOUND, gpus_within, sizes_of, values_of
from kaito_iac.demand.objects import kaito_objects
from kaito_iac.demand.owner import made, made_of_any
from kaito_iac.demand.range import NOTHING, Range, over
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, quantity, section, text, whole
from kaito_iac.stack.resource import Resource

KARPENTER_TOKEN: Final = re.compile(r"kubernetes:karpenter\.sh/v\w+:NodePool")
"""Tokens of node pools."""
_MEMORY_SHARE: Final = 0.925
"""Share of a size's memory that Karpenter counts, at least: VM_MEMORY_OVERHEAD_PERCENT is 7.5 by default on Azure and AWS."""
_CAPACITY_TYPES: Final = ("on-demand", "spot", "reserved")
_MADE_BY_KAITO: Final = "karpenter.kaito.sh/"


def karpenter_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of a node pool: its replicas, else from none up to its limits, of the sizes its requirements name.

    A pool that KAITO makes for a Workspace of the same stack is bought by the Workspace.
    """
    if not KARPENTER_TOKEN.fullmatch(resource.type):
        return
    spec = section(resource.inputs, "spec")
    needs: tuple[Any, ...] | Unknown = requirements(resource)
    limits = section({"spec": spec}, "spec", "limits")
    replicas = field({"spec": spec}, "spec", "replicas")
    static = replicas is not None
    most = _bounds(limits)
    more: dict[str, Any] = {
        "spot": spot_of(needs),
        "reserved": capacity_types(needs) == {"reserved"},
        "bought": not makers(graph, resource),
        "why": "static replicas" if static else "from none up to its limits, as pods ask for nodes",
        "zones": _zones(needs),
    }
    sizes = sizes_of(needs)
    if isinstance(sizes, Unknown):
        nodes = _static(replicas, limits) if static else _up_to(most, None)
        nodes = sizes if isinstance(nodes, Unknown) and most and not static else nodes  # the limits there are bound no nodes
        yield made(graph, resource, "NodePool", sizes, nodes, **({} if static else _bounded(needs, most)), **more)
        return
    count = _static(replicas, limits) if static else None
    plain = all(sized(name)[1] is None for name in sizes)
    if not static and "cpu" in most and plain:
        more["stated_vcpus"] = Range(0, 0, floor(most["cpu"]))
    sizes = tuple(name for name in sizes if static or _up_to(most, sized(name)[1]) != NOTHING) or sizes
    held = made_of_any(graph, resource, "NodePool", sizes, lambda size: count or _up_to(most, size), **more)
    yield held if static or plain or GPU not in most else replace(held, stated_gpus=_least(held.gpus, most[GPU]))


def _bounded(needs: tuple[Any, ...] | Unknown, most: Mapping[str, float]) -> dict[str, Range | Unknown]:
    """Return what limits allow of sizes that are not known."""
    gpus = gpus_within(needs, most)
    held: dict[str, Range | Unknown] = {"stated_gpus": _least(gpus, most[GPU]) if GPU in most else gpus}
    if "cpu" in most:
        held["stated_vcpus"] = Range(0, 0, floor(most["cpu"]))
    return {key: value for key, value in held.items() if not isinstance(value, Unknown)}


def _least(gpus: Range | Unknown, limit: float) -> Range:
    """Return GPUs within their limit, which bounds them where nothing else does."""
    return Range(0, 0, floor(limit if isinstance(gpus, Unknown) else min(gpus.high, limit)))


def nodes_of_pool(resource: Resource) -> Range | Unknown:
    """Return how many nodes a node pool may have: the range over the sizes it may take."""
    spec, sizes = section(resource.inputs, "spec"), sizes_of(requirements(resource))
    limits, replicas = section({"spec": spec}, "spec", "limits"), field({"spec": spec}, "spec", "replicas")
    if replicas is not None:
        return _static(replicas, limits)
    known = (None,) if isinstance(sizes, Unknown) else tuple(sized(name)[1] for name in sizes)
    return over(_up_to(_bounds(limits), size) for size in known)


def requirements(resource: Resource) -> tuple[Any, ...] | Unknown:
    """Return the requirements of a node pool; a label of its nodes that is known is one, too."""
    wanted = entries(field(resource.inputs, "spec", "template", "spec", "requirements"), "requirements")
    labels = section(resource.inputs, "spec", "template", "metadata", "labels")
    if isinstance(wanted, Unknown) or isinstance(labels, Unknown):
        return wanted
    named = {key: value for key, value in labels.items() if isinstance(key, str) and isinstance(value, str)}
    return (*wanted, *({"key": key, "operator": "In", "values": [value]} for key, value in named.items()))


def capacity_types(needs: tuple[Any, ...] | Unknown) -> set[str] | Unknown:
    """Return the capacity types that requirements allow; unknown where one that cannot be read may be about them."""
    if isinstance(needs, Unknown):
        return needs
    allowed = set(_CAPACITY_TYPES)
    for key, operator, values in map(values_of, needs):
        if key == "" or (key == CAPACITY_TYPE and operator not in ("In", "NotIn", "Exists")):
            return Unknown("its requirements do not distinguish spot from on-demand")
        if key == CAPACITY_TYPE and operator != "Exists":
            allowed = allowed & set(values) if operator == "In" else allowed - set(values)
    return allowed


def spot_of(needs: tuple[Any, ...] | Unknown) -> bool | Unknown:
    """Return whether nodes are spot; where no requirement says, Karpenter takes either, as Azure's and AWS's providers do."""
    allowed = capacity_types(needs)
    if isinstance(allowed, Unknown):
        return allowed
    return EITHER if "spot" in allowed and len(allowed) > 1 else "spot" in allowed


def _zones(needs: tuple[Any, ...] | Unknown) -> tuple[str, ...]:
    """Return the zones that requirements name, as AKS writes them where they begin with the region; empty: any."""
    read = [] if isinstance(needs, Unknown) else [values_of(need) for need in needs]
    named = [set(values) for key, operator, values in read if (key, operator) == (ZONE, "In")]
    left = set.intersection(*named) if named else set()
    return tuple(sorted(str(zone) for zone in left if isinstance(zone, str)))


def _bounds(limits: Mapping[str, Any] | Unknown) -> dict[str, float]:
    """Return the limits that are known: each of them alone bounds the pool."""
    keys = ("cpu", GPU, "nodes", "memory")
    found = {key: limits if isinstance(limits, Unknown) else quantity(limits.get(key), key) for key in keys}
    return {key: value for key, value in found.items() if value is not None and not isinstance(value, Unknown)}


def _up_to(most: Mapping[str, float], size: GpuSize | Unknown | None) -> Range | Unknown:
    """Return how many nodes of a size the limits allow."""
    bounds = [most["nodes"]] if "nodes" in most else []
    if isinstance(size, GpuSize):
        if "cpu" in most and isinstance(size.vcpus, int):
            bounds.append(most["cpu"] / size.vcpus)
        if "memory" in most and isinstance(size.memory_gib, int):
            bounds.append(most["memory"] / (size.memory_gib * 2**30 * _MEMORY_SHARE))
        if GPU in most and size.schedulable:
            bounds.append(most[GPU] / size.gpus)
    return Range(0, 0, floor(min(bounds))) if bounds else _unbound(most, size)


def _unbound(most: Mapping[str, float], size: GpuSize | Unknown | None) -> Unknown:
    """Return why limits do not say how many nodes of a size there may be."""
    if isinstance(size, GpuSize) and most:
        return Unknown(f"limits of {' and '.join(most)} bound no nodes of {size.name}")
    return Unknown("its limits bound nodes of unknown size") if "cpu" in most or "memory" in most else NO_BOUND


def _static(replicas: Any, limits: Mapping[str, Any] | Unknown) -> Range | Unknown:
    """Return the nodes of a static pool: Karpenter goes above the replicas, up to limits.nodes, while it replaces nodes."""
    count = whole(replicas, 0, "replicas")
    most = limits if isinstance(limits, Unknown) else quantity(limits.get("nodes"), "limits.nodes")
    for value in (count, most):
        if isinstance(value, Unknown):
            return value
    assert isinstance(count, int)
    return Range(count, count, max(count, floor(most or 0) if not isinstance(most, Unknown) else 0))


def makers(graph: Graph, resource: Resource) -> list[Resource]:
    """Return the objects of the stack that KAITO made the pool for, by its labels, which name a size and so are counted."""
    labels = section(resource.inputs, "metadata", "labels")
    if isinstance(labels, Unknown) or labels.get(f"{_MADE_BY_KAITO}managed-by") != "kaito":
        return []
    for kind, key in (("Workspace", "workspace-name"), ("InferenceSet", "inferenceset")):
        name = labels.get(f"{_MADE_BY_KAITO}{key}")
        space = labels.get(f"{_MADE_BY_KAITO}{key.removesuffix('-name')}-namespace")
        place = ("resource",) if kind == "Workspace" else ("spec", "template", "resource")
        found = graph.once(kaito_objects).get((kind, str(space), str(name)), ())
        named = [maker for maker in found if text(field(maker.inputs, *place, "instanceType"), "instanceType") is not None]
        if named:
            return named
    return []
