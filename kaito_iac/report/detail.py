"""The folded part of a comment: quota, properties, outputs, waiting values, picture."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.quota.amount import amount, counted
from kaito_iac.report.model import ChangeRow, Report, Room, StackReport
from kaito_iac.report.safe import code, drawn
from kaito_iac.report.section import Section
from kaito_iac.stack.change import Difference

_MOST_EDGES = 60


def detail_sections(report: Report, *, mermaid: bool) -> Iterator[Section]:
    """Return what is folded, of all stacks, the most useful first."""
    many = len(report.stacks) > 1
    rooms = [_room(stack, room, many) for stack in report.stacks for room in stack.rooms]
    if rooms:
        head = "| quota family | region | before | peak | after | limit | left |", "|---|---|---|---|---|---|---|"
        yield Section(title="quota (vCPUs)", lines=(*head, *rooms), folded=True)
    changes = [(stack, change) for stack in report.stacks for change in _groups(stack)]
    if changes:
        lines = _grouped_changes(changes, many)
        yield Section(title=f"{counted(len(changes), 'change')} in detail", lines=tuple(lines), folded=True)
    exports = [(stack, name) for stack in report.stacks for name in stack.exports]
    if exports:
        lines = [f"- {code(stack.key) + ' ' if many else ''}{code(name)}" for stack, name in exports]
        yield Section(
            title=f"{counted(len(exports), 'stack output')} change{'s' if len(exports) == 1 else ''}",
            lines=tuple(lines),
            folded=True,
        )
    secrets = sum(stack.secrets for stack in report.stacks)
    remarks = [f"- {secrets} secret values among what changes, none of them shown"] if secrets else []
    skipped = sum(stack.skipped_lines for stack in report.stacks)
    remarks += [f"- {skipped} lines of the input are no events"] if skipped else []
    if remarks:
        yield Section(title="what was left out", lines=tuple(remarks), folded=True)
    picture = [edge for stack in report.stacks for edge in stack.picture]
    if picture and mermaid:
        yield Section(title="picture", lines=(_mermaid(picture),), folded=True)


def _room(stack: StackReport, room: Room, many: bool) -> str:
    family = f"{code(stack.key)} {code(room.family)}" if many else code(room.family)
    limit = "not on record" if room.limit is None else amount(room.limit)
    left = "not known" if room.left is None else amount(room.left)
    cells = (family, code(room.region), amount(room.before), amount(room.peak), amount(room.after), limit, left)
    return f"| {' | '.join(cells)} |"


def _groups(stack: StackReport) -> list[ChangeRow]:
    return [change for change in stack.changes if not change.internal]


def _grouped_changes(changes: list[tuple[StackReport, ChangeRow]], many: bool) -> list[str]:
    """Return changes as items, equal ones of several stacks as one with the number of stacks."""
    found: dict[str, list[str]] = {}
    for stack, change in changes:
        found.setdefault(_properties(change), []).append(stack.key)
    return [text.replace("- ", f"- {_label(keys)}", 1) if many else text for text, keys in found.items()]


def _label(keys: list[str]) -> str:
    return f"{code(keys[0])} " if len(keys) == 1 else f"{len(keys)} stacks, such as {code(keys[0])}: "


def _properties(change: ChangeRow) -> str:
    waiting = " · already pending" if change.pending else ""
    source = f" · {code(change.source)}" if change.source else ""
    failed = " **failed**" if change.failed else ""
    lines = [f"- {change.action}{failed} {code(change.name)} ({code(change.type)}){source}{waiting}"]
    lines += [f"  - {difference_text(one)}" for one in change.differences]
    if change.hidden_differences:
        lines.append(f"  - and {change.hidden_differences} more properties")
    return "\n".join(lines)


def difference_text(one: Difference) -> str:
    """Return one property that differs, as Markdown."""
    forced = " (**forces the replacement**)" if one.replaces else ""
    path = code(one.path, 160)
    if one.kind == "secret":
        return f"{path}: a secret, not shown{forced}"
    if one.kind == "unknown":
        return f"{path}: {code(one.before)} → known only after the update, may stay the same{forced}"
    if not one.before and not one.after:
        return f"{path}: {one.kind}{forced}"
    if one.kind == "add":
        return f"{path}: + {code(one.after)}{forced}"
    if one.kind == "delete":
        return f"{path}: - {code(one.before)}{forced}"
    return f"{path}: {code(one.before)} → {code(one.after)}{forced}"


def _mermaid(edges: list[tuple[str, str]]) -> str:
    names = list(dict.fromkeys(node for edge in edges[:_MOST_EDGES] for node in edge))
    lines = ["```mermaid", "graph LR"]
    lines += [f'  n{index}["{drawn(name)}"]' for index, name in enumerate(names)]
    lines += [f"  n{names.index(old)} --> n{names.index(new)}" for old, new in edges[:_MOST_EDGES]]
    if len(edges) > _MOST_EDGES:
        lines.append(f'  more["and {len(edges) - _MOST_EDGES} more"]')
    return "\n".join([*lines, "```"])
