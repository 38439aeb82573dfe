"""The two sides of a change as resources that demand is asked of, and what each side holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.demand.total import Total, total, totals
from kaito_iac.planning.exception import Exceptions, exceptions, wrong_settings
from kaito_iac.problem import Problem, Unknown
from kaito_iac.report.model import Amount
from kaito_iac.stack.change import DELETING, Change, EventLog, State
from kaito_iac.stack.resource import Resource

NOT_KNOWN = "unknown"
_NOTHING = Total(Range(0, 0, 0), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What the stack holds before and after."""

    before: tuple[Demand, ...]
    after: tuple[Demand, ...]


def sides(log: EventLog, region: str | None = None, prices: PriceBook = LIST_PRICES, policy_config: Path | None = None) -> Sides:
    """Return the demand of both sides, with the declarations that a policy configuration accepts."""
    before, after = (tuple(_rows(log, old=old)) for old in (True, False))
    counted = [demands(rows, region=region, prices=prices) for rows in (before, after)]
    if policy_config is not None:
        counted = [
            exceptions(rows, policy_config).for_limits(found) for rows, found in zip((before, after), counted, strict=True)
        ]
    return Sides(before=counted[0], after=counted[1])


def excepted(log: EventLog, policy_config: Path) -> tuple[Exceptions, tuple[Problem, ...]]:
    """Return what a policy configuration accepts and waives of a stack after the change, and what is wrong with it."""
    rows = tuple(_rows(log, old=False))
    granted = exceptions(rows, policy_config)
    found = demands(rows) if granted.declarations else ()  # demand is read only where a declaration may contradict it
    return granted, (*wrong_settings(policy_config), *granted.problems(rows, found))


def _rows(log: EventLog, *, old: bool) -> Iterator[Resource]:
    for change, state in ((one, state) for one in log.changes for state in _states(one, old)):
        if not change.type.startswith("pulumi:providers:"):
            read = state.external or change.action == "read"
            outputs = state.outputs if state.custom else {}
            yield Resource(
                change.urn,
                change.type,
                change.name,
                state.parent,
                state.inputs,
                outputs=outputs,
                custom=state.custom,
                read=read,
            )


def _states(change: Change, old: bool) -> Iterator[State]:
    """Return what of a resource one side has; what a deletion retains in the cloud is there afterwards as before."""
    before, after, action = change.before, change.after, change.action
    if action == "remove-pending-replace":  # its deletion is long done, and forgotten now
        return
    if old:
        found = None if action in ("create", "import") else before
    else:
        gone = action in ("delete", "discard", "delete-replaced")
        found = None if gone else after or before
        if before is not None and before.retain and action in DELETING and found is not before:
            yield before
    if found is not None:
        yield found


def gpus(found: Sides) -> tuple[Amount, ...]:
    """Return the GPUs by product, before and after."""
    old, new = (totals(with_gpus(side), _product, lambda held: held.gpus) for side in (found.before, found.after))
    return tuple(Amount(name=name, before=old.get(name, _NOTHING), after=new.get(name, _NOTHING)) for name in _names(old, new))


def existing(found: Sides) -> Amount:
    """Return the GPUs that workloads take of nodes which this stack does not hold."""
    old, new = (_shared(side) for side in (found.before, found.after))
    return Amount(name="existing nodes", before=old, after=new)


def _shared(side: tuple[Demand, ...]) -> Total:
    known, unknown = Range(0, 0, 0), []
    bought = {held.urn for held in side if held.bought}
    for held in with_gpus(side):
        if not held.bought and held.pool not in bought:
            if isinstance(held.gpus, Unknown):
                unknown.append((held.component, held.gpus))
            else:
                known = known.plus(held.gpus)
    return Total(known, tuple(unknown))


def money(found: Sides) -> Amount:
    """Return US dollars a month, before and after."""
    old, new = (total(side, lambda held: held.usd_per_month) for side in (found.before, found.after))
    return Amount(name="USD a month", before=old, after=new)


def _names(old: Mapping[Any, Total], new: Mapping[Any, Total]) -> list[Any]:
    return sorted({*old, *new})


def _product(demand: Demand) -> str:
    return NOT_KNOWN if isinstance(demand.gpu_model, Unknown) else demand.gpu_model or "no GPU"


def high(value: Range | Unknown) -> float:
    """Return the most of a range, 0 for what is not known."""
    return 0 if isinstance(value, Unknown) else value.high
