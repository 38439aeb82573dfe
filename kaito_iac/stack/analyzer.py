"""What the engine sends to a policy pack, as plain data: secrets in plain sight, unknowns as values, whole floats as integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.decoder import LATER, Why, WireDecoder
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Options, Resource, duration


class _Decoder(WireDecoder):
    """Decodes values of the wire; secrets are shown, as policies judge them."""

    def plain_mapping(self, fields: Any, why: Why) -> dict[str, Any]:
        """Return a mapping without a mark."""
        return {key: self.read(part, why) for key, part in fields.items()}

    def secret(self, value: Callable[[], Any]) -> Any:
        """Return a secret in plain sight."""
        return value()


_DECODER: Final = _Decoder()


def plain(struct: Any) -> dict[str, Any]:
    """Return properties as dictionaries, lists and scalars, `Unknown` for what is known only after the update, or no data."""
    return _DECODER.plain_mapping(struct.fields, lambda: LATER)


def _space(message: Any) -> Any:
    """Return the namespace that the provider of an object gives it where it names none."""
    if not message.type.startswith("kubernetes:") or not message.HasField("provider"):
        return None
    return field(plain(message.provider.properties), "namespace")


def shown_resource(message: Any, parent: str | None) -> Resource:
    """Return one resource of a question of the engine; an error in its properties does not affect others."""
    options = message.options
    try:
        inputs: Any = plain(message.properties)
    except Exception as error:
        inputs = Unknown(f"its inputs cannot be read: {type(error).__name__}")
    create = duration(options.customTimeouts.create)
    return Resource(
        urn=message.urn,
        type=message.type,
        name=message.name,
        parent=parent,
        inputs=inputs,
        space=_space(message),
        options=Options(
            protect=options.protect,
            ignore_changes=tuple(options.ignoreChanges),
            delete_before_replace=options.deleteBeforeReplace if options.deleteBeforeReplaceDefined else None,
            custom_timeouts={"create": create} if create else {},
            additional_secret_outputs=tuple(options.additionalSecretOutputs),
        ),
    )


def shown_resources(messages: Iterable[Any]) -> list[Resource]:
    """Return the resources of the question about a whole stack: a component is what has children and no provider."""
    found = list(messages)
    urns, parents = {message.urn for message in found}, {message.parent for message in found}
    shown = ((one, shown_resource(one, one.parent if one.parent in urns else None)) for one in found)
    return [replace(own, custom=one.urn not in parents or one.HasField("provider")) for one, own in shown]
