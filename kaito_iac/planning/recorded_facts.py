"""Recorded resources as rules see them: with the values, and without the knowledge, that the engine hands to a policy pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.offline.duration import seconds
from kaito_iac.offline.recording import Recording, Resource, Secret
from kaito_iac.problem import Unknown
from kaito_iac.rules.facts import Fact

_LATER: Final = Unknown("known only after the update")


def registered(recording: Recording) -> list[Fact]:
    """Return every resource as it is registered: by its inputs; what the stack only looks up is not its own."""
    return [_fact(found, found.inputs, found.parent) for found in recording.resources if not found.read]


def whole(recording: Recording, changed: Mapping[str, Mapping[str, Any]]) -> list[Fact]:
    """Return every resource as a whole stack shows it: by its outputs; `changed` holds inputs after remedies, by URN."""
    own = [found for found in recording.resources if not found.read]
    urns = {found.urn for found in own}
    return [
        _fact(
            found,
            changed[found.urn] if found.custom and found.urn in changed else found.outputs,
            found.parent if found.parent in urns else None,
        )
        for found in own
    ]


def _fact(found: Resource, values: Mapping[str, Any], parent: str | None) -> Fact:
    return Fact(
        urn=found.urn,
        type=found.type,
        name=found.name,
        parent=parent or None,
        inputs={str(key): _plain(value) for key, value in values.items() if not key.startswith("__")},
        protect=found.options.protect,
        create_seconds=seconds(found.options.custom_timeouts.get("create", "")),
        secret_outputs=found.options.additional_secret_outputs,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return _plain(value.value)
    if isinstance(value, Unknown):
        return _LATER
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
