"""Demand of Karpenter: node pools, which grow up to their limits, or keep a number of nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import floor
from typing import Any, Final

from kaito_iac.catalog.label import CAPACITY_TYPE, GPU, INSTANCE_TYPE
from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.demand import OTHER_GPU_SIZE, Demand, Graph, Range, over, sized
from kaito_iac.demand.objects import kaito_objects
from kaito_iac.demand.owner import made, made_of_any
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, quantity, section, text, whole
from kaito_iac.stack.resource import Resource

KARPENTER_TOKEN: Final = re.compile(r"kubernetes:karpenter\.sh/v\w+:NodePool")
"""Tokens of node pools."""
_SIZE_KEYS: Final = (INSTANCE_TYPE, "karpenter.azure.com/sku-name")
_GPU_CATEGORIES: Final = frozenset(("p", "g", "dl", "inf", "trn", "vt", "f"))
_AZURE_GPU: Final = ("karpenter.azure.com/sku-gpu-name", "karpenter.azure.com/sku-gpu-count")
_MADE_BY_KAITO: Final = "karpenter.kaito.sh/"
_NO_SIZE: Final = Unknown("its requirements do not name the sizes")


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
        "spot": _spot(needs),
        "bought": not _of_kaito(graph, resource),
        "why": "static replicas" if static else "from none up to its limits, as pods ask for nodes",
    }
    sizes = sizes_of(needs)
    if isinstance(sizes, Unknown):
        nodes = _static(replicas, limits) if static else _up_to(most, None)
        bound = None if static or not _nvidia_only(needs) else most.get(GPU)
        stated = None if bound is None else Range(0, 0, floor(bound))
        yield made(graph, resource, "NodePool", sizes, nodes, stated_gpus=stated, **more)
        return
    count = _static(replicas, limits) if static else None
    yield made_of_any(graph, resource, "NodePool", sizes, lambda size: count or _up_to(most, size), **more)


def nodes_of_pool(resource: Resource) -> Range | Unknown:
    """Return how many nodes a node pool may have: the range over the sizes it may take."""
    spec, sizes = section(resource.inputs, "spec"), sizes_of(requirements(resource))
    limits, replicas = section({"spec": spec}, "spec", "limits"), field({"spec": spec}, "spec", "replicas")
    if replicas is not None:
        return _static(replicas, limits)
    known = (None,) if isinstance(sizes, Unknown) else tuple(sized(name)[1] for name in sizes)
    return over(_up_to(_bounds(limits), size) for size in known)


def requirements(resource: Resource) -> tuple[Any, ...] | Unknown:
    """Return the requirements of a node pool."""
    return entries(field(resource.inputs, "spec", "template", "spec", "requirements"), "requirements")


def _values(need: Any) -> tuple[str, str, tuple[Any, ...]]:
    """Return key, operator and values of a requirement; empty where one is not known, which only widens what it allows."""
    if not isinstance(need, Mapping):
        return "", "", ()
    key, operator, values = need.get("key"), need.get("operator"), entries(need.get("values"), "values")
    if isinstance(values, Unknown) or not all(isinstance(part, str) for part in (key, operator, *values)):
        return "", "", ()
    return str(key), str(operator), values


def only_value(need: Any) -> tuple[str, str] | None:
    """Return the label that a requirement puts on every node: one of a single value."""
    key, operator, values = _values(need)
    return (key, values[0]) if operator == "In" and len(values) == 1 else None


def sizes_of(needs: tuple[Any, ...] | Unknown) -> tuple[str, ...] | Unknown:
    """Return the sizes that requirements allow by name, or what stands for all of them where none can have GPUs."""
    if isinstance(needs, Unknown):
        return needs
    read = list(map(_values, needs))
    named: dict[str, None] | None = None
    for key, operator, values in read:
        if key in _SIZE_KEYS and operator == "In":
            named = dict.fromkeys(value for value in values if named is None or value in named)
    without = next((told for one in read if (told := _without_gpus(*one))), ())
    if without or named is None:
        return without or _why(needs)
    for key, operator, values in read:
        if key in _SIZE_KEYS and operator == "NotIn":
            named = {name: None for name in named if name not in values}
    return (*named,) or Unknown("no size meets its requirements")


def names_gpus(needs: tuple[Any, ...] | Unknown) -> bool | Unknown:
    """Return whether requirements that name no sizes ask for GPUs; a pool that takes whatever pods need does not."""
    if isinstance(needs, Unknown):
        return needs
    read = list(map(_values, needs))
    asked = any("-gpu-" in key and operator != "DoesNotExist" for key, operator, _ in read)
    categories = [set(map(str.lower, values)) for key, _, values in read if key == "karpenter.k8s.aws/instance-category"]
    families = [values for key, _, values in read if key == "karpenter.azure.com/sku-family"]
    only = any(found and found <= _GPU_CATEGORIES for found in categories)
    only = only or any(found and all(value.upper().startswith("N") for value in found) for found in families)
    why = _why(needs)
    return asked or only or (False if why is _NO_SIZE else why)


def _why(needs: tuple[Any, ...]) -> Unknown:
    """Return why the sizes of requirements are not known."""
    unread = (need for need in needs if isinstance(need, Unknown))
    inside = (value for need in needs if isinstance(need, Mapping) for value in need.values() if isinstance(value, Unknown))
    return next(unread, None) or next(inside, None) or _NO_SIZE


def _without_gpus(key: str, operator: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to call sizes of which one requirement says that none has GPUs; nothing where they may have some."""
    if key in _AZURE_GPU and (operator == "DoesNotExist" or (key.endswith("count") and (operator, values) == ("In", ("0",)))):
        return ("sizes without GPUs",)
    if operator != "In" or not values:
        return ()
    family = key == "karpenter.azure.com/sku-family" and not any(value.upper().startswith("N") for value in values)
    category = key == "karpenter.k8s.aws/instance-category" and not _GPU_CATEGORIES.intersection(map(str.lower, values))
    machine = key == "karpenter.k8s.aws/instance-family" and not any(map(OTHER_GPU_SIZE.match, values))
    return (f"sizes of {', '.join(values)}",) if family or category or machine else ()


def _nvidia_only(needs: tuple[Any, ...] | Unknown) -> bool:
    """Return whether all GPUs are of NVIDIA, so that a limit of `nvidia.com/gpu` counts every one."""
    known = () if isinstance(needs, Unknown) else map(_values, needs)
    return any(
        key.endswith("-gpu-manufacturer") and operator == "In" and [value.lower() for value in values] == ["nvidia"]
        for key, operator, values in known
    )


def _spot(needs: tuple[Any, ...] | Unknown) -> bool | Unknown:
    """Return whether nodes are spot; Karpenter takes on-demand where no requirement says, and either where it may."""
    if isinstance(needs, Unknown):
        return needs
    read = [_values(need) for need in needs]
    allowed = [set(values) for key, operator, values in read if (key, operator) == (CAPACITY_TYPE, "In")]
    if allowed:
        left = set.intersection(*allowed)
        return Unknown("spot or on-demand, as Karpenter finds capacity") if "spot" in left and len(left) > 1 else "spot" in left
    if any(key in ("", CAPACITY_TYPE) for key, _, _ in read):
        return Unknown("its requirements do not tell spot from on-demand")
    return False


def _bounds(limits: Mapping[str, Any] | Unknown) -> dict[str, float]:
    """Return the limits that are known: each of them alone bounds the pool."""
    keys = ("cpu", GPU, "nodes")
    found = {key: limits if isinstance(limits, Unknown) else quantity(limits.get(key), key) for key in keys}
    return {key: value for key, value in found.items() if value is not None and not isinstance(value, Unknown)}


def _up_to(most: Mapping[str, float], size: GpuSize | Unknown | None) -> Range | Unknown:
    """Return how many nodes of a size the limits allow."""
    bounds = [most["nodes"]] if "nodes" in most else []
    if isinstance(size, GpuSize):
        if "cpu" in most and isinstance(size.vcpus, int):
            bounds.append(most["cpu"] / size.vcpus)
        if GPU in most and size.schedulable:
            bounds.append(most[GPU] / size.gpus)
    return Range(0, 0, floor(min(bounds))) if bounds else Unknown("no limits that bound its nodes")


def _static(replicas: Any, limits: Mapping[str, Any] | Unknown) -> Range | Unknown:
    """Return the nodes of a static pool: Karpenter goes above the replicas, up to limits.nodes, while it replaces nodes."""
    count = whole(replicas, 0, "replicas")
    most = limits if isinstance(limits, Unknown) else quantity(limits.get("nodes"), "limits.nodes")
    for value in (count, most):
        if isinstance(value, Unknown):
            return value
    assert isinstance(count, int)
    return Range(count, count, max(count, floor(most or 0) if not isinstance(most, Unknown) else 0))


def _of_kaito(graph: Graph, resource: Resource) -> bool:
    """Return whether KAITO made the pool for an object of the stack that names a size, and so is counted itself."""
    labels = section(resource.inputs, "metadata", "labels")
    if isinstance(labels, Unknown) or labels.get(f"{_MADE_BY_KAITO}managed-by") != "kaito":
        return False
    for kind, key in (("Workspace", "workspace-name"), ("InferenceSet", "inferenceset")):
        name = labels.get(f"{_MADE_BY_KAITO}{key}")
        space = labels.get(f"{_MADE_BY_KAITO}{key.removesuffix('-name')}-namespace")
        place = ("resource",) if kind == "Workspace" else ("spec", "template", "resource")
        found = graph.once(kaito_objects).get((kind, str(space), str(name)), ())
        if any(text(field(maker.inputs, *place, "instanceType"), "instanceType") is not None for maker in found):
            return True
    return False
