"""KQ107: what a team holds, in this stack and those of the ledger, stays within its budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from kaito_iac.policies.budget import named_lines, of_team, over, stack_shares, team_of, unowned
from kaito_iac.policies.ledger import identity, read_ledger
from kaito_iac.policies.quota_file import read_quota
from kaito_iac.policies.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.problem import Problem


class Config(RuleConfig):
    """Settings of the rule."""

    quota_file: str = Field("", description="Path of a quota file with budgets; empty: none.")
    ledger: tuple[str, ...] = Field((), description="Plans of other stacks: JSON files of `kaito-iac plan --json`, or folders.")
    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: demand whose team or amount is not known breaks the budgets. warn: leave it to unknown-demand."
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Counts what a team buys, and its workloads on nodes of others."""
    if not config.quota_file:
        return
    quota, problems = read_quota(facts.folder / config.quota_file)
    yield from problems
    if quota is None or not quota.budgets.teams:
        return
    budgets = quota.budgets
    ledger = read_ledger([facts.folder / path for path in config.ledger], identity(facts.demands))
    yield from ledger.problems
    found = stack_shares(facts.demands, ledger.plans)
    deny = config.on_unknown == "deny"
    if deny:
        yield from unowned("KQ107", found, lambda demand: team_of(demand, budgets), "team")
    fix = f"hold less, or raise the budget of the team in {config.quota_file}"
    for name, line in named_lines(budgets.teams, lambda team: of_team(found, team, budgets)):
        yield from over("KQ107", f"team {name}", line, fix, deny=deny)


RULE = StackRule(
    code="KQ107",
    name="team-budget",
    title="What a team holds in all stacks stays within its budget",
    config=Config,
    check=check,
    why="A team that takes more than its share takes it from the others, and nobody sees it in one stack alone.",
    fix="Hold fewer or smaller nodes, end what nobody uses, or raise the budget in the quota file with whoever owns it.",
    tags=("gpu", "cost", "team"),
)
