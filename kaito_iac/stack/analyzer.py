"""Turns what the policy SDK hands over into plain data: proxies unwrapped, unknowns as values, whole floats as integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import UNKNOWNS
from kaito_iac.stack.resource import Options, Resource, duration

_LATER: Final = Unknown("known only after the update")


def plain(value: Any) -> Any:
    """Return a value as dictionaries, lists and scalars, with `Unknown` for what is known only after the update, or no data."""
    if isinstance(value, Mapping):
        return {str(key): _read(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_read(value, index) for index in range(len(value))]
    if isinstance(value, str) and value in UNKNOWNS:  # remediation shows them bare
        return _LATER
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, str | bool | int | Unknown):
        return value
    return Unknown(f"a value of the kind {type(value).__name__}")


def _read(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except Exception as error:
        if type(error).__name__ != "UnknownValueError":
            raise
        return _LATER


def shown_resource(resource: Any, parent: str | None) -> Resource:
    """Return one resource, as `ResourceValidationArgs` or `PolicyResource` shows it."""
    return Resource(
        urn=str(resource.urn),
        type=str(resource.resource_type),
        name=str(resource.name),
        parent=parent,
        inputs=plain(resource.props),
        options=Options(
            protect=bool(resource.opts.protect),
            custom_timeouts={"create": text} if (text := duration(resource.opts.custom_timeouts.create_seconds)) else {},
            additional_secret_outputs=tuple(resource.opts.additional_secret_outputs),
        ),
    )


def shown_resources(resources: Sequence[Any]) -> list[Resource]:
    """Return the resources of a stack, as `StackValidationArgs.resources` lists them."""
    return [_read_alone(resource, str(resource.parent.urn) if resource.parent is not None else None) for resource in resources]


def _read_alone(resource: Any, parent: str | None) -> Resource:
    """Return one resource of many; whatever goes wrong with its inputs says nothing of the others."""
    try:
        return shown_resource(resource, parent)
    except Exception as error:
        unread = Unknown(f"its inputs cannot be read: {type(error).__name__}")
        return Resource(str(resource.urn), str(resource.resource_type), str(resource.name), parent, unread)
