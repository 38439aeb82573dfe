"""What only several stacks side by side show: who reads an output that changes, and a quota that holds each and not all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kaito_iac.problem import Problem
from kaito_iac.quota.amount import amount, counted
from kaito_iac.report.findings import ordered, own_finding
from kaito_iac.report.model import StackReport, Verdict


def together(stacks: Sequence[StackReport]) -> tuple[StackReport, ...]:
    """Return the stacks with the readers of their changed outputs, and refused where all of them exceed a quota."""
    return tuple(_over(_with_readers(stack, stacks), stacks) for stack in stacks)


def _with_readers(stack: StackReport, stacks: Sequence[StackReport]) -> StackReport:
    readers = tuple(one.key for one in stacks if stack.key in one.references and one.key != stack.key)
    return replace(stack, affected=readers if stack.exports else ())


def _over(stack: StackReport, stacks: Sequence[StackReport]) -> StackReport:
    problems = []
    for room in stack.rooms:
        if room.left is None or room.left < 0 or room.after <= room.before:
            continue
        more = {
            one.key: other.after - other.before
            for one in stacks
            for other in one.rooms
            if one.key != stack.key and (other.family, other.region) == (room.family, room.region) and other.after > other.before
        }
        if sum(more.values()) > room.left:
            names = ", ".join(sorted(more))
            message = (
                f"fits alone, not with {names}: that adds {counted(sum(more.values()), 'vCPU')}, {amount(room.left)} are left"
            )
            problems.append(
                Problem("KQ161", f"{room.family} in {room.region}", message, "", "raise the quota, or update one of them")
            )
    if not problems:
        return stack
    findings = ordered((*stack.findings, *map(own_finding, problems)))
    errors = sum(one.problem.severity == "error" for one in findings)
    verdict: Verdict = "refused"
    return replace(stack, findings=findings, verdict=verdict, reason=f"{errors} mandatory finding{'s' if errors > 1 else ''}")
