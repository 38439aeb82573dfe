"""Makes a policy pack of the Pulumi SDK out of rules, and serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from kaito_iac.problem import Problem
from kaito_iac.rules.rule import AnyRule, ResourceRule, StackFacts, StackRule, broken
from kaito_iac.stack.analyzer import shown_resource, shown_resources


def policy(rule: AnyRule) -> Policy:
    """Return a rule as a policy of the SDK."""
    return stack_policy(rule) if isinstance(rule, StackRule) else resource_policy(rule)


def stack_policy(rule: StackRule[Any]) -> StackValidationPolicy:
    """Return a rule about a stack as a policy, which the engine asks when everything is registered."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        try:
            problems = list(rule.judge(_seen_once(args, report), settings(args)))
        except Exception as error:
            problems = [broken(rule.code, "stack", error)]
        _report(problems, report)

    return StackValidationPolicy(validate=validate, **_metadata(rule))


def resource_policy(rule: ResourceRule[Any]) -> ResourceValidationPolicy:
    """Return a rule about one resource as a policy, which the engine asks before the resource exists."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if not rule.concerns(args.resource_type):
            return
        try:
            problems = list(rule.judge(shown_resource(args, args.opts.parent or None), settings(args)))
        except Exception as error:
            problems = [broken(rule.code, args.name, error)]
        _report(problems, report)

    def remediate(args: ResourceValidationArgs) -> Any:
        if not rule.concerns(args.resource_type):
            return None
        try:
            found = shown_resource(args, args.opts.parent or None)
            wanted = rule.remedied(found, rule.config.model_validate(settings(args)))
            changed = wanted is not None and put(args.props, found.inputs, wanted)
        except Exception:  # what cannot be read is left to validate, which says so
            return None
        return args.props if changed else None

    return ResourceValidationPolicy(
        validate=validate, remediate=remediate if rule.remedy is not None else None, **_metadata(rule)
    )


def put(props: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Write into the engine's properties what differs, and nothing else: a fresh copy would lose secrets and unknowns.

    Raises TypeError, before anything is written, when the change is more than added or replaced keys and appended entries.
    """
    steps = list(_steps(props, before, after))
    for write in steps:
        write()
    return bool(steps)


def _steps(props: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Callable[[], None]]:
    if before.keys() - after.keys():
        raise TypeError("a remedy takes nothing away")
    for key, wanted in after.items():
        held = before.get(key)
        if key in before and (held is wanted or held == wanted):
            continue
        if isinstance(held, Mapping) and isinstance(wanted, Mapping):
            yield from _steps(props[key], held, wanted)
        elif isinstance(held, list) and isinstance(wanted, list):
            if wanted[: len(held)] != held:
                raise TypeError("a remedy only appends to a list")
            yield partial(_extend, props, key, wanted[len(held) :])
        else:
            yield partial(props.__setitem__, key, wanted)


def _extend(props: Any, key: str, added: list[Any]) -> None:
    """Append to a list, whose entries stay what they were: the SDK's proxies give the list itself under this key."""
    props[key]["__target"].extend(added)


def settings(args: StackValidationArgs | ResourceValidationArgs) -> dict[str, Any]:
    """Return the settings of the policy that is asked."""
    return dict(args.get_config() or {})


def _report(problems: Sequence[Problem], report: ReportViolation) -> None:
    for problem in problems:
        report(problem.text(indent="", marked=False), None)


def _metadata(rule: AnyRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "description": rule.title,
        "enforcement_level": EnforcementLevel(rule.level),
        "config_schema": config_schema(rule),
        "display_name": rule.title,
        "severity": Severity[rule.severity.upper()],
        "tags": [rule.code, *rule.tags],
        "remediation_steps": f"{rule.fix} {rule.why}",
        "url": rule.url or None,
    }


_last: tuple[Any, StackFacts] | None = None
"""The question that was asked last, and what the engine showed with it."""


def _seen_once(args: StackValidationArgs, report: ReportViolation) -> StackFacts:
    """Return what the engine shows of a stack, read once for all rules that one question asks.

    pulumi-policy 1.21 decodes every resource anew for every policy, but lets all of them report into one answer:
    that answer is the question's identity. Where a release reports otherwise, every rule reads for itself.
    """
    global _last
    cells = getattr(report, "__closure__", None) or ()
    answer = next((cell.cell_contents for cell in cells if type(cell.cell_contents).__name__ == "AnalyzeResponse"), None)
    if answer is None:
        return seen(args)
    held = _last
    if held is None or held[0] is not answer:
        held = _last = (answer, seen(args))
    return held[1]


def seen(args: StackValidationArgs) -> StackFacts:
    """Return what the engine shows of a stack."""
    return StackFacts.of(shown_resources(args.resources), date.today(), Path.cwd())


def config_schema(rule: AnyRule) -> PolicyConfigSchema:
    """Return the JSON schema of a rule's settings, with references resolved, as the engine wants it."""
    schema = rule.config.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    properties = {name: resolved(entry, definitions) for name, entry in schema.get("properties", {}).items()}
    return PolicyConfigSchema(properties, schema.get("required"))


def resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return a schema without references."""
    if isinstance(schema, list):
        return [resolved(entry, definitions) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: resolved(value, definitions) for key, value in schema.items()}


def serve(name: str, rules: Sequence[AnyRule]) -> None:
    """Serve a pack to the engine; does not return."""
    PolicyPack(name=name, enforcement_level=EnforcementLevel.MANDATORY, policies=[policy(rule) for rule in rules])
