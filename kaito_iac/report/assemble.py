"""Makes the report of one stack from what an engine did, and of several from those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from kaito_iac.demand.demand import with_gpus
from kaito_iac.demand.range import Range
from kaito_iac.planning.exception import NO_EXCEPTIONS
from kaito_iac.planning.pricing import prices_of
from kaito_iac.problem import Unknown
from kaito_iac.report.findings import (
    Facts,
    not_judged,
    ordered,
    own_finding,
    policy_findings,
    quota_findings,
    quota_positions,
)
from kaito_iac.report.fixed_at_creation import fixed_problems
from kaito_iac.report.loss import losses
from kaito_iac.report.model import QUOTA, Finding, Room, StackReport, Verdict, change_row
from kaito_iac.report.peak import peak_problems, rooms
from kaito_iac.report.rename import renames
from kaito_iac.report.side import Sides, excepted, existing, gpus, money, sides
from kaito_iac.report.stated import stated
from kaito_iac.report.workloads import picture, workload_rows
from kaito_iac.stack.change import QUIET, EventLog, State
from kaito_iac.stack.preview_document import in_repository
from kaito_iac.stack.reading import field
from kaito_iac.stack.run_end import broken_off

Sources = Mapping[str, str] | None
"""File and line of the program by URN."""


def stack_report(log: EventLog, facts: Facts | None = None, sources: Sources = None, found: Sides | None = None) -> StackReport:
    """Return the report of one stack; `found` is what both sides hold, where that is known already."""
    facts = facts or Facts()
    log = _placed(log, sources or {}, facts.root)
    found = found or sides(log, facts.region, prices_of(facts.prices, facts.quota)[0], facts.policy_config)
    room = rooms(found, log.changes, quota_positions(found.after, facts, f"{log.project}/{log.stack}"))
    findings = _judged(log, found, facts, room)
    verdict, reason = _verdict(log, findings)
    return StackReport(
        project=log.project,
        stack=log.stack,
        verdict=verdict,
        ran=log.summary is not None and not log.summary.preview,
        reason=reason,
        at_least=not log.complete,
        only_differences=not log.whole,
        changes=tuple(change_row(change) for change in log.changes if change.action not in QUIET),
        counts=_counts(log),
        engine_counts=dict(log.summary.counts) if log.summary else {},
        gpus=gpus(found),
        existing=existing(found),
        money=money(found),
        rooms=room,
        quota_judged=facts.quota is not None,
        losses=losses(log, found),
        findings=findings,
        stated=stated(log, findings),
        not_judged=not_judged(log, complete=log.complete),
        unknown=_unknown(found),
        workloads=workload_rows(log, found),
        renames=renames(log.changes),
        exports=_exports(log),
        drift=tuple(change_row(change) for change in log.changes if change.drifted and not change.internal),
        diagnostics=log.diagnostics,
        picture=picture(log, found),
        secrets=_secrets(log),
        references=_references(log),
        events=log.events,
        skipped_lines=log.skipped_lines,
    )


def _judged(log: EventLog, found: Sides, facts: Facts, room: Sequence[Room]) -> tuple[Finding, ...]:
    """Return what policies, quota and the peak of the update have against it."""
    granted, wrong = excepted(log, facts.policy_config) if facts.policy_config is not None else (NO_EXCEPTIONS, ())
    policies = policy_findings(log)
    known = {(one.problem.code, one.problem.found) for one in policies}
    wrong = tuple(problem for problem in wrong if (problem.code, problem.found) not in known)
    wrong = (*fixed_problems(log.changes), *prices_of(facts.prices, facts.quota)[1], *wrong)
    own = [own_finding(problem) for problem in (*peak_problems(room), *wrong)]
    limits = quota_findings(found.after, facts, facts.today or _day(log), granted.waiving)
    return ordered((*policies, *limits, *own))


def _placed(log: EventLog, sources: Mapping[str, str], root: str) -> EventLog:
    """Return the log with lines of the program relative to the repository, in an order that equal runs share."""
    changes = (replace(one, source=in_repository(one.source or sources.get(one.urn, ""), root)) for one in log.changes)
    return replace(log, changes=tuple(sorted(changes, key=lambda change: change.urn)))


def _day(log: EventLog) -> date:
    return datetime.fromtimestamp(log.last_timestamp, UTC).date() if log.last_timestamp else date(1970, 1, 1)


def _verdict(log: EventLog, findings: Sequence[Finding]) -> tuple[Verdict, str]:
    """Decide by what the events show: a violation and a crash end with the same exit code."""
    mandatory = [one for one in findings if one.problem.severity == "error"]
    broken = broken_off(log, explained=bool(mandatory))
    if mandatory:
        number = f"{len(mandatory)} mandatory finding{'s' if len(mandatory) > 1 else ''}"
        return "refused", f"{number}; {broken}" if broken else number
    return ("incomplete", broken) if broken else ("fits", "")


def _counts(log: EventLog) -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in log.changes:
        if not change.internal:
            action = "drift" if change.action == "refresh" and change.drifted else change.action
            action = "same" if action == "refresh" else action
            counts[action] = counts.get(action, 0) + 1
    counts["same"] = counts.get("same", 0) + log.same
    return {action: counts[action] for action in sorted(counts, key=lambda name: (name == "same", name))}


def _unknown(found: Sides) -> tuple[tuple[str, str, str], ...]:
    rows: dict[tuple[str, str, str], None] = {}
    for held in with_gpus(found.after):
        values: dict[str, object] = (
            {"GPUs": held.gpus, "vCPUs": held.vcpus, "USD a month": held.usd_per_month} if held.bought else {"nodes": held.nodes}
        )
        if held.bought and isinstance(held.vcpus, Range) and held.vcpus.high:
            values[QUOTA] = held.families
        for what, value in values.items():
            if isinstance(value, Unknown):
                rows[(held.component or held.resource, what, value.reason)] = None
    return tuple(rows)


def _exports(log: EventLog) -> tuple[str, ...]:
    """Return the outputs of the stack that change, come or go; of a run that ended early nothing is known."""
    if log.summary is None or log.summary.result != "succeeded":
        return ()
    old, new = log.exports_before, log.exports_after
    return tuple(name for name in sorted({*old, *new}) if old.get(name) != new.get(name))


def _references(log: EventLog) -> tuple[str, ...]:
    """Return the stacks whose outputs are read, as project/stack."""
    names = (
        field((one.after or one.before or State(inputs={})).inputs, "name")
        for one in log.changes
        if one.type == "pulumi:pulumi:StackReference"
    )
    return tuple(sorted({"/".join(name.split("/")[-2:]) for name in names if isinstance(name, str)}))


def _secrets(log: EventLog) -> int:
    return sum(change.secrets for change in log.changes)
