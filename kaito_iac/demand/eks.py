"""Demand of EKS: managed node groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.demand.aks import between
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.launch import Launched, of_template
from kaito_iac.demand.owner import made, made_of_any
from kaito_iac.demand.range import Range
from kaito_iac.demand.scaling_group import NODE_GROUPS, raised
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, section, text, whole
from kaito_iac.stack.resource import Resource

EKS_TOKENS: Final = NODE_GROUPS
"""Tokens of managed node groups."""
_DEFAULT_SIZE: Final = "t3.medium"  # what EKS takes where neither the group nor a launch template names a type


def eks_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of a managed node group: between minSize and maxSize nodes of one of its instance types."""
    if resource.type not in EKS_TOKENS:
        return
    nodes = raised(graph, resource, group_nodes(resource))
    capacity = text(field(resource.inputs, "capacityType"), "capacityType")
    template = field(resource.inputs, "launchTemplate")
    launched = of_template(graph, resource, template) if template is not None else Launched()
    more = {
        "spot": capacity if isinstance(capacity, Unknown) else (capacity or "").upper() == "SPOT",
        "reserved": launched.reserved
        or graph.of_component(resource, "reserved") is True
        or (isinstance(capacity, str) and capacity.upper() == "CAPACITY_BLOCK"),
        "why": "between minSize and maxSize",
        "location": field(resource.inputs, "region"),
        "part": resource.inputs,
    }
    sizes = group_sizes(graph, resource)
    if isinstance(sizes, Unknown):
        yield made(graph, resource, "NodeGroup", sizes, nodes, **more)
    else:
        yield made_of_any(graph, resource, "NodeGroup", sizes, lambda _: nodes, **more)


def group_nodes(resource: Resource) -> Range | Unknown:
    """Return how many nodes a node group may have."""
    scaling = section(resource.inputs, "scalingConfig")
    low, count, high = (
        scaling if isinstance(scaling, Unknown) else whole(scaling.get(key), default, key)
        for key, default in (("minSize", 1), ("desiredSize", Unknown("no desiredSize")), ("maxSize", Unknown("no maxSize")))
    )
    return between(low, count, high, "minSize", "maxSize")


def group_sizes(graph: Graph, resource: Resource) -> tuple[Any, ...] | Unknown:
    """Return the instance types of a group, from the launch template of the stack where the group names none."""
    template = field(resource.inputs, "launchTemplate")
    if field(resource.inputs, "instanceTypes") is not None or template is None:
        return instance_types(resource)
    found = of_template(graph, resource, template).sizes
    return found if found != () else (_DEFAULT_SIZE,)


def instance_types(resource: Resource) -> tuple[Any, ...] | Unknown:
    """Return the instance types a node group may take; EKS has one of its own where none is named."""
    named = entries(field(resource.inputs, "instanceTypes"), "instanceTypes")
    if named:
        return named
    template = field(resource.inputs, "launchTemplate")
    return Unknown("the launch template names the instance type") if template is not None else (_DEFAULT_SIZE,)
