"""Makes a policy pack of the Pulumi SDK out of rules, and serves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from kaito_iac.policies.facts import facts
from kaito_iac.policies.rule import StackFacts, StackRule
from kaito_iac.problem import Problem
from kaito_iac.sizing.stack_demand import demands


def stack_policy(rule: StackRule[Any]) -> StackValidationPolicy:
    """Gives a rule as a policy of the SDK."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        try:
            problems = list(rule.judge(seen(args), dict(args.get_config() or {})))
        except Exception as error:
            fix = "report this as a defect of the pack"
            problems = [
                Problem(rule.code, "stack", f"could not be judged: {type(error).__name__}: {error}", "readable resources", fix)
            ]
        for problem in problems:
            report(problem.text(indent="", marked=False), None)

    return StackValidationPolicy(
        name=rule.name,
        description=rule.title,
        validate=validate,
        enforcement_level=EnforcementLevel.ADVISORY if rule.level == "advisory" else EnforcementLevel.MANDATORY,
        config_schema=config_schema(rule),
        display_name=rule.title,
        severity=Severity[rule.severity.upper()],
        tags=[rule.code, *rule.tags],
        remediation_steps=f"{rule.fix} {rule.why}",
    )


def seen(args: StackValidationArgs) -> StackFacts:
    """Gives what the engine shows of a stack."""
    return StackFacts(demands=demands(facts(args.resources)), today=date.today(), folder=Path.cwd())


def config_schema(rule: StackRule[Any]) -> PolicyConfigSchema:
    """Gives the JSON schema of a rule's settings, with references resolved, as the engine wants it."""
    schema = rule.config.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    return PolicyConfigSchema({name: resolved(entry, definitions) for name, entry in schema.get("properties", {}).items()})


def resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    """Gives a schema without references."""
    if isinstance(schema, list):
        return [resolved(entry, definitions) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: resolved(value, definitions) for key, value in schema.items()}


def serve(name: str, rules: Sequence[StackRule[Any]]) -> None:
    """Serves a pack to the engine; does not return."""
    PolicyPack(name=name, enforcement_level=EnforcementLevel.MANDATORY, policies=[stack_policy(rule) for rule in rules])
