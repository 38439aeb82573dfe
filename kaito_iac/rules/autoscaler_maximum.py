"""KQ109: an autoscaler's maximum is not far above its minimum, nor above a cap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from kaito_iac.demand.demand import with_gpus
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.amount import amount, counted
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.validation import Whole


class Config(RuleConfig):
    """Settings of the rule."""

    max_times_min: Whole = Field(
        10, ge=1, description="How many times its minimum an autoscaler's maximum may be; a minimum of 0 counts as 1."
    )
    max_nodes: Whole = Field(16, ge=0, description="Nodes an autoscaler may reach at most.")
    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: a number of nodes that is not known is a finding. warn: leave it to unknown-demand."
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Look at everything bought whose number of nodes may grow."""
    for demand in with_gpus(facts.demands):
        nodes = demand.nodes
        if not demand.bought or demand.unread:
            continue
        path = f"{demand.component}: {demand.kind} '{demand.resource}'"
        if isinstance(nodes, Unknown):
            if config.on_unknown == "deny":
                yield Problem("KQ109", path, f"nodes unknown ({nodes.reason})", "a minimum and a maximum")
            continue
        if nodes.high <= nodes.low:
            continue
        message = f"scales from {amount(nodes.low)} to {counted(nodes.high, 'node')}"
        if nodes.high > config.max_nodes:
            yield Problem("KQ109", path, message, f"at most {counted(config.max_nodes, 'node')}", "lower the maximum")
        most = config.max_times_min * max(nodes.low, 1)
        if nodes.high > most:
            accepted = f"at most {counted(most, 'node')}, {config.max_times_min} times the minimum"
            yield Problem("KQ109", path, message, accepted, "lower the maximum, or raise the minimum to what is used anyway")


RULE = StackRule(
    code="KQ109",
    name="autoscaler-maximum",
    title="An autoscaler's maximum is near its minimum and below a cap",
    config=Config,
    check=check,
    why="An autoscaler without a maximum creates nodes for every retry, at night too.",
    level="advisory",
    severity="medium",
    fix="Lower the maximum to what the budget can pay for a whole month, or raise the minimum to what is always used.",
    tags=("gpu", "cost", "autoscaling"),
)
