"""What the budgets of teams and of namespaces have in common: a quota file, a ledger, and whose something is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.budget import Share, named_lines, over, stack_shares, unowned
from kaito_iac.quota.file import read_quota
from kaito_iac.quota.ledger import identity, read_ledger
from kaito_iac.quota.model import Budget, Budgets
from kaito_iac.quota.stated_size import with_stated
from kaito_iac.rules.rule import OnUnknown, RuleConfig, StackFacts, left


class OwnerConfig(RuleConfig):
    """Where the budgets are, and what others hold of them."""

    quota_file: str = Field("", description="Path of a quota file with budgets; empty: none.")
    ledger: tuple[str, ...] = Field((), description="Plans of other stacks: JSON files of `kaito-iac plan --json`, or folders.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """One kind of owner."""

    code: str
    what: str
    """`team` or `namespace`."""
    budgets: Callable[[Budgets], Mapping[str, Budget]]
    of: Callable[[Demand, Budgets], str | Unknown | None]
    """Owner of a demand; None: it has none."""
    held: Callable[[Sequence[Share], str, Budgets], Sequence[Share]]
    """What counts for one owner."""


def over_budget(owners: Owners, facts: StackFacts, config: OwnerConfig, on_unknown: OnUnknown) -> Iterator[Problem]:
    """Report who holds more than its budget here and in the ledger; and, unless set to warn, what may belong to anyone."""
    deny = on_unknown != "warn"
    if not config.quota_file:
        return
    quota, problems = read_quota(facts.folder / config.quota_file)
    yield from problems
    if quota is None or not owners.budgets(quota.budgets):
        return
    budgets = quota.budgets
    ledger = read_ledger([facts.folder / path for path in config.ledger], identity(facts.demands), facts.today)
    yield from ledger.problems
    found = stack_shares(left(with_stated(facts.demands, quota), on_unknown), ledger.plans)
    if deny:
        yield from unowned(owners.code, found, lambda demand: owners.of(demand, budgets), owners.what)
    fix = f"hold less, or raise the budget of the {owners.what} in {config.quota_file}"
    for name, line in named_lines(owners.budgets(budgets), lambda owner: owners.held(found, owner, budgets)):
        yield from over(owners.code, f"{owners.what} {name}", line, fix, deny=deny)
