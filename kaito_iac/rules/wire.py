"""Changes of a remedy, made in properties as the engine sends them: what is a secret or not known stays what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from kaito_iac.problem import Unknown
from kaito_iac.rules.remedy import Change
from kaito_iac.stack.pulumi_markers import SIGNATURE, UNKNOWN_TEXT


def write(struct: struct_pb2.Struct, change: Change) -> None:
    """Make one change."""
    place = struct
    for key in change.path[:-1]:
        place = _inner(place.fields[key]).struct_value
    last = change.path[-1]
    if change.appended:
        _inner(place.fields[last]).list_value.extend([_encoded(entry) for entry in change.value])
    else:
        place.update({last: _encoded(change.value)})


def _inner(value: struct_pb2.Value) -> struct_pb2.Value:
    """Return the value itself, behind the marks of a secret."""
    while SIGNATURE in value.struct_value.fields and "value" in value.struct_value.fields:
        value = value.struct_value.fields["value"]
    return value


def _encoded(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN_TEXT
    if isinstance(value, Mapping):
        return {key: _encoded(part) for key, part in value.items()}
    return [_encoded(part) for part in value] if isinstance(value, list | tuple) else value
