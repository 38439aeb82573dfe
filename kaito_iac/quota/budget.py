"""Compare use with a budget: GPUs, GPUs by product, vCPUs by family, money; and determine the owner of a demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.range import Range
from kaito_iac.demand.range import over as over_ways
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.amount import amount, counted, shares
from kaito_iac.quota.ledger import StackPlan
from kaito_iac.quota.model import Budget, Budgets, family_key, is_product

UNCOUNTED: Final = "a number the budget can count"


@dataclass(frozen=True, slots=True)
class Share:
    """One demand, and what it is called in a message."""

    who: str
    """Component; of another stack with project/stack before it."""
    demand: Demand


def stack_shares(found: Iterable[Demand], plans: Sequence[StackPlan] = ()) -> list[Share]:
    """Return what this stack and others hold of GPU nodes, bought or not."""
    own = [Share(demand.component, demand) for demand in with_gpus(found)]
    return own + [Share(f"{plan.stack}:{held.component}", held) for plan in plans for held in with_gpus(plan.demands)]


def team_of(demand: Demand, budgets: Budgets) -> str | Unknown | None:
    """Return the team of a demand: the one it is labelled with, else the one its namespace belongs to.

    A label that no budget knows takes nothing out of the budget of the namespace's team.
    """
    if isinstance(demand.team, Unknown) or (demand.team is not None and demand.team in budgets.teams):
        return demand.team
    owner = _owner(demand, budgets)
    return demand.team if owner is None else owner


def _owner(demand: Demand, budgets: Budgets) -> str | Unknown | None:
    """Return the team that the namespace of a demand belongs to."""
    if demand.namespace is None or not any(budget.namespaces for budget in budgets.teams.values()):
        return None
    return demand.namespace if isinstance(demand.namespace, Unknown) else budgets.owner(demand.namespace)


def of_team(found: Sequence[Share], team: str, budgets: Budgets) -> list[Share]:
    """Return what counts for a team: all it creates, and its workloads on nodes that do not count for it already."""
    paid = {share.demand.urn for share in found if share.demand.bought and team_of(share.demand, budgets) == team}
    return [
        share
        for share in found
        if team_of(share.demand, budgets) == team and (share.demand.bought or share.demand.pool not in paid)
    ]


def of_namespace(found: Sequence[Share], namespace: str) -> list[Share]:
    """Return what counts for a namespace: every workload in it, on nodes of its own or shared ones."""
    return [share for share in found if share.demand.namespace == namespace]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One limit of a budget, and what is held of it."""

    what: str
    """`GPUs`, `A100 GPUs`, `vCPUs of a family`, `USD a month`."""
    unit: str
    limit: float
    found: tuple[tuple[str, Range | Unknown], ...]
    """Who holds how much."""

    @property
    def held(self) -> float:
        """Return what is held of it at most, the unknown left out."""
        return sum(value.high for _, value in self.found if isinstance(value, Range))

    @property
    def doubts(self) -> tuple[tuple[str, Unknown], ...]:
        """Return whose share is unknown, and why."""
        return tuple((who, value) for who, value in self.found if isinstance(value, Unknown))


def lines(budget: Budget, found: Sequence[Share]) -> Iterator[Line]:
    """Return every limit of a budget with what is held of it."""
    if budget.gpus is not None:
        yield _line("GPUs", "GPU", budget.gpus, found, lambda demand: demand.gpus)
    for product, limit in budget.gpus_by_product.items():
        yield _line(f"{product} GPUs", f"{product} GPU", limit, found, _only(_model, product, is_product, _gpus))
    for family, limit in budget.vcpus_by_family.items():
        yield _line(f"vCPUs of {family}", "vCPU", limit, found, _only(_family, family, _same, _vcpus))
    if budget.usd_per_month is not None:
        yield _line("USD a month", "USD a month", budget.usd_per_month, found, lambda demand: demand.usd_per_month)


def _model(demand: Demand) -> str | Unknown:
    return demand.gpu_model


def _family(demand: Demand) -> str | Unknown:
    return demand.family


def _same(name: str, found: str) -> bool:
    return family_key(name) == family_key(found)


def _gpus(demand: Demand) -> Range | Unknown:
    return demand.gpus


def _vcpus(demand: Demand) -> Range | Unknown:
    return demand.vcpus


def _line(what: str, unit: str, limit: float, found: Sequence[Share], held: Callable[[Demand], Range | Unknown | None]) -> Line:
    values = ((share.who, held(share.demand)) for share in found)
    return Line(what=what, unit=unit, limit=limit, found=tuple((who, value) for who, value in values if value is not None))


def _only(
    key: Callable[[Demand], str | Unknown],
    name: str,
    means: Callable[[str, str], bool],
    held: Callable[[Demand], Range | Unknown],
) -> Callable[[Demand], Range | Unknown | None]:
    """Return a share that only demands of one name have; unknown where the name is, at most where nodes may have several."""

    def share(demand: Demand) -> Range | Unknown | None:
        named = [key(way) for way in demand.ways]
        if named and not any(isinstance(one, Unknown) for one in named):
            meant = [way for way, one in zip(demand.ways, named, strict=True) if isinstance(one, str) and means(name, one)]
            if 0 < len(meant) < len(named):
                return _at_most(held(demand), over_ways(held(way) for way in meant))
            return held(demand) if meant else None
        found = key(demand)
        if isinstance(found, Unknown):
            return found
        return held(demand) if means(name, found) else None

    return share


def _at_most(together: Range | Unknown, some: Range | Unknown) -> Range | Unknown:
    """Return what nodes of some of the sizes hold, which may be none, and no more than all of them together."""
    if isinstance(some, Unknown):
        return together
    return Range(0, 0, some.high if isinstance(together, Unknown) else min(some.high, together.high))


def over(code: str, path: str, line: Line, fix: str, *, deny: bool) -> Iterator[Problem]:
    """Report when more is held than a line of a budget allows, and, when `deny`, whose share is unknown."""
    if deny:
        for who, value in line.doubts:
            yield Problem(code, f"{path}: {who}", f"{line.what} unknown ({value.reason})", UNCOUNTED)
    if line.held > line.limit:
        message = f"{_counted(line.held, line.unit)} ({shares(line.found)})"
        yield Problem(code, path, message, f"at most {amount(line.limit)}", fix)


def _counted(value: float, unit: str) -> str:
    return f"{amount(round(value, 2))} {unit}" if unit.startswith("USD") else counted(value, unit)


_TOLD: Final = {"team": "labels={'team': 'NAME'} of the component, or a plain namespace"}


def unowned(code: str, found: Sequence[Share], owner: Callable[[Demand], str | Unknown | None], what: str) -> Iterator[Problem]:
    """Report demand whose owner is unknown."""
    for share in found:
        named = owner(share.demand)
        if isinstance(named, Unknown):
            fix = _TOLD.get(what, f"give the {what} as a plain value")
            yield Problem(code, share.who, f"{what} unknown ({named.reason})", f"a plain {what}", fix)


def named_lines(budgets: Mapping[str, Budget], found: Callable[[str], Sequence[Share]]) -> Iterator[tuple[str, Line]]:
    """Return every limit of every budget, by whose budget it is."""
    for name, budget in budgets.items():
        for line in lines(budget, found(name)):
            yield name, line
