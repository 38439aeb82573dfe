"""KQ105: the GPUs of every product stay within the stack's budget for it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.quota.budget import lines, over, stack_shares
from kaito_iac.quota.model import Amount, Budget, Product
from kaito_iac.rules.rule import OnUnknown, RuleConfig, StackFacts, StackRule, left


class Config(RuleConfig):
    """Settings of the rule."""

    max_gpus: dict[Product, Amount] = Field(
        default_factory=dict, description="GPUs of a product this stack may hold at once, by product, such as `A100`."
    )
    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: GPUs whose product or number is not known break the budget."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Count the GPUs of every product at their maximum."""
    bought = [share for share in stack_shares(left(facts.demands, config.on_unknown)) if share.demand.bought]
    fix = "use fewer or smaller nodes, use another product, or raise maxGpus of gpu-products"
    for line in lines(Budget(gpus_by_product=config.max_gpus), bought):
        yield from over("KQ105", "stack", line, fix, deny=config.on_unknown != "warn")


RULE = StackRule(
    code="KQ105",
    name="gpu-products",
    title="The GPUs of every product stay within the stack's budget for it",
    config=Config,
    check=check,
    why="One H100 node costs as much as many A10 nodes; a count of GPUs alone does not distinguish them.",
    fix="Use fewer or smaller nodes, use another product, or raise maxGpus with the owner of the budget.",
    tags=("gpu", "cost"),
)
