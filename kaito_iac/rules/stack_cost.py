"""KQ110: the GPU nodes of a stack stay within its budget of US dollars a month."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.quota.budget import lines, over, stack_shares
from kaito_iac.quota.model import Budget, Usd, without_null
from kaito_iac.rules.rule import OnUnknown, RuleConfig, StackFacts, StackRule, left


class Config(RuleConfig):
    """Settings of the rule."""

    max_usd_per_month: Usd | None = Field(
        default=None,
        description="US dollars a month for GPU nodes at list price, autoscalers at their maximum; left out: no budget.",
        json_schema_extra=without_null,
    )
    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: a price that is not known breaks the budget."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Add up the list prices of all GPU nodes that are bought, for 730 hours."""
    bought = [share for share in stack_shares(left(facts.demands, config.on_unknown)) if share.demand.bought]
    fix = "use fewer or smaller nodes, use spot nodes, or raise maxUsdPerMonth of stack-cost"
    for line in lines(Budget(usd_per_month=config.max_usd_per_month), bought):
        yield from over("KQ110", "stack", line, fix, deny=config.on_unknown != "warn")


RULE = StackRule(
    code="KQ110",
    name="stack-cost",
    title="The GPU nodes of a stack stay within its budget of US dollars a month",
    config=Config,
    check=check,
    why="The invoice arrives a month after the update; list prices give an estimate before it.",
    fix="Use fewer or smaller nodes, use spot nodes where work may be interrupted, or raise the budget with its owner.",
    tags=("gpu", "cost"),
)
