"""KQ104: what a stack holds is known before it is bought."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.demand.demand import with_gpus
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule


class Config(RuleConfig):
    """The rule has no settings."""


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Name every resource whose nodes or GPUs are unknown."""
    for demand in with_gpus(facts.demands):
        if demand.bought and not demand.unread and isinstance(demand.gpus, Unknown):
            fix = "give a plain value, so that quota and cost are known before deployment"
            yield Problem(
                "KQ104",
                demand.component,
                f"{demand.kind} '{demand.resource}' holds an unknown number of GPUs ({demand.gpus.reason})",
                "a number",
                fix,
            )


RULE = StackRule(
    code="KQ104",
    name="unknown-demand",
    title="The demand of a stack is known before deployment",
    config=Config,
    check=check,
    why="A number that is known only after the update cannot be compared with a quota or a budget.",
    fix="Replace the Output by a plain value, or a stack configuration value.",
    tags=("gpu", "cost", "quota"),
)
