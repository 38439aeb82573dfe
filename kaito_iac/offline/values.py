"""Property values on the wire and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

from kaito_iac.problem import Unknown
from kaito_iac.stack.decoder import Why, WireDecoder
from kaito_iac.stack.pulumi_markers import OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXT, UNKNOWNS
from kaito_iac.stack.resource import Secret

_RESOURCE_MARK: Final = "@isPulumiResource"  # added to exported resources in a preview


class Decoder(WireDecoder):
    """Decodes the wire, with `Unknown`, `Secret` and the stand-ins of encrypted config recognised."""

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

            plain[self._key(key)] = self.read(value, why)
        return dict(sorted(plain.items()))

    def value(self, value: struct_pb2.Value, reason: str) -> Any:
        """Return one value as plain data."""
        return self.read(value, lambda: Unknown(reason))

    def text(self, text: str) -> str:
        """Return a text for people, with the stand-ins of encrypted config replaced."""
        for token in self._encrypted:
            text = text.replace(token, "[secret]")
        return text

    def key_of(self, text: str) -> str | None:
        """Return the key of the encrypted config value that a text holds."""
        return next((key for token, key in self._encrypted.items() if token in text), None)

    def string(self, text: str, why: Why) -> Any:
        """Return a text; one that holds a stand-in of encrypted config is a secret."""
        if self._encrypted and (key := self.key_of(text)):
            return Secret(Unknown(f"encrypted config value {key}"))
        return why() if UNKNOWN_TEXT in text else super().string(text, why)

    def plain_mapping(self, fields: Any, why: Why) -> dict[str, Any]:
        """Return a mapping in the order of its keys, without what Pulumi adds."""
        return {
            self._key(key): self.read(item, why) for key, item in sorted(fields.items()) if key not in (SIGNATURE, _RESOURCE_MARK)
        }

    def secret(self, value: Callable[[], Any]) -> Any:
        """Return a value that must not be shown."""
        return secret(value())

    def other(self, mark: Any, fields: Any, why: Why) -> Any:
        """Return an asset, an archive or a reference as the mapping it is: a plan shows it."""
        return self.plain_mapping(fields, why)

    def _key(self, key: str) -> str:
        return self.text(key) if self._encrypted else key


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


def walks_in(node: struct_pb2.Struct) -> bool:
    """Return whether a text somewhere inside was made with an unknown value that the program walked."""
    return any(_walks(value) for value in node.fields.values())


def _walks(value: struct_pb2.Value) -> bool:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return len(value.string_value) > len(UNKNOWN_TEXT) and UNKNOWN_TEXT in value.string_value
    if kind == "list_value":
        return any(_walks(item) for item in value.list_value.values)
    return kind == "struct_value" and walks_in(value.struct_value)


def without_walks(request: Any) -> Any:
    """Return a registration with an unknown value in the place of every text that was made with one, and a readable name."""
    changed = type(request)()
    changed.CopyFrom(request)
    changed.name = request.name.replace(UNKNOWN_TEXT, "unknown")
    _lower_walks(changed.object)
    return changed


def _lower_walks(node: struct_pb2.Struct) -> None:
    for value in node.fields.values():
        _lower_walk(value)


def _lower_walk(value: struct_pb2.Value) -> None:
    kind = value.WhichOneof("kind")
    if kind == "string_value" and UNKNOWN_TEXT in value.string_value:
        value.string_value = UNKNOWN_TEXT
    elif kind == "list_value":
        for item in value.list_value.values:
            _lower_walk(item)
    elif kind == "struct_value":
        _lower_walks(value.struct_value)
