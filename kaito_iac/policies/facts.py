"""Turns what the policy SDK hands over into plain data: proxies unwrapped, unknowns as values, whole floats as integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaito_iac.problem import Unknown


@dataclass(frozen=True, slots=True)
class Fact:
    """One resource as plain data; inputs are Unknown when nothing of them can be read."""

    urn: str
    type: str
    name: str
    parent: str | None
    inputs: Any


def plain(value: Any) -> Any:
    """Gives a value as dictionaries, lists and scalars, with `Unknown` for what is known only after the update, or no data."""
    if isinstance(value, Mapping):
        return {str(key): _read(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_read(value, index) for index in range(len(value))]
    if value is None or isinstance(value, str | bool | int | Unknown):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return Unknown(f"a value of the kind {type(value).__name__}")


def _read(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except Exception as error:
        if type(error).__name__ != "UnknownValueError":
            raise
        return Unknown("known only after the update")


def facts(resources: Sequence[Any]) -> list[Fact]:
    """Gives the resources of a stack, as `StackValidationArgs.resources` lists them."""
    return [
        Fact(
            urn=str(resource.urn),
            type=str(resource.resource_type),
            name=str(resource.name),
            parent=str(resource.parent.urn) if resource.parent is not None else None,
            inputs=_inputs(resource),
        )
        for resource in resources
    ]


def _inputs(resource: Any) -> Any:
    """Gives the inputs of one resource; whatever goes wrong with them says nothing of the others."""
    try:
        return plain(resource.props)
    except Exception as error:
        return Unknown(f"its inputs cannot be read: {type(error).__name__}")
