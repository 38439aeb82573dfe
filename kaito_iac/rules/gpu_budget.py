"""KQ101: the GPUs of a stack stay within its budget."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from kaito_iac.demand.declared import fix_for
from kaito_iac.demand.demand import with_gpus
from kaito_iac.demand.total import total
from kaito_iac.problem import Problem
from kaito_iac.quota.amount import counted, shares
from kaito_iac.rules.rule import OnUnknown, RuleConfig, StackFacts, StackRule, left
from kaito_iac.validation import Whole


class Config(RuleConfig):
    """Settings of the rule."""

    max_gpus: Whole = Field(8, ge=0, description="GPUs this stack may hold at once, autoscalers at their maximum.")
    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: a GPU count that is not known breaks the budget."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Count every GPU at its maximum, and every unknown aloud."""
    found = [demand for demand in with_gpus(left(facts.demands, config.on_unknown)) if demand.bought]
    held = total(found, lambda demand: demand.gpus)
    if config.on_unknown != "warn":
        for name, reason in held.unknown:
            yield Problem(
                "KQ101", name, f"GPU count unknown ({reason.reason})", "a number the budget can count", fix_for(found, name)
            )
    if held.known.high > config.max_gpus:
        who = shares([(demand.component, demand.gpus) for demand in found])
        message = f"{counted(held.known.high, 'GPU')} ({who})"
        yield Problem(
            "KQ101", "stack", message, f"at most {config.max_gpus}", "use fewer or smaller nodes, or raise maxGpus of gpu-budget"
        )


RULE = StackRule(
    code="KQ101",
    name="gpu-budget",
    title="The GPUs of a stack stay within its budget",
    config=Config,
    check=check,
    why="GPUs are billed from the minute they exist, so a budget must be checked before.",
    fix="Use fewer or smaller nodes, or raise maxGpus with the owner of the budget.",
    tags=("gpu", "cost"),
)
