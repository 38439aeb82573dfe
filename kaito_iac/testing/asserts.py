"""Assertions about a plan, one line each: they fail with every reason, and for what is not known."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaito_iac.demand.total import Total
    from kaito_iac.planning.plan import Plan


def assert_no_errors(plan: Plan, *, warnings: bool = False) -> None:
    """Fail when the program has an error; with `warnings` also when something is warned of."""
    __tracebackhide__ = True
    grave = ("error", "warning") if warnings else ("error",)
    _fail(plan, [problem.text(indent="") for problem in plan.problems if problem.severity in grave])


def assert_gpus_at_most(plan: Plan, most: int, product: str = "") -> None:
    """Fail when a program may ever hold more GPUs than this, of all products or of those whose name holds `product`.

    Autoscaled pools count with their maximum; GPUs whose number or product is not known fail too.
    """
    __tracebackhide__ = True
    wanted = {name: total for name, total in plan.gpus.items() if product.lower() in name.lower() or name == "unknown"}
    reasons = [one for name, total in wanted.items() for one in _unknown(total, "GPUs")]
    held = sum(total.known.high for total in wanted.values())
    what = f"{product} GPUs" if product else "GPUs"
    if held > most:
        parts = ", ".join(f"{total.known.high:.0f} {name}" for name, total in wanted.items() if total.known.high)
        reasons.append(f"up to {held:.0f} {what} ({parts}); at most {most} are allowed")
    _complete(plan)
    _fail(plan, reasons)


def assert_cost_at_most(plan: Plan, usd_per_month: float) -> None:
    """Fail when what a program holds at its largest may cost more than this, USD for 730 hours, or the cost is unknown."""
    __tracebackhide__ = True
    cost = plan.usd_per_month
    reasons = list(_unknown(cost, "cost"))
    if cost.known.high > usd_per_month:
        reasons.append(f"up to {cost.known.high:,.0f} USD a month; at most {usd_per_month:,.0f} are allowed")
    _complete(plan)
    _fail(plan, reasons)


def assert_nothing_public(plan: Plan) -> None:
    """Fail when a program has an address that is reachable from outside the network, or may have one.

    Public load balancers, routes to models without a login, and Ray's ports, as the rules KN301, KN303 and KN304 find them.
    """
    __tracebackhide__ = True
    from kaito_iac.planning.verdicts import exposed

    _complete(plan)
    _fail(plan, [problem.headline for problem in exposed(plan)])


def assert_fits_quota(
    plan: Plan, quota: str | os.PathLike[str], *, ledger: Sequence[str | os.PathLike[str]] = (), subscription: str = ""
) -> None:
    """Fail when a program does not fit the limits and budgets of a quota file, beside the plans of other stacks in `ledger`."""
    __tracebackhide__ = True
    from kaito_iac.planning.verdicts import beyond_quota

    _complete(plan)
    found = beyond_quota(plan, Path(quota), ledger=tuple(map(Path, ledger)), subscription=subscription)
    _fail(plan, [problem.headline for problem in found])


def _unknown(total: Total, what: str) -> Iterable[str]:
    return (f"{what} of {component}: not known, {unknown.reason}" for component, unknown in total.unknown)


def _complete(plan: Plan) -> None:
    """Refuse to judge a program that did not run to its end: it may hold more than the plan shows."""
    __tracebackhide__ = True
    if not plan.complete:
        _fail(plan, ["the program did not run to its end:", *(problem.text(indent="") for problem in plan.errors)])


def _fail(plan: Plan, reasons: Sequence[str]) -> None:
    __tracebackhide__ = True
    if reasons:
        message = "\n".join(f"  {line}" for reason in reasons for line in reason.splitlines())
        raise AssertionError(f"plan of {plan.project}, stack {plan.stack}:\n{message}")
