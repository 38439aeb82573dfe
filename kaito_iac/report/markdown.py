"""The report as the comment of a pull request: verdict and numbers, then what can hurt, then the rest folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.report import numbers
from kaito_iac.report.danger import danger_sections
from kaito_iac.report.detail import detail_sections
from kaito_iac.report.model import Report, StackReport
from kaito_iac.report.safe import code, line
from kaito_iac.report.section import LIMITS, Section, fitted

_SIGNS: Final = {"fits": "✓", "refused": "✗", "incomplete": "⚠"}
MARK: Final = "kaito-iac:report"


def markdown(report: Report, platform: str = "github") -> str:
    """Return the report as Markdown within the limit of a platform."""
    sections = [
        Section(title="verdict", lines=tuple(_head(report)), needed=True),
        *danger_sections(report),
        *_stack_table(report),
        *detail_sections(report, mermaid=platform != "azure-devops"),
    ]
    return fitted(sections, last_line(report), LIMITS[platform])


def _head(report: Report) -> Iterator[str]:
    yield f"<!-- {MARK} key={safe_key(report)} -->"
    word = "" if report.verdict == "fits" else f"{report.verdict}: "
    yield f"### {_SIGNS[report.verdict]} kaito-iac: {word}{headline(report)}"
    if len(report.stacks) > 1:
        yield ""
    for stack in report.stacks:
        if stack.reason:
            label = "refused" if stack.verdict == "refused" else "incomplete"
            yield ""
            message = f"**{label}**: {code(stack.key)}: {code(stack.reason)}"
            yield f"{message}; every number is a lower bound." if stack.at_least else message
        if stack.offline:
            yield ""
            yield f"{code(stack.key)}: two plans were compared, not the cloud: replacements and drift are not seen."
        yield from _own(stack)
        if stack.only_differences:
            yield ""
            yield f"{code(stack.key)}: the input shows only what changes, so totals leave out what stays."
    for hole in report.holes:
        yield ""
        yield f"**missing**: {code(hole)}"
    for note in report.notes:
        yield ""
        yield note


def _own(stack: StackReport) -> Iterator[str]:
    """Separate the changes of this pull request from those of its target branch."""
    if not stack.compared:
        return
    rows = [change for change in stack.changes if not change.internal]
    pending = [change for change in rows if change.pending]
    yield ""
    own = numbers.differences(stack.own_gpus, stack.own_money)
    yield f"{code(stack.key)}: from this pull request {len(rows) - len(pending)} changes, {own}; already pending {len(pending)}."


def headline(report: Report) -> str:
    """Return the first line: what changes, GPUs, money, quota."""
    stacks = report.stacks
    if not stacks:
        return "nothing was previewed"
    name = code(stacks[0].key) + (" " if len(stacks) == 1 else "")
    message = f"{name}{_what(stacks[0])}" if len(stacks) == 1 else numbers.changing(report)
    return " · ".join((message, numbers.gpus(stacks), numbers.money(stacks), numbers.quota(stacks)))


def _what(stack: StackReport) -> str:
    if not stack.changed and not stack.drift:
        return "has no changes so far" if stack.verdict == "incomplete" else "has no changes"
    return "was updated" if stack.ran else "changes"


def safe_key(report: Report) -> str:
    """Return the key by which the comment is found again."""
    key = report.key or (report.stacks[0].key if len(report.stacks) == 1 else "all")
    return "".join(letter if letter.isalnum() or letter in "._/" else "_" for letter in key)[:100]


_WORDS: Final = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "import": "taken over",
    "read": "read",
    "drift": "drift",
    "same": "unchanged",
}


def counted_actions(stack: StackReport) -> str:
    """Return the counts in words: `2 create, 1 delete, 9 unchanged`."""
    parts = [f"{number} {_WORDS.get(action, line(action, 40))}" for action, number in stack.counts.items() if number]
    return ", ".join(parts) or "nothing"


def _stack_table(report: Report) -> Iterator[Section]:
    changed = [stack for stack in report.stacks if stack.changed or stack.verdict != "fits" or stack.drift]
    quiet = [stack for stack in report.stacks if stack not in changed]
    if changed:
        rows = ["| stack | resources | GPUs | USD/month | workloads and pools |", "|---|---|---|---|---|"]
        rows += [_row(stack) for stack in changed]
        yield Section(title="stacks", lines=tuple(rows), needed=True)
    if quiet and len(report.stacks) > 1:
        names = ", ".join(code(stack.key) for stack in quiet[:40])
        more = f" and {len(quiet) - 40} more" if len(quiet) > 40 else ""
        yield Section(title="unchanged stacks", lines=(f"Without changes: {names}{more}.",))


def _row(stack: StackReport) -> str:
    gpus = numbers.gpus([stack]).replace(" · ", "<br>")
    cells = (code(stack.key), counted_actions(stack), gpus, numbers.money([stack]), _workloads(stack))
    return f"| {' | '.join(cells)} |"


def _workloads(stack: StackReport, most: int = 8) -> str:
    changed = [row for row in stack.workloads if row.before != row.after]
    parts = []
    for row in changed[:most]:
        if not row.before:
            parts.append(f"+ {code(f'{row.name}: {row.after}')}")
        elif not row.after:
            parts.append(f"- {code(f'{row.name}: {row.before}')}")
        else:
            parts.append(f"{code(row.name)} {code(row.before)} → {code(row.after)}")
    if len(changed) > most:
        parts.append(f"and {len(changed) - most} more")
    same = len(stack.workloads) - len(changed)
    if same:
        parts.append(f"{same} unchanged")
    return "<br>".join(parts) or "none"


def last_line(report: Report) -> str:
    """Return the line in which two equal runs differ: commit, time, versions, link."""
    parts = [line(f"{name} {version}", 80) for name, version in report.versions.items()]
    if report.commit:
        parts.append(f"commit {line(report.commit, 40)}")
    if report.time:
        parts.append(line(report.time, 40))
    if report.link:
        parts.append(f"<{line(report.link, 300).replace('<', '').replace('>', '').replace(' ', '%20')}>")
    return f"<sub>{' · '.join(parts)}</sub>\n" if parts else "<sub>kaito-iac</sub>\n"
