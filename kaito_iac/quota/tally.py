"""Return what is used, planned and left for every family and region, and the use of every budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaito_iac.demand.demand import Demand
from kaito_iac.quota.balance import Doubt, Position, positions
from kaito_iac.quota.budget import Line, Share, lines, of_namespace, of_team, stack_shares
from kaito_iac.quota.file import Place, Quota
from kaito_iac.quota.ledger import StackPlan
from kaito_iac.quota.model import Budget, Budgets


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """One limit of one budget."""

    of: str
    """team or namespace."""
    name: str
    line: Line
    here: float
    """What this stack holds of it, at most."""

    @property
    def left(self) -> float:
        """Return what is left of it; below 0: over budget."""
        return self.line.limit - self.line.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Quotas and budgets, and what is held of them."""

    positions: tuple[Position, ...]
    doubts: tuple[Doubt, ...]
    budgets: tuple[BudgetRow, ...]

    @property
    def over(self) -> bool:
        """Return whether any quota or budget is exceeded, or something is held that has no limit on record."""
        return any(at.left < 0 or at.quota is None for at in self.positions) or any(row.left < 0 for row in self.budgets)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "quotas": [position_json(at) for at in self.positions],
            "budgets": [budget_json(row) for row in self.budgets],
            "unknown": [{"component": who, "what": what, "reason": why.reason} for who, what, why in self.doubts],
        }


def tally(
    found: Sequence[Demand],
    plans: Sequence[StackPlan],
    table: dict[Place, Quota],
    budgets: Budgets,
    *,
    own: str = "",
    region: str = "",
) -> Tally:
    """Add up what this stack, other stacks and the cloud hold, by region and family; what is unused is reported too."""
    held, doubts = positions(found, plans, table, own=own, region=region)
    seen = {(at.quota.family, at.quota.region) for at in held if at.quota}
    nobody = dict.fromkeys((plan.stack for plan in plans), 0.0)
    free = [
        Position(family=quota.family, region=place, quota=quota, own=own, planned=nobody)
        for (_, place), quota in table.items()
        if (quota.family, quota.region) not in seen
    ]
    rows = sorted([*held, *free], key=lambda at: (at.region, at.family.lower()))
    return Tally(positions=tuple(rows), doubts=tuple(doubts), budgets=tuple(_budgets(found, plans, budgets)))


def _budgets(found: Sequence[Demand], plans: Sequence[StackPlan], budgets: Budgets) -> Iterator[BudgetRow]:
    shares = stack_shares(found, plans)
    own = set(map(id, shares[: len(stack_shares(found))]))

    def rows(of: str, named: Mapping[str, Budget], choose: Callable[[str], list[Share]]) -> Iterator[BudgetRow]:
        for name, budget in named.items():
            everywhere = choose(name)
            inside = [share for share in everywhere if id(share) in own]
            for line, mine in zip(lines(budget, everywhere), lines(budget, inside), strict=True):
                yield BudgetRow(of=of, name=name, line=line, here=mine.held)

    yield from rows("team", budgets.teams, lambda name: of_team(shares, name, budgets))
    yield from rows("namespace", budgets.namespaces, lambda name: of_namespace(shares, name))


def position_json(at: Position) -> dict[str, Any]:
    """Return a position as plain data; null: no limit on record."""
    quota = at.quota
    return {
        "region": at.region,
        "family": at.family,
        "limit": quota.limit if quota else None,
        "used": quota.used if quota else None,
        "usedElsewhere": _number(at.elsewhere) if quota else None,
        "thisStack": _number(at.held),
        "otherStacks": {stack: _number(held) for stack, held in at.others.items() if held},
        "left": _number(at.left) if quota else None,
    }


def budget_json(row: BudgetRow) -> dict[str, Any]:
    """Return a line of a budget as plain data."""
    return {
        "of": row.of,
        "name": row.name,
        "what": row.line.what,
        "limit": _number(row.line.limit),
        "thisStack": _number(row.here),
        "otherStacks": _number(row.line.held - row.here),
        "left": _number(row.left),
        "unknown": [{"component": who, "reason": value.reason} for who, value in row.line.doubts],
    }


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 2)
