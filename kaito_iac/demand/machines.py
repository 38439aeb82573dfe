"""Demand of single machines and of groups of them: of Karpenter, AKS, Azure and AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.karpenter import capacity_types, spot_of
from kaito_iac.demand.karpenter_size import sizes_of
from kaito_iac.demand.launch import is_reserved, of_template
from kaito_iac.demand.owner import made, made_of_any
from kaito_iac.demand.range import Range
from kaito_iac.demand.scaling_group import AUTOSCALE, GROUP_TOKEN, group_demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, text, whole
from kaito_iac.stack.resource import Resource

MACHINE_TOKEN: Final = re.compile(
    r"kubernetes:karpenter\.sh/v\w+:(?P<claim>NodeClaim)|aws:ec2/instance:(?P<instance>Instance)|aws:autoscaling/group:Group"
    r"|azure-native(_\w+)?:compute(/v\w+)?:(?P<vm>VirtualMachine|VirtualMachineScaleSet)"
    r"|azure-native(_\w+)?:containerservice(/v\w+)?:(?P<machine>Machine)"
)
"""Tokens of machines that are bought one by one, and of scale sets."""
_ONE: Final = Range.exactly(1)


def machine_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of a machine, or of a scale set."""
    found = MACHINE_TOKEN.fullmatch(resource.type)
    if found is None:
        return
    if found["claim"]:
        yield _claim(graph, resource)
        return
    if resource.type.startswith("aws:"):
        yield from group_demands(graph, resource) if resource.type == GROUP_TOKEN else (_instance(graph, resource),)
        return
    inputs = resource.inputs
    kind = resource.type.rpartition(":")[2]
    if found["machine"]:
        size, priority = field(inputs, "properties", "hardware", "vmSize"), field(inputs, "properties", "priority")
    elif kind == "VirtualMachine":
        size, priority = field(inputs, "hardwareProfile", "vmSize"), field(inputs, "priority")
    else:
        size, priority = field(inputs, "sku", "name"), field(inputs, "virtualMachineProfile", "priority")
    mixed = entries(field(inputs, "skuProfile", "vmSizes"), "vmSizes") if kind == "VirtualMachineScaleSet" else ()
    nodes = _capacity(graph, resource) if kind == "VirtualMachineScaleSet" else _ONE
    why = "capacity of the scale set" if kind == "VirtualMachineScaleSet" else "one machine"
    group = (*(("virtualMachineProfile",) if kind == "VirtualMachineScaleSet" else ()), "capacityReservation")
    reserved = field(inputs, *group, "capacityReservationGroup") is not None
    more: dict[str, Any] = {
        "spot": _is_spot(priority),
        "reserved": reserved,
        "why": why,
        "location": field(inputs, "location"),
    }
    if mixed and not isinstance(mixed, Unknown):
        names = tuple(field({"one": one}, "one", "name") for one in mixed)
        yield made_of_any(graph, resource, kind, names, lambda _: nodes, **more)
    else:
        yield made(graph, resource, kind, mixed if isinstance(mixed, Unknown) else size, nodes, **more)


def _instance(graph: Graph, resource: Resource) -> Demand:
    """Return the demand of an instance of EC2; what it does not say itself, its launch template does."""
    size, market = field(resource.inputs, "instanceType"), field(resource.inputs, "instanceMarketOptions", "marketType")
    template = field(resource.inputs, "launchTemplate")
    spot, reserved = _is_spot(market), is_reserved(resource.inputs)
    if template is not None:
        launched = of_template(graph, resource, template)
        reserved = reserved or launched.reserved
        sizes = launched.sizes
        size = size if size is not None else sizes if isinstance(sizes, Unknown) else next(iter(sizes), None)
        spot = launched.spot if market is None else spot
    more = {"spot": spot, "reserved": reserved, "why": "one machine", "location": field(resource.inputs, "region")}
    return made(graph, resource, "Instance", size, _ONE, **more)


def _claim(graph: Graph, resource: Resource) -> Demand:
    needs = entries(field(resource.inputs, "spec", "requirements"), "requirements")
    sizes = sizes_of(needs)
    more: dict[str, Any] = {"spot": spot_of(needs), "reserved": capacity_types(needs) == {"reserved"}, "why": "one node"}
    if isinstance(sizes, Unknown):
        return made(graph, resource, "NodeClaim", sizes, _ONE, **more)
    return made_of_any(graph, resource, "NodeClaim", sizes, lambda _: _ONE, **more)


def _capacity(graph: Graph, resource: Resource) -> Range | Unknown:
    if graph.once(_scaled):
        return Unknown("an AutoscaleSetting of the stack may scale it")
    count = whole(field(resource.inputs, "sku", "capacity"), 0, "capacity")
    return count if isinstance(count, Unknown) else Range.exactly(count)


def _scaled(graph: Graph) -> bool:
    return any(AUTOSCALE.fullmatch(resource.type) for resource in graph.resources)


def _is_spot(value: Any) -> bool | Unknown:
    named = text(value, "priority")
    return named if isinstance(named, Unknown) else (named or "").lower() in ("spot", "low")
