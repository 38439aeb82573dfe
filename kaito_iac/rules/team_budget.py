"""KQ107: what a team holds, in this stack and those of the ledger, stays within its budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.quota.budget import of_team, team_of
from kaito_iac.rules.owner_budget import OwnerConfig, Owners, over_budget
from kaito_iac.rules.rule import OnUnknown, StackFacts, StackRule


class Config(OwnerConfig):
    """Settings of the rule."""

    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: demand whose team or amount is not known breaks the budgets."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


OWNERS: Final = Owners(code="KQ107", what="team", budgets=lambda budgets: budgets.teams, of=team_of, held=of_team)


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Count what a team buys, and its workloads on nodes of others."""
    yield from over_budget(OWNERS, facts, config, config.on_unknown)


RULE = StackRule(
    code="KQ107",
    name="team-budget",
    title="What a team holds in all stacks stays within its budget",
    config=Config,
    check=check,
    why="A team that exceeds its share takes capacity from the others, and one stack alone does not show it.",
    fix="Hold fewer or smaller nodes, stop what is unused, or raise the budget in the quota file with its owner.",
    tags=("gpu", "cost", "team"),
)
