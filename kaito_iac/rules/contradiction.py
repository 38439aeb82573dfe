"""Where a declaration of demand contradicts what can be read of its resource, or another declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kaito_iac.demand.declared import Declaration, concerns, type_of
from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.reading import field, quantity
from kaito_iac.stack.resource import DECLARATION_TYPE, Resource

_DEVICES: Final = re.compile(r"nvidia\.com/(gpu|mig-.+)|amd\.com/gpu")


def contradictions(
    resources: Sequence[Resource], found: Sequence[Demand], declarations: Sequence[Declaration]
) -> Iterator[Problem]:
    """Report declarations that contradict what can be read, each other, or name nothing."""
    for index, one in enumerate(declarations):
        named = [r for r in resources if concerns(one, r.name, r.type) and r.type != DECLARATION_TYPE]
        opaque = [demand for demand in found if demand.unread and concerns(one, demand.resource, type_of(demand.urn))]
        if not named:
            if one.urn:
                yield _wrong(one, "no resource has this name", "a resource of this program")
        elif len(opaque) > 1:
            message = f"{len(opaque)} resources of this name cannot be counted"
            yield _wrong(one, message, "one resource", "name its type: pass the resource, or type in the pack's configuration")
        elif opaque:
            yield from _less_than_values(one, next(r for r in named if r.urn == opaque[0].urn))
        else:
            yield from _counted(one, named, resources, found)
        if any(concerns(one, other.resource, one.type or other.type) and _differ(one, other) for other in declarations[:index]):
            yield _wrong(one, f"declared twice, here with {one.amount}", "one declaration of a resource")


def _differ(one: Declaration, other: Declaration) -> bool:
    return (one.gpus, one.size, one.nodes) != (other.gpus, other.size, other.nodes)


def _counted(
    one: Declaration, named: Sequence[Resource], resources: Sequence[Resource], found: Sequence[Demand]
) -> Iterator[Problem]:
    """Compare with what is counted of a resource, and of what is inside it."""
    inside = _inside(named, resources)
    held = [demand.gpus for demand in found if demand.urn in inside]
    if any(isinstance(gpus, Unknown) for gpus in held):
        return  # neither agrees nor contradicts; what is unknown stays so
    counted = sum(gpus.high for gpus in held if isinstance(gpus, Range))
    if one.most is not None and counted != one.most:
        message = f"declared with {one.amount}, and {counted:g} GPUs can be read"
        yield _wrong(one, message, "no declaration of what can be counted", "take the declaration out")


def _inside(named: Sequence[Resource], resources: Sequence[Resource]) -> set[str]:
    inside = {one.urn for one in named}
    for one in resources:  # parents come before their children
        if one.parent in inside:
            inside.add(one.urn)
    return inside


def _less_than_values(one: Declaration, resource: Resource) -> Iterator[Problem]:
    """Compare with the GPUs that one pod of the values of a chart asks for."""
    asked = max((value for value in _asked(field(resource.inputs, "values"))), default=0)
    if one.most is not None and asked > one.most:
        yield _wrong(one, f"declared with {one.amount}, and its values ask for {asked:g} GPUs", "no fewer GPUs than its values")


def _asked(values: Any) -> Iterator[float]:
    if isinstance(values, Mapping):
        for key, value in values.items():
            number = quantity(value, str(key)) if _DEVICES.fullmatch(str(key)) else None
            if isinstance(number, int | float):
                yield number
            yield from _asked(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _asked(value)


def _wrong(one: Declaration, message: str, accepted: str, fix: str = "") -> Problem:
    return Problem("KQ115", f"declaration of {one.resource}", message, accepted, fix)
