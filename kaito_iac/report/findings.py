"""Findings about a change: policies, quota, the peak of the update; and which rules have no result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from kaito_iac.demand.demand import Demand
from kaito_iac.planning.judgement import quota_problems, where
from kaito_iac.problem import SEVERITIES, Problem
from kaito_iac.quota.balance import Position
from kaito_iac.quota.file import quotas, read_quota
from kaito_iac.quota.ledger import identity, read_ledger
from kaito_iac.quota.tally import tally
from kaito_iac.report.model import Finding, NotJudged
from kaito_iac.stack.change import EventLog, PackRun, Violation
from kaito_iac.stack.problem_text import violation_problem

_UNDECIDED: Final = "unknown ("


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Inputs of a report beside the events."""

    quota: Path | None = None
    ledger: tuple[Path, ...] = ()
    subscription: str = ""
    region: str | None = None
    policy_config: Path | None = None
    """Policy configuration, whose waivers and declared demand hold for the quota file too."""
    prices: Path | None = None
    """Price file; None: the quota file's prices, else list prices."""
    root: str = ""
    """Folder of Pulumi.yaml inside the repository."""
    today: date | None = None
    """Day of the report; None: the day of the events."""


def policy_findings(log: EventLog) -> list[Finding]:
    """Return every violation as a finding, with the line of the program where it is known."""
    sources = {change.urn: change.source for change in log.changes}
    names = {change.urn: change.name for change in log.changes}
    stack = next((change.urn for change in log.changes if change.type == "pulumi:pulumi:Stack"), "")
    return [
        _finding(violation, "" if violation.urn == stack else names.get(violation.urn, ""), sources.get(violation.urn, ""))
        for violation in log.violations
    ]


def _finding(violation: Violation, name: str, source: str) -> Finding:
    problem = violation_problem(violation)
    problem = replace(problem, path=where(name or violation.urn.rpartition("::")[2], problem.path))
    return Finding(problem=problem, policy=violation.policy, pack=violation.pack, urn=violation.urn, source=source)


def own_finding(problem: Problem) -> Finding:
    """Return a finding of this report."""
    return Finding(problem=problem, policy="report")


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings once each, the gravest first."""
    return tuple(sorted(dict.fromkeys(found), key=_gravity))


def _gravity(one: Finding) -> tuple[int, str, str, str]:
    return SEVERITIES.index(one.problem.severity), one.problem.code, one.problem.path, one.problem.found


def quota_findings(found: Sequence[Demand], facts: Facts, today: date, waiving: object = None) -> list[Finding]:
    """Hold what the stack creates after the update against quota and budgets; `waiving` is the setting of waivers."""
    problems = quota_problems(found, facts.quota, today, ledger=facts.ledger, subscription=facts.subscription, waiving=waiving)
    return [own_finding(problem) for problem in problems]


def quota_positions(found: Sequence[Demand], facts: Facts, own: str) -> tuple[Position, ...]:
    """Return what of every quota is left; none without a quota file that can be read."""
    file = read_quota(facts.quota)[0] if facts.quota is not None else None
    if file is None:
        return ()
    table, problems = quotas(file, facts.subscription)
    if problems:
        return ()
    plans = read_ledger(facts.ledger, own).plans if facts.ledger else ()
    return tally(found, plans, table, file.budgets, own=own or identity(found), region=facts.region or "").positions


def not_judged(log: EventLog, *, complete: bool) -> tuple[NotJudged, ...]:
    """Return the rules without a result: the run ended before them, or what they need is not known."""
    found = [*_never_ran(log)] if not complete else []
    undecided: dict[str, int] = {}
    for violation in log.violations:
        if _UNDECIDED in violation.message:
            undecided[violation.policy] = undecided.get(violation.policy, 0) + 1
    found += [NotJudged(rule=rule, reason="a value is not known yet", count=number) for rule, number in undecided.items()]
    return tuple(found)


def _never_ran(log: EventLog) -> Iterator[NotJudged]:
    violated = {(violation.pack, violation.policy) for violation in log.violations}
    for run in log.packs:
        if not run.stack:
            reason = "the run ended before the whole stack could be judged"
            known = [rule for rule in _stack_rules(run) if (run.name, rule) not in violated]
            if known:
                yield from (NotJudged(rule=f"{run.name}/{rule}", reason=reason) for rule in known)
            else:
                yield NotJudged(rule=f"{run.name}: every rule about the whole stack", reason=reason)


def _stack_rules(run: PackRun) -> list[str]:
    """Return the rules about whole stacks of a pack of ours that have no result."""
    from kaito_iac.rules import gpu_quota, guardrails
    from kaito_iac.rules.rule import StackRule

    rules = {gpu_quota.NAME: gpu_quota.RULES, guardrails.NAME: guardrails.RULES}.get(run.name, ())
    return [rule.name for rule in rules if isinstance(rule, StackRule) and rule.name not in {**run.passed, **run.failed}]
