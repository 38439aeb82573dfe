"""The config of a policy pack: defaults, what the pack brings, what the user gives, checked against the pack's schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from kaito_iac.offline import schema
from kaito_iac.offline.recording import Refusal
from kaito_iac.problem import Problem
from kaito_iac.rules.policy_config import ALL, BAD_CONFIG, entries, unknown_rules

LEVELS: Final[dict[int, Literal["advisory", "mandatory", "disabled", "remediate"]]] = {
    analyzer_pb2.ADVISORY: "advisory",
    analyzer_pb2.MANDATORY: "mandatory",
    analyzer_pb2.DISABLED: "disabled",
    analyzer_pb2.REMEDIATE: "remediate",
}
"""Enforcement levels by their number on the wire."""

_NUMBERS: Final = {name: number for number, name in LEVELS.items()}


def reconcile(info: Any, given: Mapping[str, Any], pack: str, *, shared: bool = False) -> dict[str, analyzer_pb2.PolicyConfig]:
    """Return the settings of every policy; refuse what the pack does not have or its schema does not allow, all of it at once.

    `shared`: the configuration is for several packs, and names that this one does not have are left out.
    """
    found, problems = entries(given)
    names = {policy.name: pack for policy in info.policies}
    if not shared:
        problems += unknown_rules(given, names, (info.name,), {})
    wanted = {
        name: (None if entry.level is None else _NUMBERS[entry.level], dict(entry.values))
        for name, entry in found.items()
        if not problems and (name in names or name == ALL)
    }
    settings = _merged(info, wanted)
    if problems := problems or list(_misfits(info, settings)):
        raise Refusal(f"Config of policy pack '{pack}'", problems)
    return {
        name: analyzer_pb2.PolicyConfig(enforcementLevel=level, properties=properties)  # type: ignore[arg-type]  # a dict fills a Struct
        for name, (level, properties) in settings.items()
    }


def _merged(info: Any, wanted: Mapping[str, tuple[int | None, dict[str, Any]]]) -> dict[str, tuple[int, dict[str, Any]]]:
    settings = {policy.name: (int(policy.enforcementLevel), _defaults(policy)) for policy in info.policies}
    brought = {
        name: (int(config.enforcementLevel), json_format.MessageToDict(config.properties))
        for name, config in info.initialConfig.items()
    }
    for layer in (brought, wanted):
        common = layer.get("all", (None, {}))[0]
        if common is not None:
            settings = {name: (common, properties) for name, (_, properties) in settings.items()}
        for name, (level, properties) in layer.items():
            before = settings.get(name, (int(analyzer_pb2.ADVISORY), {}))
            settings[name] = (before[0] if level is None else level, before[1] | properties)
    return settings


def _defaults(policy: Any) -> dict[str, Any]:
    properties = json_format.MessageToDict(policy.configSchema.properties)
    return {name: terms["default"] for name, terms in properties.items() if isinstance(terms, dict) and "default" in terms}


def _misfits(info: Any, settings: Mapping[str, tuple[int, dict[str, Any]]]) -> Iterator[Problem]:
    for policy in info.policies:
        if not policy.HasField("configSchema"):
            continue
        properties = json_format.MessageToDict(policy.configSchema.properties)
        terms = {"type": "object", "properties": properties, "required": list(policy.configSchema.required)}
        for path, found, accepted in schema.misfits(settings[policy.name][1], terms, policy.name):
            yield Problem(BAD_CONFIG, path, found, accepted)
