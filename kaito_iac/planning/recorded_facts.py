"""Recorded resources as rules see them: with the values, and without the knowledge, that the engine hands to a policy pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kaito_iac.offline.recording import Recording
from kaito_iac.problem import Unknown
from kaito_iac.stack.decoder import LATER
from kaito_iac.stack.resource import Resource, Secret


def registered(recording: Recording) -> list[Resource]:
    """Return every resource as it is registered: by its inputs; what the stack only looks up is not its own."""
    return [_shown(found, found.inputs, found.parent) for found in recording.resources if not found.read]


def whole(recording: Recording, changed: Mapping[str, Mapping[str, Any]]) -> list[Resource]:
    """Return every resource as a whole stack shows it: by its outputs; `changed` holds inputs after remedies, by URN."""
    own = [found for found in recording.resources if not found.read]
    urns = {found.urn for found in own}
    return [
        _shown(
            found,
            changed[found.urn] if found.custom and found.urn in changed else found.outputs,
            found.parent if found.parent in urns else None,
        )
        for found in own
    ]


def _shown(found: Resource, values: Mapping[str, Any], parent: str | None) -> Resource:
    seen = {str(key): _plain(value) for key, value in values.items() if not key.startswith("__")}
    return replace(found, parent=parent or None, inputs=seen, outputs={})


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return _plain(value.value)
    if isinstance(value, Unknown):
        return LATER
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
