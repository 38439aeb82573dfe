"""The command `quota show`: limit, use, this stack, other stacks and what is left, as a table, with bars on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.planning import run
from kaito_iac.cli.reply import Refused, Reply, code_of
from kaito_iac.cli.table import Column, table
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import errors

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan
    from kaito_iac.planning.request import Limits, Program
    from kaito_iac.quota.balance import Position
    from kaito_iac.quota.model import QuotaFile
    from kaito_iac.quota.tally import BudgetRow, Tally

BAR: Final = 20
"""Columns of a bar."""
LEGEND: Final = "bars: █ used in the cloud, ▓ other stacks, ▒ this stack, ░ left, ! over\n"


def show(program: Program | None, quota_file: Path, limits: Limits) -> Reply:
    """Show quotas and budgets; exit code 1 when one is exceeded, or when the share of a team or namespace is not known."""
    from kaito_iac.planning.judgement import quota_problems
    from kaito_iac.planning.subscription import paying
    from kaito_iac.quota.file import quotas, read_quota
    from kaito_iac.quota.ledger import identity, read_ledger
    from kaito_iac.quota.stated_size import with_stated
    from kaito_iac.quota.tally import tally

    quota, wrong = read_quota(quota_file)
    pays = paying(program, replace(limits, quota=quota_file)) if program else limits.subscription
    held, unnamed = quotas(quota, pays) if quota else ({}, [])
    if quota is None or wrong or unnamed:
        raise Refused("quota show", [*wrong, *unnamed])
    plan = _plan(program, limits) if program else None
    found = with_stated(plan.demands, quota) if plan else ()
    own = f"{plan.project}/{plan.stack}" if plan else identity(found)
    ledger = read_ledger(limits.ledger, own)
    if ledger.problems:
        raise Refused("quota show", ledger.problems)
    counted = tally(found, ledger.plans, held, quota.budgets, own=own, region=limits.region or "")
    problems = tuple(quota_problems(found, quota_file, date.today(), ledger=limits.ledger, subscription=pays))
    data = {
        "date": quota.date.isoformat(),
        "source": quota.source,
        "stack": own or None,
        "ledger": [{"stack": other.stack, "made": other.made.isoformat() if other.made else None} for other in ledger.plans],
        **counted.as_json(),
        "problems": [problem.as_json() for problem in problems],
    }
    code = ExitCode.PROBLEMS if counted.over or counted.doubts else code_of(problems)
    return Reply(data=data, text=lambda page: _text(quota, counted, own, page), problems=problems, title="Quota", code=code)


def _plan(program: Program, limits: Limits) -> Plan:
    """Plan the program; one whose plan may not be whole is refused, since what is left would be too much."""
    from kaito_iac.planning.plan import make_plan
    from kaito_iac.planning.request import Limits

    priced = Limits(region=limits.region, prices=limits.prices)  # what is there is held against quota and ledger here
    plan = run(f"planning {program.folder} …", lambda: make_plan(program, priced))
    if stopped := errors(plan.problems):
        raise Refused(f"{plan.project}/{plan.stack} cannot be planned", stopped)
    return plan


def _text(quota: QuotaFile, counted: Tally, own: str, page: Page) -> str:
    shown = [at for at in counted.positions if _matters(at)]
    hidden = len(counted.positions) - len(shown)
    head = f"Limits and use of {quota.date.isoformat()}{f', {quota.source}' if quota.source else ''}\n"
    parts = [head, f"This stack: {own}\n" if own else "", "\n"]
    if shown:
        parts.append(_table(("region", "family"), [[at.region, at.family] for at in shown], _figures(shown), page))
    if hidden:
        parts.append(f"{hidden} more without a limit above 0 and without usage; --json has them\n")
    if counted.budgets:
        names = [[f"{row.of} {row.name}", row.line.what] for row in counted.budgets]
        parts += ["\n", _table(("budget", "of"), names, _budget_figures(counted.budgets), page)]
    return "".join([*parts, f"\n{LEGEND}" if page.color else ""])


def _matters(at: Position) -> bool:
    """Return whether anybody may hold any of it, or does."""
    return at.quota is None or bool(at.quota.limit or at.quota.used or at.held or any(at.others.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    limit: float | None
    used: float | None
    here: float
    others: float
    left: float | None


def _figures(positions: Sequence[Position]) -> list[_Figures]:
    return [
        _Figures(
            limit=at.quota.limit if at.quota else None,
            used=at.elsewhere if at.quota else None,
            here=at.held,
            others=sum(at.others.values()),
            left=at.left if at.quota else None,
        )
        for at in positions
    ]


def _budget_figures(rows: Sequence[BudgetRow]) -> list[_Figures]:
    return [
        _Figures(limit=row.line.limit, used=None, here=row.here, others=row.line.held - row.here, left=row.left) for row in rows
    ]


def _table(names: Sequence[str], keys: list[list[str]], figures: Sequence[_Figures], page: Page) -> str:
    """Draw names and figures; the bar is last, on a terminal alone."""
    titles = ("limit", "used\nelsewhere", "other\nstacks", "this\nstack", "left")
    columns = [Column(title=title, cuts=True) for title in names]
    columns += [Column(title=title, number=True) for title in titles]
    rows = [
        [*key, *(_number(value) for value in (row.limit, row.used, row.others, row.here, row.left))]
        for key, row in zip(keys, figures, strict=True)
    ]
    if page.color:
        columns.append(Column(title=""))
        rows = [[*cells, _bar(row)] for cells, row in zip(rows, figures, strict=True)]
    return table(columns, rows, page)


def _number(value: float | None) -> str:
    from kaito_iac.quota.amount import amount

    return "-" if value is None else amount(value)


def _bar(row: _Figures) -> str:
    """Draw the shares of a limit in so many columns; what is held and small is still seen."""
    if not row.limit:
        return "!" * (row.limit is None or row.here + row.others > 0)
    text = ""
    for value, glyph in ((row.used or 0, "█"), (row.others, "▓"), (row.here, "▒")):
        text += glyph * (max(1, round(BAR * value / row.limit)) if value > 0 else 0)
    return f"{text[: BAR - 1]}!" if (row.left or 0) < 0 else text[:BAR].ljust(BAR, "░")
