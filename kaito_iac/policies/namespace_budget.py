"""KQ108: what a namespace holds, in this stack and those of the ledger, stays within its budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from kaito_iac.policies.budget import named_lines, of_namespace, over, stack_shares, unowned
from kaito_iac.policies.ledger import identity, read_ledger
from kaito_iac.policies.quota_file import read_quota
from kaito_iac.policies.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.problem import Problem


class Config(RuleConfig):
    """Settings of the rule."""

    quota_file: str = Field("", description="Path of a quota file with budgets; empty: none.")
    ledger: tuple[str, ...] = Field((), description="Plans of other stacks: JSON files of `kaito-iac plan --json`, or folders.")
    on_unknown: Literal["deny", "warn"] = Field(
        "deny",
        description="deny: demand whose namespace or amount is not known breaks the budgets. warn: leave it to unknown-demand.",
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Counts every workload in a namespace, on nodes of its own or shared ones."""
    if not config.quota_file:
        return
    quota, problems = read_quota(facts.folder / config.quota_file)
    yield from problems
    if quota is None or not quota.budgets.namespaces:
        return
    budgets = quota.budgets
    ledger = read_ledger([facts.folder / path for path in config.ledger], identity(facts.demands))
    yield from ledger.problems
    found = stack_shares(facts.demands, ledger.plans)
    deny = config.on_unknown == "deny"
    if deny:
        yield from unowned("KQ108", found, lambda demand: demand.namespace, "namespace")
    fix = f"hold less, or raise the budget of the namespace in {config.quota_file}"
    for name, line in named_lines(budgets.namespaces, lambda namespace: of_namespace(found, namespace)):
        yield from over("KQ108", f"namespace {name}", line, fix, deny=deny)


RULE = StackRule(
    code="KQ108",
    name="namespace-budget",
    title="What a namespace holds in all stacks stays within its budget",
    config=Config,
    check=check,
    why="KAITO creates nodes for whoever may write a Workspace; a ResourceQuota does not count nodes.",
    fix="Hold fewer or smaller nodes, end what nobody uses, or raise the budget in the quota file with whoever owns it.",
    tags=("gpu", "cost", "namespace"),
)
