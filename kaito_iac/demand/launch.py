"""What EC2 starts from a launch template or launch configuration: instance types and market, where the stack makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.demand.demand import Graph
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, mapping, section, text
from kaito_iac.stack.resource import Resource

TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
CONFIGURATION: Final = "aws:ec2/launchConfiguration:LaunchConfiguration"
NO_ACCELERATORS: Final = "types without accelerators"
"""What stands for the instance types that requirements leave when they exclude accelerators."""
_ELSEWHERE: Final = Unknown("its launch template is not part of the stack")
_OLDER: Final = Unknown("its launch template may be used in an older version; name $Latest")
_CHOSEN: Final = Unknown("instanceRequirements choose the instance types")


@dataclass(frozen=True, slots=True)
class Launched:
    """What is started: instance types, none where nothing names any, and whether at the spot price."""

    sizes: tuple[Any, ...] | Unknown = ()
    spot: bool | Unknown = False
    reserved: bool = False
    """Whether it takes the instances of a capacity reservation, which holds their quota already."""


def is_reserved(inputs: Any) -> bool:
    """Return whether inputs of an instance or a template name a capacity block or a capacity reservation to start in."""
    target = field(inputs, "capacityReservationSpecification", "capacityReservationTarget")
    return target is not None or field(inputs, "instanceMarketOptions", "marketType") == "capacity-block"


def of_template(graph: Graph, resource: Resource, reference: Any, key: str = "launchTemplate") -> Launched:
    """Return what the launch template starts that a resource refers to; `key` is the input the reference is in."""
    found = _template(graph, resource, reference, key)
    if isinstance(found, Unknown):
        return Launched(found, False)
    inputs = found.inputs
    market = text(field(inputs, "instanceMarketOptions", "marketType"), "marketType")
    spot = market if isinstance(market, Unknown) else market == "spot"
    return Launched(_sizes(inputs), spot, is_reserved(inputs))


def of_configuration(graph: Graph, resource: Resource, name: Any) -> Launched:
    """Return what the launch configuration starts that a group names."""
    found = _one(graph, resource, _configurations, "launchConfiguration", (name,))
    if isinstance(found, Unknown):
        return Launched(Unknown("its launch configuration is not part of the stack"), False)
    return Launched(_named(field(found.inputs, "instanceType")), field(found.inputs, "spotPrice") is not None)


def required(needs: Any) -> tuple[Any, ...] | Unknown:
    """Return the instance types that instanceRequirements leave, unknown unless they exclude accelerators."""
    return (NO_ACCELERATORS,) if field(needs, "acceleratorCount", "max") == 0 else _CHOSEN


def _sizes(inputs: Any) -> tuple[Any, ...] | Unknown:
    needs = field(inputs, "instanceRequirements")
    return required(needs) if needs is not None else _named(field(inputs, "instanceType"))


def _named(size: Any) -> tuple[Any, ...]:
    return () if size is None else (size,)


def _template(graph: Graph, resource: Resource, reference: Any, key: str) -> Resource | Unknown:
    """Return the launch template of a reference, where it is the version that the stack describes."""
    reference = section({key: reference}, key)
    if isinstance(reference, Unknown):
        return reference
    ids = tuple(field(reference, name) for name in ("id", "launchTemplateId"))
    names = tuple(field(reference, name) for name in ("name", "launchTemplateName"))
    given = tuple(one for one in (*ids, *names) if one is not None)
    found = _one(graph, resource, _templates, key, given)
    return found if isinstance(found, Unknown) or _is_current(found, field(reference, "version")) else _OLDER


@dataclass(frozen=True, slots=True)
class _Kind:
    """The resources of one type in a stack, with their places in it."""

    named: Mapping[str, tuple[int, Resource]]
    """By id and name, the first of each."""
    urns: Mapping[str, Resource]


def _templates(graph: Graph) -> _Kind:
    return _kind(graph, TEMPLATE)


def _configurations(graph: Graph) -> _Kind:
    return _kind(graph, CONFIGURATION)


def _kind(graph: Graph, token: str) -> _Kind:
    known = [one for one in graph.resources if one.type == token]
    named: dict[str, tuple[int, Resource]] = {}
    for place, one in enumerate(known):
        sides = (one.inputs, mapping(one.outputs))
        for word in (one.id, *(field(side, name) for side in sides for name in ("name", "id"))):
            if isinstance(word, str):
                named.setdefault(word, (place, one))
    return _Kind(named, {one.urn: one for one in reversed(known)})


def _one(
    graph: Graph, resource: Resource, find: Callable[[Graph], _Kind], key: str, given: tuple[Any, ...]
) -> Resource | Unknown:
    """Return the resource of a type that is meant: by its id or name, else the only one that the input is made of."""
    known = graph.once(find)
    texts = [one for one in given if isinstance(one, str)]
    meant = [known.named[word] for word in texts if word in known.named]
    if meant:
        return min(meant, key=lambda one: one[0])[1]
    sources = [known.urns[urn] for urn in resource.options.property_dependencies.get(key, ()) if urn in known.urns]
    unseen = bool(given) and not texts
    return sources[0] if unseen and len(sources) == 1 else _ELSEWHERE


def _is_current(template: Resource, version: Any) -> bool:
    """Return whether a version is the one that the template's inputs describe; an output is the template's own newest."""
    if isinstance(version, Unknown) or version == "$Latest":
        return True
    if version in (None, "", "$Default"):
        return field(template.inputs, "updateDefaultVersion") is True
    newest = field(mapping(template.outputs), "latestVersion")
    return isinstance(newest, int | float) and str(version) == str(int(newest))
