"""KQ112: the plans of other stacks can be read and are not stale."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.quota.amount import counted
from kaito_iac.quota.ledger import StackPlan, identity, read_ledger
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.validation import Whole

_AGAIN = "plan that stack again"


class Config(RuleConfig):
    """Settings of the rule."""

    ledger: tuple[str, ...] = Field((), description="Plans of other stacks that vcpu-quota and the budgets use.")
    max_age_days: Whole = Field(30, ge=0, description="Days after which a plan is stale.")


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Look at the day of every plan."""
    ledger = read_ledger([facts.folder / path for path in config.ledger], identity(facts.demands), facts.today)
    yield from ledger.problems
    for plan in ledger.plans:
        yield from _aged(plan, facts, config.max_age_days)


def _aged(plan: StackPlan, facts: StackFacts, most: int) -> Iterator[Problem]:
    accepted = f"at most {counted(most, 'day')}"
    if plan.made is None:
        yield Problem("KQ112", plan.file, f"plan of {plan.stack} without a day", accepted, _AGAIN)
        return
    age = (facts.today - plan.made).days
    message = f"plan of {plan.stack} of {plan.made.isoformat()}"
    if age > most:
        yield Problem("KQ112", plan.file, f"{message}, {counted(age, 'day')} old", accepted, _AGAIN)
    elif age == -1:  # what is further ahead is a problem of the ledger
        yield Problem("KQ112", plan.file, f"{message}, a day to come", "today or earlier", _AGAIN)


RULE = StackRule(
    code="KQ112",
    name="ledger-age",
    title="The plans of other stacks can be read and are not stale",
    config=Config,
    check=check,
    why="Stacks can share one quota only while each plan is up to date.",
    level="advisory",
    severity="medium",
    fix="Write the plan of every stack again with `kaito-iac plan --json` when it changes, as a step of its pipeline.",
    tags=("gpu", "quota"),
)
