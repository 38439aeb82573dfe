"""Demand of EC2's autoscaling groups: their maximum, of the instance types that launch template or overrides name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.demand.aks import between
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.launch import Launched, of_configuration, of_template, required
from kaito_iac.demand.owner import made, made_of_any
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, mapping, text, whole
from kaito_iac.stack.resource import Resource

GROUP_TOKEN: Final = "aws:autoscaling/group:Group"
"""Token of autoscaling groups."""
SCHEDULE: Final = "aws:autoscaling/schedule:Schedule"
"""Token of a time at which a group changes its limits."""
NODE_GROUPS: Final = ("aws:eks/nodeGroup:NodeGroup", "aws-native:eks:Nodegroup")
"""Tokens of managed node groups, each of which is an autoscaling group."""
SCALE_SETS: Final = re.compile(r"azure-native(_\w+)?:compute(/v\w+)?:VirtualMachineScaleSet")
"""Tokens of scale sets of Azure."""
AUTOSCALE: Final = re.compile(
    r"azure-native(_\w+)?:(insights|monitor)(/v\w+)?:AutoscaleSetting|azure:monitoring/\w+:AutoscaleSetting"
)
"""Tokens of what scales them, of both providers."""
_POLICY: Final = "aws:autoscaling/policy:Policy"
_NOTHING: Final = Unknown("neither a launch template nor a launch configuration is named")


def group_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of an autoscaling group."""
    if resource.type != GROUP_TOKEN:
        return
    launched = _launched(graph, resource)
    nodes = _nodes(graph, resource)
    named = replace(resource, inputs={**mapping(resource.inputs), "tags": _tags(resource)})
    more: dict[str, Any] = {
        "spot": launched.spot,
        "reserved": launched.reserved,
        "why": "between minSize and maxSize",
        "location": field(resource.inputs, "region"),
    }
    sizes = launched.sizes if launched.sizes != () else _NOTHING
    if isinstance(sizes, Unknown):
        yield made(graph, named, "AutoScalingGroup", sizes, nodes, **more)
    else:
        yield made_of_any(graph, named, "AutoScalingGroup", sizes, lambda _: nodes, **more)


def _launched(graph: Graph, resource: Resource) -> Launched:
    mixed = field(resource.inputs, "mixedInstancesPolicy")
    if mixed is not None:
        return mixed_instances(graph, resource, mixed)
    template = field(resource.inputs, "launchTemplate")
    if template is not None:
        return of_template(graph, resource, template)
    name = field(resource.inputs, "launchConfiguration")
    return Launched() if name is None else of_configuration(graph, resource, name)


def mixed_instances(graph: Graph, resource: Resource, mixed: Any) -> Launched:
    """Return what a mixed instances policy starts: the types of its overrides, else those of its launch template."""
    key = "mixedInstancesPolicy"
    template = field(mixed, "launchTemplate")
    own = of_template(graph, resource, field(template, "launchTemplateSpecification"), key)
    listed = entries(field(template, "overrides"), "overrides")
    sizes: list[Any] = []
    for one in (listed,) if isinstance(listed, Unknown) else listed:
        found = _override(graph, resource, one, own)
        if isinstance(found, Unknown):
            return Launched(found, False)
        sizes += found
    return Launched(tuple(sizes) or own.sizes, _spot(field(mixed, "instancesDistribution")), own.reserved)


def _spot(distribution: Any) -> bool | Unknown:
    share, base = (field(distribution, key) for key in ("onDemandPercentageAboveBaseCapacity", "onDemandBaseCapacity"))
    if share in (None, 100):
        return False
    return True if share == 0 and base in (None, 0) else Unknown("some of its instances are bought at the spot price")


def _override(graph: Graph, resource: Resource, one: Any, own: Launched) -> tuple[Any, ...] | Unknown:
    if isinstance(one, Unknown):
        return one
    needs, size = field(one, "instanceRequirements"), field(one, "instanceType")
    if needs is not None:
        return required(needs)
    if size is not None:
        return (size,)
    other = field(one, "launchTemplateSpecification")
    return own.sizes if other is None else of_template(graph, resource, other, "mixedInstancesPolicy").sizes


def _nodes(graph: Graph, resource: Resource) -> Range | Unknown:
    """Return how many instances a group may have: up to its maximum, that of its schedules, and what it keeps warm."""
    low, count, high = (
        whole(field(resource.inputs, key), default, key)
        for key, default in (("minSize", 0), ("desiredCapacity", Unknown("none")), ("maxSize", Unknown("no maxSize")))
    )
    warm = whole(field(resource.inputs, "warmPool", "maxGroupPreparedCapacity"), 0, "maxGroupPreparedCapacity")
    for more in (warm, *_scheduled(graph, resource)):
        if isinstance(more, Unknown) or isinstance(high, Unknown):
            high = more if isinstance(more, Unknown) else high
            break
        high = max(high, more)
    return between(low, count, high, "minSize", "maxSize")


def raised(graph: Graph, group: Resource, nodes: Range | Unknown) -> Range | Unknown:
    """Return the nodes of a managed node group with the maxima that schedules give the group behind it."""
    for more in _scheduled(graph, group):
        if isinstance(more, Unknown) or isinstance(nodes, Unknown):
            return more if isinstance(more, Unknown) else nodes
        nodes = Range(nodes.low, nodes.expected, max(nodes.high, more))
    return nodes


def is_about(graph: Graph, changer: Resource, group: Resource) -> bool:
    """Return whether a schedule or policy is about a group, or may be."""
    return any(one is changer for one in _about(graph, group))


def _scheduled(graph: Graph, resource: Resource) -> Iterator[int | Unknown]:
    """Return the maxima that schedules of the stack give a group, and a doubt where a policy may go beyond its maximum."""
    for one in _about(graph, resource):
        if one.type == SCHEDULE:
            for key in ("maxSize", "desiredCapacity"):
                found = whole(_positive(field(one.inputs, key)), 0, key)
                yield found
        elif field(one.inputs, "predictiveScalingConfiguration", "maxCapacityBreachBehavior") == "IncreaseMaxCapacity":
            yield Unknown("a predictive scaling policy may go beyond maxSize")


def _about(graph: Graph, group: Resource) -> Iterable[Resource]:
    """Return the schedules and policies that are about a group, or may be, in the order of the stack."""
    by_name, own = graph.once(_changers), field(group.inputs, "name")
    if group.type in NODE_GROUPS:
        return (one for _, one in sorted(_of_node_group(graph, group), key=lambda pair: pair[0]))
    asked = (None, own) if isinstance(own, str) else tuple(by_name)
    return (one for _, one in sorted((pair for name in asked for pair in by_name.get(name, ())), key=lambda pair: pair[0]))


def _of_node_group(graph: Graph, group: Resource) -> Iterator[tuple[int, Resource]]:
    """Return what is about the group that EKS made, by its name, else by what the name is made of."""
    names = set(_group_names(group))
    alone = not any(one.type == GROUP_TOKEN for one in graph.resources)
    for name, changers in graph.once(_changers).items():
        for place, one in changers:
            sources = one.options.property_dependencies.get("autoscalingGroupName", ())
            if (name in names) if name is not None else (group.urn in sources or (alone and not sources)):
                yield place, one


def _group_names(group: Resource) -> Iterator[str]:
    made = entries(field(mapping(group.outputs), "resources"), "resources")
    for one in () if isinstance(made, Unknown) else made:
        groups = entries(field(one, "autoscalingGroups"), "autoscalingGroups")
        named = [] if isinstance(groups, Unknown) else [field(two, "name") for two in groups]
        yield from (name for name in named if isinstance(name, str))


def _changers(graph: Graph) -> Mapping[str | None, list[tuple[int, Resource]]]:
    """Return schedules and policies with their places in the stack by the group that they name; None: not known."""
    found: dict[str | None, list[tuple[int, Resource]]] = {}
    for place, one in enumerate(graph.resources):
        if one.type in (SCHEDULE, _POLICY):
            named = field(one.inputs, "autoscalingGroupName")
            found.setdefault(named if isinstance(named, str) else None, []).append((place, one))
    return found


def _positive(value: Any) -> Any:
    return None if value == -1 else value  # -1 leaves a size of the group as it is


def _tags(resource: Resource) -> Mapping[str, Any] | Unknown:
    """Return the tags of a group, which it lists, as other resources write them."""
    listed = entries(field(resource.inputs, "tags"), "tags")
    if isinstance(listed, Unknown):
        return listed
    found = {}
    for one in listed:
        key = text(field(one, "key"), "key")
        if isinstance(key, Unknown):
            return key
        found[key or ""] = field(one, "value")
    return found
