"""Separate the changes of a pull request from those of its target branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kaito_iac.demand.range import Range
from kaito_iac.demand.total import Total
from kaito_iac.report.model import Amount, ChangeRow, StackReport

_NOTHING = Total(Range(0, 0, 0), ())


def subtract(head: StackReport, base: StackReport) -> StackReport:
    """Return the report of the head with everything marked that the base changes in the same way."""
    known = {_mark(change) for change in base.changes}
    return replace(
        head,
        changes=tuple(replace(change, pending=_mark(change) in known) for change in head.changes),
        own_gpus=_between(base.gpus, head.gpus),
        own_money=Amount(name=head.money.name, before=base.money.after, after=head.money.after),
        compared=True,
    )


def _mark(change: ChangeRow) -> tuple[object, ...]:
    return change.urn, change.action, change.differences


def _between(base: Sequence[Amount], head: Sequence[Amount]) -> tuple[Amount, ...]:
    old, new = ({one.name: one.after for one in side} for side in (base, head))
    return tuple(
        Amount(name=name, before=old.get(name, _NOTHING), after=new.get(name, _NOTHING)) for name in sorted({*old, *new})
    )
