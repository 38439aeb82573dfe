"""The reference pages of the rules and of the quota file, made of the rules' records and of the settings' schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kaito_iac.quota.model import (
    Budget,
    Budgets,
    FamilyQuota,
    Limit,
    QuotaFile,
    Region,
    Subscription,
    TeamBudget,
)
from kaito_iac.rules import gpu_quota, guardrails
from kaito_iac.rules.rule import AnyRule, ResourceRule
from kaito_iac.validation import StrictRecord

GENERATED: Final = "<!-- Generated from the rules; not edited by hand. -->"
QUOTA_EXAMPLE: Final = """\
date: 2026-06-30
source: az vm list-usage
subscriptions:
  00000000-0000-0000-0000-000000000001:
    name: research
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {limit: 96, used: 48}
          lowPriorityCores: {limit: 100}
          cores: {limit: 350, used: 88}
        running:
          platform/prod: {StandardNCADSA100v4Family: 24, cores: 24}
budgets:
  teams:
    search:
      namespaces: [chat, rag]
      gpus: 8
      gpusByProduct: {A100: 4}
      vcpusByFamily: {StandardNCADSA100v4Family: 96}
      usdPerMonth: 12000
  namespaces:
    chat: {gpus: 2}
"""
"""A quota file that the page shows and a test reads."""
FIRST_VERSION: Final = """\
date: 2026-06-30
limits:
  - {family: StandardNCADSA100v4Family, region: eastus, limit: 96, used: 24}
"""
"""A quota file of the first version, which is still read."""


PACKS: Final[tuple[tuple[str, Sequence[AnyRule]], ...]] = ((gpu_quota.NAME, gpu_quota.RULES), (guardrails.NAME, guardrails.RULES))
"""Shipped packs, by name."""


def policies_page() -> str:
    """Return the page of the rules: what each judges, how to set it, what to do when it stops a stack."""
    lines = ["# Policy rules", "", GENERATED]
    for name, rules in PACKS:
        lines += ["", f"## Pack {name}", "", "| Rule | Code | Level | Severity | Reports |", "|---|---|---|---|---|"]
        lines += [
            f"| [{rule.name}](#{rule.name}) | {rule.code} | {rule.level} | {rule.severity} | {rule.title}. |" for rule in rules
        ]
        for rule in rules:
            lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: AnyRule) -> Iterator[str]:
    yield from (f"### {rule.name}", "", f"{rule.code}. {rule.title}. {rule.why}", "", f"When it stops you: {rule.fix}", "")
    if isinstance(rule, ResourceRule):
        mends = ", and with the level `remediate` corrects it" if rule.remedy else ""
        yield from (f"It judges each resource before it exists{mends}.", "")
    schema = rule.config.model_json_schema(by_alias=True)
    yield from list(_terms(schema)) or ("It has no settings.",)
    for name, terms in schema.get("$defs", {}).items():
        yield from ("", f"`{name}`:", "", *_terms(terms))


def _rows(config: type[StrictRecord]) -> Iterator[str]:
    yield from _terms(config.model_json_schema(by_alias=True))


def _terms(schema: Mapping[str, Any]) -> Iterator[str]:
    """Return the rows of the keys of a schema."""
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


def quota_schema() -> str:
    """Return the JSON schema of quota files."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **QuotaFile.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=2) + "\n"


_RECORDS: Final[tuple[type[StrictRecord], ...]] = (Subscription, Region, FamilyQuota, Budgets, TeamBudget, Budget, Limit)


def quota_page() -> str:
    """Return the page of the quota file."""
    lines = ["# Quota file", "", GENERATED, "", *_QUOTA_HEAD, "", "```yaml", QUOTA_EXAMPLE.rstrip(), "```", "", "## Keys", ""]
    lines += _rows(QuotaFile)
    for record in _RECORDS:
        lines += ["", f"### {record.__name__}", "", str(record.__doc__), "", *_rows(record)]
    lines += ["", "## First version", "", "Still read, without budgets by subscription:", "", "```yaml", FIRST_VERSION.rstrip()]
    return "\n".join([*lines, "```", "", "## How it is used", "", *_QUOTA_USE]) + "\n"


_QUOTA_HEAD: Final = (
    "Dated limits of vCPUs, their use, and budgets. `kaito-iac quota fetch` writes it, `kaito-iac quota show` and",
    "`kaito-iac plan --quota FILE` hold a program against it, and so do the rules `vcpu-quota`, `quota-age`, `team-budget` and",
    "`namespace-budget`. Editors complete it with [quota.schema.json](quota.schema.json).",
)
_QUOTA_USE: Final = (
    "- vCPUs count at their maximum, summed by family and region, and are held against `limit` less `used`.",
    "- Entries of `running` for this stack, and for stacks with plans in the ledger, are subtracted from `used`: their",
    "  plans count instead. Another stack counts with its plan or what it runs, whichever is more.",
    "- `lowPriorityCores` is the family of all spot nodes. `cores` is the limit over all families of a region; spot nodes",
    "  and nodes without GPUs are not in its sum.",
    "- A family and region that the stack holds and the file does not list is an error: no limit on record.",
    "- Of several subscriptions in one file, the setting `subscription` of `vcpu-quota`, or `--subscription`, names the one that",
    "  pays.",
    "- A team counts all nodes it creates, and its workloads on nodes that do not count for it already. A namespace counts every",
    "  workload in it, on nodes of its own or shared ones. Budgets hold over this stack and all stacks of the ledger.",
    "- The same family and region twice is an error, in whatever spelling; so is a key that does not exist.",
)
