"""What can hurt, by name and never folded: losses, protected resources, findings, rules without a result, unknown values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kaito_iac.quota.amount import amount, counted
from kaito_iac.report.detail import difference_text
from kaito_iac.report.model import Finding, Loss, Report, StackReport
from kaito_iac.report.safe import code
from kaito_iac.report.section import Section

_MARKS: Final = {"error": "✗", "warning": "⚠", "info": "i"}
_SHOWN_ENDPOINTS: Final = 3


def danger_sections(report: Report) -> Iterator[Section]:
    """Return everything that must not be overlooked, of all stacks."""
    many = len(report.stacks) > 1
    pieces = (
        ("deleted and replaced", _losses),
        ("peak", _peaks),
        ("findings", _findings),
        ("declared and waived", _stated),
        ("proposals", _renames),
        ("drift", _drift),
        ("affected stacks", _affected),
        ("errors", _errors),
        ("not judged", _not_judged),
        ("not known", _unknown),
    )
    for title, rows in pieces:
        lines = grouped(((stack.key, row) for stack in report.stacks for row in rows(stack)), many=many)
        if lines:
            yield Section(title=title, lines=tuple(lines), needed=True)


def grouped(rows: Iterable[tuple[str, str]], *, many: bool) -> list[str]:
    """Return rows of stacks as items of a list, equal ones of several stacks as one."""
    keys: dict[str, list[str]] = {}
    for key, row in rows:
        keys.setdefault(row, []).append(key)
    return [f"- {_stacks(dict.fromkeys(found)) if many else ''}{row}" for row, found in keys.items()]


def _stacks(keys: Iterable[str]) -> str:
    found = list(keys)
    shown = ", ".join(code(key) for key in found[:3])
    return f"{shown} and {len(found) - 3} more stacks: " if len(found) > 3 else f"{shown}: "


def _losses(stack: StackReport) -> Iterator[str]:
    for loss in stack.losses:
        yield loss_line(loss, ran=stack.ran)


def loss_line(loss: Loss, *, ran: bool) -> str:
    """Return a deletion or replacement in one line."""
    change = loss.change
    word = {"delete": "deleted", "replace": "replaced", "delete-replaced": "old copy deleted"}.get(change.action, change.action)
    parts = [f"⚠ **{word}** {code(change.name)} ({code(change.kind)})"]
    if change.keys:
        keys = ", ".join(code(key) for key in change.keys[:6])
        parts.append(f"forced by {keys}" + (f" and {len(change.keys) - 6} more" if len(change.keys) > 6 else ""))
    parts += [_order(loss)] if change.action == "replace" else []
    if loss.gpus and not loss.stays:
        parts.append(f"{'released' if ran else 'releases'} {counted(loss.gpus, 'GPU')}")
    if loss.endpoints:
        urls = ", ".join(code(url) for url in loss.endpoints[:_SHOWN_ENDPOINTS])
        more = f" and {len(loss.endpoints) - _SHOWN_ENDPOINTS} more" if len(loss.endpoints) > _SHOWN_ENDPOINTS else ""
        away = f"for up to {loss.minutes} minutes" if loss.minutes else "" if change.action == "replace" else "for good"
        parts.append(f"{urls}{more} stops answering {away}".rstrip())
    parts += [f"**{code(loss.remark)}**"] if loss.remark else []
    return "; ".join(parts)


def _order(loss: Loss) -> str:
    order = loss.change.order
    if order == "create-first":
        return "new one first, so both exist for a while (**peak**)"
    if order == "delete-first":
        return "old one is deleted first, so neither exists for a while (**outage**)"
    return "order not known from this input"


def _peaks(stack: StackReport) -> Iterator[str]:
    for room in stack.rooms:
        if room.peak <= max(room.before, room.after):
            continue
        both = f"**peak** {code(room.family)} in {code(room.region)}: {amount(room.peak)} vCPUs while old and new nodes exist"
        span = f" ({amount(room.before)} before, {amount(room.after)} after)"
        if room.left_at_peak is None:
            yield f"{both}{span}; quota not judged"
        elif room.left_at_peak < 0:
            yield f"✗ {both}{span}; {amount(room.room or 0)} allowed: the quota refuses the update"
        else:
            yield f"{both}{span}; {amount(room.room or 0)} allowed: it holds"


def _findings(stack: StackReport) -> Iterator[str]:
    for finding in stack.findings:
        yield finding_line(finding)


def _stated(stack: StackReport) -> Iterator[str]:
    for one in stack.stated:
        mark = "**this change** " if one.new else ""
        line = f"{mark}{one.kind} {code(one.resource)}: {code(one.text, 300)}"
        yield f"{line} · {code(one.source)}" if one.source else line


def finding_line(finding: Finding) -> str:
    """Return a finding in one line, with the line of the program and the fix."""
    problem = finding.problem
    rule = finding.policy if finding.policy != "report" else ""
    head = " ".join(part for part in (_MARKS[problem.severity], code(rule) if rule else "") if part)
    text = problem.headline if problem.code != finding.policy else f"{problem.path}: {problem.found}"
    parts = [f"{head} {code(text, 600)}"]
    if finding.source:
        parts.append(code(finding.source))
    message = " · ".join(parts)
    return f"{message}<br>fix: {code(problem.fix, 600)}" if problem.fix else message


def _renames(stack: StackReport) -> Iterator[str]:
    for one in stack.renames:
        old, new = one.old.rpartition("::")[2], one.new.rpartition("::")[2]
        kind = one.type.rpartition(":")[2]
        yield (
            f"💡 {code(old)} → {code(new)} ({code(kind)}) have equal inputs: a rename? "
            f"{code(one.alias)} on {code(new)} keeps the resource instead of recreating it"
        )


def _drift(stack: StackReport) -> Iterator[str]:
    for change in stack.drift:
        paths = ", ".join(difference_text(one) for one in change.drift[:6])
        message = "gone from the cloud" if change.vanished else paths or "changed"
        yield f"**drift** {code(change.name)} ({code(change.kind)}), recorded → found: {message}"


def _affected(stack: StackReport) -> Iterator[str]:
    if stack.exports and stack.affected:
        names = ", ".join(code(name) for name in stack.affected)
        yield f"outputs {', '.join(map(code, stack.exports[:8]))} change; read by {names}"


def _errors(stack: StackReport) -> Iterator[str]:
    found = [one for one in stack.diagnostics if one.severity == "error"]
    for one in found[:10]:
        name = one.urn.rpartition("::")[2]
        yield f"✗ {code(name) + ': ' if name else ''}{code(one.message, 900)}"
    if len(found) > 10:
        yield f"and {len(found) - 10} more errors"


def _not_judged(stack: StackReport) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for one in stack.not_judged:
        groups.setdefault(one.reason, []).append(f"{code(one.rule)}{f' ({one.count})' if one.count > 1 else ''}")
    for reason, rules in groups.items():
        yield f"**not judged** ({code(reason)}): {', '.join(rules)}"


def _unknown(stack: StackReport) -> Iterator[str]:
    for who, what, why in stack.unknown[:20]:
        yield f"**not known** {code(who)}: {what} ({code(why)})"
    if len(stack.unknown) > 20:
        yield f"and {len(stack.unknown) - 20} more values that are not known"
