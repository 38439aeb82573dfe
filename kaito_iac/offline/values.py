"""Property values on the wire and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXT, UNKNOWNS
from kaito_iac.stack.resource import Secret

_EXACT: Final = 2.0**63  # beyond it a whole number says nothing more than the float it came as
_RESOURCE_MARK: Final = "@isPulumiResource"  # added to exported resources in a preview


class Decoder:
    """Turns wire values into plain data, with `Unknown`, `Secret` and the stand-ins of encrypted config recognised."""

    def __init__(self, encrypted: Mapping[str, str] | None = None) -> None:
        self._encrypted = dict(encrypted or {})

    def struct(self, struct: struct_pb2.Struct, reason: Callable[[str], str]) -> dict[str, Any]:
        """Return the properties by name; `reason` says why an unknown inside a property is unknown."""
        plain: dict[str, Any] = {}
        for key, value in struct.fields.items():
            unknown = None

            def why(key: str = key) -> Unknown:
                nonlocal unknown
                unknown = unknown or Unknown(reason(key))
                return unknown

            plain[self._key(key)] = self._value(value, why)
        return dict(sorted(plain.items()))

    def value(self, value: struct_pb2.Value, reason: str) -> Any:
        """Return one value as plain data."""
        return self._value(value, lambda: Unknown(reason))

    def text(self, text: str) -> str:
        """Return a text for people, with the stand-ins of encrypted config replaced."""
        for token in self._encrypted:
            text = text.replace(token, "[secret]")
        return text

    def key_of(self, text: str) -> str | None:
        """Return the key of the encrypted config value that a text holds."""
        return next((key for token, key in self._encrypted.items() if token in text), None)

    def _key(self, key: str) -> str:
        return self.text(key) if self._encrypted else key

    def _value(self, value: struct_pb2.Value, why: Callable[[], Unknown]) -> Any:
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            return self._string(value.string_value, why)
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() and abs(number) < _EXACT else number
        if kind == "bool_value":
            return value.bool_value
        if kind == "struct_value":
            return self._object(value.struct_value.fields, why)
        if kind == "list_value":
            return [self._value(item, why) for item in value.list_value.values]
        return None

    def _string(self, text: str, why: Callable[[], Unknown]) -> Any:
        if text in UNKNOWNS:
            return why()
        if self._encrypted and (key := self.key_of(text)):
            return Secret(Unknown(f"encrypted config value {key}"))
        return text

    def _object(self, fields: Mapping[str, struct_pb2.Value], why: Callable[[], Unknown]) -> Any:
        if SIGNATURE in fields:
            signature = fields[SIGNATURE].string_value
            if signature == SECRET:
                return secret(self._value(fields["value"], why))
            if signature == OUTPUT:
                known = self._value(fields["value"], why) if "value" in fields else why()
                return secret(known) if "secret" in fields and fields["secret"].bool_value else known
        return {
            self._key(key): self._value(item, why)
            for key, item in sorted(fields.items())
            if key not in (SIGNATURE, _RESOURCE_MARK)
        }


def secret(value: Any) -> Secret:
    """Return the value as a secret, never a secret of a secret."""
    return value if isinstance(value, Secret) else Secret(value)


def unknown_in(value: Any) -> Unknown | None:
    """Return the first unknown anywhere in a value."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Secret):
        return unknown_in(value.value)
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return next((found for item in items if (found := unknown_in(item)) is not None), None)


def encode(value: Any) -> Any:
    """Return plain data in the form that a Struct takes and the wire expects."""
    if isinstance(value, Unknown):
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": encode(value.value)}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


def encoded(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return properties as a Struct."""
    struct = struct_pb2.Struct()
    struct.update({key: encode(value) for key, value in properties.items()})
    return struct


def mark_secret(struct: struct_pb2.Struct, names: tuple[str, ...]) -> struct_pb2.Struct:
    """Return the same properties with the named ones marked secret."""
    if not any(name in struct.fields for name in names):
        return struct
    marked = struct_pb2.Struct()
    marked.CopyFrom(struct)
    for name in names:
        if name not in marked.fields or _is_secret(marked.fields[name]):
            continue
        inner = struct_pb2.Value()
        inner.CopyFrom(marked.fields[name])
        wrapped = struct_pb2.Struct()
        wrapped.fields[SIGNATURE].string_value = SECRET
        wrapped.fields["value"].CopyFrom(inner)
        marked.fields[name].struct_value.CopyFrom(wrapped)
    return marked


def _is_secret(value: struct_pb2.Value) -> bool:
    fields = value.struct_value.fields if value.WhichOneof("kind") == "struct_value" else {}
    return SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET


def as_outputs(struct: struct_pb2.Struct, sources: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return properties as transforms see them: secrets, unknowns and what comes from resources as outputs.

    `sources` names the URNs behind each property.
    """
    raised = struct_pb2.Struct()
    for key, value in struct.fields.items():
        urns = list(sources.get(key, ()))
        inner = _as_output(value)
        if urns and not _is_signed(inner, OUTPUT):
            inner = {SIGNATURE: OUTPUT, "value": inner}
        if urns:
            inner["dependencies"] = urns
        raised.update({key: inner})
    return raised


def _as_output(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return {SIGNATURE: OUTPUT} if value.string_value in UNKNOWNS else value.string_value
    if kind == "list_value":
        return [_as_output(item) for item in value.list_value.values]
    if kind != "struct_value":
        return None if kind in (None, "null_value") else getattr(value, kind)
    fields = value.struct_value.fields
    if _is_secret(value):
        inner = _as_output(fields["value"])
        return inner | {"secret": True} if _is_signed(inner, OUTPUT) else {SIGNATURE: OUTPUT, "secret": True, "value": inner}
    return {key: _as_output(item) for key, item in fields.items()}


def without_outputs(struct: struct_pb2.Struct) -> struct_pb2.Struct:
    """Return properties with outputs as the secrets, unknowns and plain values they are."""
    lowered = struct_pb2.Struct()
    lowered.update({key: _lowered(value) for key, value in struct.fields.items()})
    return lowered


def _lowered(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [_lowered(item) for item in value.list_value.values]
    if kind != "struct_value":
        return None if kind in (None, "null_value") else getattr(value, kind)
    plain = {key: _lowered(item) for key, item in value.struct_value.fields.items()}
    if not _is_signed(plain, OUTPUT):
        return plain
    inner = plain.get("value", UNKNOWN_TEXT)
    return {SIGNATURE: SECRET, "value": inner} if plain.get("secret") and not _is_signed(inner, SECRET) else inner


def _is_signed(plain: Any, signature: str) -> bool:
    return isinstance(plain, dict) and plain.get(SIGNATURE) == signature
