"""What the engine sends to a policy pack, as plain data: secrets in plain sight, unknowns as values, whole floats as integers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import ARCHIVE, ASSET, OUTPUT, REFERENCE, SECRET, SIGNATURE, UNKNOWNS
from kaito_iac.stack.resource import Options, Resource, duration

_LATER: Final = Unknown("known only after the update")
_OPAQUE: Final[Mapping[str, Unknown]] = {
    ASSET: Unknown("an asset"),
    ARCHIVE: Unknown("an archive"),
    REFERENCE: Unknown("a reference to a resource"),
}


def shown_resource(message: Any, parent: str | None) -> Resource:
    """Return one resource of a question of the engine; whatever goes wrong with its properties says nothing of others."""
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
        options=Options(
            protect=options.protect,
            custom_timeouts={"create": create} if create else {},
            additional_secret_outputs=tuple(options.additionalSecretOutputs),
        ),
    )


def shown_resources(messages: Iterable[Any]) -> list[Resource]:
    """Return the resources of the question about a whole stack."""
    found = list(messages)
    urns = {message.urn for message in found}
    return [shown_resource(message, message.parent if message.parent in urns else None) for message in found]


def plain(struct: Any) -> dict[str, Any]:
    """Return properties as dictionaries, lists and scalars: secrets in plain sight, what is not known as `Unknown`."""
    return {key: _value(value) for key, value in struct.fields.items()}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return _LATER if text in UNKNOWNS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "struct_value":
        fields = value.struct_value.fields
        return _marked(fields) if SIGNATURE in fields else {key: _value(part) for key, part in fields.items()}
    return [_value(part) for part in value.list_value.values] if kind == "list_value" else None


def _marked(fields: Any) -> Any:
    mark = fields[SIGNATURE].string_value
    if mark in (SECRET, OUTPUT):
        return _value(fields["value"]) if "value" in fields else _LATER
    return _OPAQUE.get(mark, Unknown("a value of an unknown kind"))
