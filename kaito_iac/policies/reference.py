"""The reference pages of the rules and of the quota file, made of the rules' records and of the settings' schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.policies.gpu_quota import NAME, RULES
from kaito_iac.policies.quota_file import Limit, QuotaFile
from kaito_iac.policies.rule import RuleConfig, StackRule

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


def policies_page() -> str:
    """Gives the page of the rules: what each judges, how to set it, what to do when it stops a stack."""
    lines = ["# Policy rules", "", GENERATED, "", f"## Pack {NAME}", "", "| Rule | Code | Level | Severity | Says |"]
    lines += ["|---|---|---|---|---|"]
    lines += [f"| [{rule.name}](#{rule.name}) | {rule.code} | {rule.level} | {rule.severity} | {rule.title}. |" for rule in RULES]
    for rule in RULES:
        lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: StackRule[Any]) -> Iterator[str]:
    yield from (f"### {rule.name}", "", f"{rule.code}. {rule.title}. {rule.why}", "", f"When it stops you: {rule.fix}", "")
    rows = list(_rows(rule.config))
    yield from rows or ("It has no settings.",)


def _rows(config: type[RuleConfig]) -> Iterator[str]:
    schema = config.model_json_schema(by_alias=True)
    properties = schema.get("properties", {})
    if properties:
        yield from ("| Setting | Type | Default | Meaning |", "|---|---|---|---|")
    for name, terms in properties.items():
        default = f"`{json.dumps(terms['default'])}`" if "default" in terms else "required"
        yield f"| `{name}` | {_type(terms)} | {default} | {terms.get('description', '')} |"


def _type(terms: dict[str, Any]) -> str:
    if "enum" in terms:
        return " or ".join(f"`{value}`" for value in terms["enum"])
    named = str(terms.get("type", ""))
    kind = {"array": "list of limits", "integer": "whole number", "string": "text"}.get(named, named)
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
