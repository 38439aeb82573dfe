"""The reference pages of the rules and of the quota file, made of the rules' records and of the settings' schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kaito_iac.policies import gpu_quota, guardrails
from kaito_iac.policies.quota_file import Limit, QuotaFile
from kaito_iac.policies.rule import AnyRule, ResourceRule, RuleConfig

GENERATED: Final = "Generated from the rules; not edited by hand."
QUOTA_EXAMPLE: Final = """\
date: 2026-06-30
limits:
  - family: StandardNCADSA100v4Family
    region: eastus
    limit: 96
    used: 24
  - {family: lowPriorityCores, region: eastus, limit: 100}
  - {family: cores, region: eastus, limit: 350, used: 40}
"""
"""A quota file that the page shows and a test reads."""


PACKS: Final[tuple[tuple[str, Sequence[AnyRule]], ...]] = ((gpu_quota.NAME, gpu_quota.RULES), (guardrails.NAME, guardrails.RULES))
"""Shipped packs, by name."""


def policies_page() -> str:
    """Gives the page of the rules: what each judges, how to set it, what to do when it stops a stack."""
    lines = ["# Policy rules", "", GENERATED]
    for name, rules in PACKS:
        lines += ["", f"## Pack {name}", "", "| Rule | Code | Level | Severity | Says |", "|---|---|---|---|---|"]
        lines += [
            f"| [{rule.name}](#{rule.name}) | {rule.code} | {rule.level} | {rule.severity} | {rule.title}. |" for rule in rules
        ]
        for rule in rules:
            lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: AnyRule) -> Iterator[str]:
    yield from (f"### {rule.name}", "", f"{rule.code}. {rule.title}. {rule.why}", "", f"When it stops you: {rule.fix}", "")
    if isinstance(rule, ResourceRule):
        mends = ", and with the level `remediate` mends it" if rule.remedy else ""
        yield from (f"It judges each resource before it exists{mends}.", "")
    rows = list(_rows(rule.config))
    yield from rows or ("It has no settings.",)


def _rows(config: type[RuleConfig]) -> Iterator[str]:
    schema = config.model_json_schema(by_alias=True)
    properties = schema.get("properties", {})
    if properties:
        yield from ("| Setting | Type | Default | Meaning |", "|---|---|---|---|")
    for name, terms in properties.items():
        needed = name in schema.get("required", ())
        default = f"`{json.dumps(terms['default'])}`" if terms.get("default") is not None else "required" if needed else ""
        yield f"| `{name}` | {_type(terms)} | {default} | {terms.get('description', '')} |"


def _type(terms: dict[str, Any]) -> str:
    if "enum" in terms:
        return " or ".join(f"`{value}`" for value in terms["enum"])
    if "anyOf" in terms:
        return _type(terms["anyOf"][0])
    if "$ref" in terms:
        return f"`{terms['$ref'].rpartition('/')[2]}`"
    named = str(terms.get("type", ""))
    if named == "array":
        return f"list of {_type(terms['items'])}"
    if named == "object":
        return f"mapping to {_type(terms['additionalProperties'])}"
    kind = {"integer": "whole number", "string": "text"}.get(named, named)
    return f"{kind}, at least {terms['minimum']}" if "minimum" in terms else "day" if terms.get("format") == "date" else kind


def quota_page() -> str:
    """Gives the page of the quota file."""
    lines = [
        "# Quota file",
        "",
        GENERATED,
        "",
        "A dated table of vCPU limits, read by `kaito-iac plan --quota FILE` and by the rules `vcpu-quota` and `quota-age`.",
        "",
        "```yaml",
        QUOTA_EXAMPLE.rstrip(),
        "```",
        "",
        "## Keys",
        "",
        *_rows(QuotaFile),
        "",
        "Each of the `limits`:",
        "",
        *_rows(Limit),
        "",
        "## How it is used",
        "",
        "- vCPUs count at their maximum, summed by family and region, and are held against `limit` less `used`.",
        "- `lowPriorityCores` is the family of all spot nodes. `cores` is the limit over all families of a region; spot nodes",
        "  and nodes without GPUs are not in its sum.",
        "- A family and region that the stack holds and the file does not list is an error: no limit on record.",
        "- The same family and region twice is an error, in whatever spelling; so is a key that nobody knows.",
        "- `az vm list-usage --location eastus` tells limits and use of an Azure region. Leave out of `used` what this",
        "  stack itself uses.",
    ]
    return "\n".join(lines) + "\n"
