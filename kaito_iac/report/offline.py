"""Compares the plans of base and head, made without engine, cluster or credentials: what forks may run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kaito_iac.planning.plan import Plan, make_plan
from kaito_iac.planning.request import Limits, Program
from kaito_iac.report.assemble import stack_report
from kaito_iac.report.findings import Facts, ordered, own_finding
from kaito_iac.report.model import StackReport
from kaito_iac.report.side import Sides
from kaito_iac.report.stated import stated
from kaito_iac.stack.change import Change, EventLog, State, Summary
from kaito_iac.stack.event_value import A_SECRET, MOST_DIFFERENCES, differences, digest
from kaito_iac.stack.resource import Resource, Secret


def compared(
    program: Path,
    base: Path | None,
    *,
    stack: str | None,
    packs: Sequence[Path] = (),
    policy_config: Path | None = None,
    facts: Facts | None = None,
) -> StackReport:
    """Plan a program as it is and as it was, and return the report of the difference."""
    facts = facts or Facts()
    limits = Limits(region=facts.region, prices=facts.prices)
    head = make_plan(Program(program, stack), limits, packs=packs, policy_config=policy_config)
    old = make_plan(Program(base, stack), limits, policy_config=policy_config) if base is not None and base.is_dir() else None
    return plan_report(head, old, facts)


def plan_report(head: Plan, base: Plan | None, facts: Facts | None = None) -> StackReport:
    """Return the report of the difference of two plans; without a base everything is new."""
    found = Sides(before=base.demands if base else (), after=head.demands)
    log = plan_log(head, base)
    report = stack_report(log, facts, found=found)
    problems = [own_finding(problem) for problem in head.problems]
    findings = ordered((*problems, *report.findings))
    wrong = [one for one in findings if one.problem.severity == "error"]
    verdict, reason = report.verdict, report.reason
    if not head.complete:
        verdict, reason = "incomplete", "the program ended with an error"
    elif wrong:
        verdict, reason = "refused", f"{len(wrong)} mandatory finding{'s' if len(wrong) > 1 else ''}"
    return replace(report, findings=findings, stated=stated(log, findings), verdict=verdict, reason=reason, offline=True)


def plan_log(head: Plan, base: Plan | None) -> EventLog:
    """Return two plans as what an engine would do, as far as plans show it."""
    old = {resource.urn: resource for resource in base.resources} if base else {}
    new = {resource.urn: resource for resource in head.resources}
    changes = [_change(old.get(urn), new.get(urn)) for urn in dict.fromkeys((*new, *old))]
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    return EventLog(
        project=head.project,
        stack=head.stack,
        changes=tuple(changes),
        same=0,
        summary=Summary(counts=counts, result="succeeded", preview=True) if head.complete else None,
        exports_before=base.exports if base else {},
        exports_after=head.exports,
        events=len(changes),
    )


def _change(old: Resource | None, new: Resource | None) -> Change:
    side = new or old
    assert side is not None
    before, after = _plain(old.inputs) if old else {}, _plain(new.inputs) if new else {}
    rows = list(differences(before, after, kind=side.type.rpartition(":")[2])) if old and new else []
    step = "create" if old is None else "delete" if new is None else "update" if rows else "same"
    step = "read" if side.read and step != "delete" else step
    parent = (side.parent or "").rpartition("::")[2]
    return Change(
        urn=side.urn,
        type=side.type,
        steps=(step,),
        before=_state(old, before) if old else None,
        after=_state(new, after) if new else None,
        differences=tuple(rows[:MOST_DIFFERENCES]),
        hidden_differences=max(len(rows) - MOST_DIFFERENCES, 0),
        digest=digest(before, (side.name, parent)) if step == "delete" else "",
        new_digest=digest(after, (side.name, parent)) if step == "create" else "",
    )


def _state(resource: Resource, inputs: Mapping[str, Any]) -> State:
    outputs = _plain(resource.outputs)
    return State(
        inputs=inputs,
        outputs=outputs if isinstance(outputs, dict) and not resource.custom else {},
        parent=resource.parent,
        custom=resource.custom,
        external=resource.read,
        protect=resource.options.protect,
        retain=resource.options.retain_on_delete,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return A_SECRET
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
