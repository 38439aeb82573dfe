"""KQ107: what a team holds, in this stack and those of the ledger, stays within its budget."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.quota.budget import of_team, stack_shares, team_of
from kaito_iac.quota.file import read_quota
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
    """Count what a team uses, and its workloads on nodes of others; a team without a budget is reported."""
    yield from over_budget(OWNERS, facts, config, config.on_unknown)
    yield from _unknown_teams(facts, config)


def _unknown_teams(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Warn of team labels that no budget knows: nothing bounds what carries them, but the budget of its namespace's team."""
    quota = read_quota(facts.folder / config.quota_file)[0] if config.quota_file else None
    known = quota.budgets.teams if quota is not None else {}
    if not known:
        return
    named = {(share.who, share.demand.team) for share in stack_shares(facts.demands) if isinstance(share.demand.team, str)}
    for who, team in sorted((who, str(team)) for who, team in named if team not in known):
        near = get_close_matches(team.lower(), known, 1)
        fix = f"write {near[0]}" if near else f"give {team} a budget in {config.quota_file}, or write another team"
        yield Problem("KQ107", who, f"team {team} has no budget", f"one of {', '.join(sorted(known))}", fix, "warning")


RULE = StackRule(
    code="KQ107",
    name="team-budget",
    title="The resources of a team in all stacks stay within its budget",
    config=Config,
    check=check,
    why="A team that exceeds its share takes capacity from the others, and one stack alone does not show it.",
    fix="Use fewer or smaller nodes, stop what is unused, or raise the budget in the quota file with its owner.",
    tags=("gpu", "cost", "team"),
)
