"""Findings as places in files: what SARIF, Code Quality and annotations have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from kaito_iac.problem import Severity
from kaito_iac.report.model import Report, StackReport
from kaito_iac.report.safe import line


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One finding with its place in the repository."""

    rule: str
    title: str
    severity: Severity
    message: str
    file: str
    line: int
    known: bool
    """Whether the program's line is known; else it points at the project file."""
    fingerprint: str
    """Stays the same while lines move."""


def places(stack: StackReport, root: str = "") -> Iterator[Place]:
    """Return every finding and every deletion of a stack with its place."""
    for finding in stack.findings:
        problem = finding.problem
        fix = f" Fix: {problem.fix}." if problem.fix else ""
        message = line(f"{stack.key}: {problem.headline}{fix}", 2_000)
        rule = problem.code or finding.policy
        mark = (stack.key, rule, finding.urn, problem.path)
        yield _place(rule, finding.policy or rule, problem.severity, message, finding.source, mark)
    for loss in stack.losses:
        change = loss.change
        if change.internal:
            continue
        keys = f", forced by {', '.join(change.keys)}" if change.keys else ""
        message = line(f"{stack.key}: {change.action} of {change.name} ({change.kind}){keys}", 2_000)
        mark = (stack.key, "loss", change.urn, change.action)
        yield _place(f"kaito-iac/{change.action}", "Deleted or replaced resource", "warning", message, change.source, mark)


def _place(rule: str, title: str, severity: Severity, message: str, source: str, mark: tuple[str, ...]) -> Place:
    file, _, number = source.rpartition(":")
    known = bool(file) and number.isdecimal()
    return Place(
        rule=line(rule, 120),
        title=line(title, 120),
        severity=severity,
        message=message,
        file=file if known else "Pulumi.yaml",
        line=int(number) if known else 1,
        known=known,
        fingerprint=sha256("\0".join(mark).encode(errors="replace")).hexdigest(),
    )


def all_places(report: Report) -> Iterator[Place]:
    """Return the places of all stacks."""
    for stack in report.stacks:
        yield from places(stack)
