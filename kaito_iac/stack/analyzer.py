"""Turns what the policy SDK hands over into plain data: proxies unwrapped, unknowns as values, whole floats as integers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.decoder import Decoder, Why
from kaito_iac.stack.pulumi_markers import SIGNATURE
from kaito_iac.stack.resource import Options, Resource, duration


class _Decoder(Decoder):
    """Decodes what the policy SDK hands over: its proxies raise where a value is not known, and show secrets."""

    def item(self, container: Any, key: Any, why: Why) -> Any:
        """Return what a proxy holds."""
        try:
            return self.read(container[key], why)
        except Exception as error:
            if type(error).__name__ != "UnknownValueError":
                raise
            return why()

    def secret(self, value: Callable[[], Any]) -> Any:
        """Return a secret in plain sight, as policies judge it."""
        return value()

    def mark(self, fields: Any) -> Any:
        """Return what a mapping is marked as; the SDK leaves marks on nothing but what it hands back to the engine."""
        return fields[SIGNATURE] if SIGNATURE in fields else None


_DECODER: Final = _Decoder()


def plain(value: Any) -> Any:
    """Return a value as dictionaries, lists and scalars, with `Unknown` for what is known only after the update, or no data."""
    return _DECODER.read(value)


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
            delete_before_replace=getattr(resource.opts, "delete_before_replace", None),
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
