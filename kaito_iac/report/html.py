"""The report as one HTML page without network: tables, bars as SVG, light and dark, its JSON inside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Final

from kaito_iac.quota.amount import amount, counted
from kaito_iac.report import numbers
from kaito_iac.report.document import report_json
from kaito_iac.report.html_style import SCRIPT, STYLE
from kaito_iac.report.model import Finding, Loss, Report, Room, StackReport
from kaito_iac.report.safe import line
from kaito_iac.stack.change import Difference

_WORDS: Final = {"fits": "fits", "refused": "refused", "incomplete": "incomplete"}
_MOST_ROWS: Final = 2_000
"""Rows of one table; the JSON inside the page holds all."""


def html(report: Report) -> str:
    """Return the page."""
    body = "\n".join([_head(report), *(_stack(stack) for stack in report.stacks), _foot(report)])
    data = json.dumps(report_json(report), allow_nan=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        f"script-src 'unsafe-inline'\">\n"
        f"<title>kaito-iac: {_t(_title(report))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#stacks">Skip to the stacks</a>\n<main>\n{body}\n</main>\n'
        f'<script type="application/json" id="report">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n'
    )


def _t(text: str, most: int = 400) -> str:
    return escape(line(text, most))


def _title(report: Report) -> str:
    return report.stacks[0].key if len(report.stacks) == 1 else f"{len(report.stacks)} stacks"


def _head(report: Report) -> str:
    stacks = report.stacks
    cards = "".join(
        f'<div class="card"><span>{name}</span><strong>{_t(text)}</strong></div>'
        for name, text in (
            ("GPUs", numbers.gpus(stacks)),
            ("USD a month", numbers.money(stacks).removesuffix(" USD/month")),
            ("Quota", numbers.quota(stacks)),
        )
    )
    holes = "".join(f"<li>missing: {_t(hole)}</li>" for hole in report.holes)
    notes = "".join(f"<li>{_t(note)}</li>" for note in report.notes)
    listed = f"<ul>{holes}{notes}</ul>" if holes or notes else ""
    return (
        f'<header><h1><span class="verdict {report.verdict}">{_WORDS[report.verdict]}</span> {_t(_title(report))}</h1>'
        f'<p>{_t(numbers.changing(report))}</p><div class="cards">{cards}</div>{listed}'
        f'<label class="filter">Filter <input type="search" id="filter" placeholder="resource, property, rule"></label></header>'
        f'<div id="stacks"></div>'
    )


def _stack(stack: StackReport) -> str:
    parts = [
        _reason(stack),
        _table("Deleted and replaced", ("resource", "what", "forced by", "order", "endpoints"), map(_loss, stack.losses)),
        _table("Findings", ("severity", "finding", "fix", "line"), map(_finding, stack.findings)),
        _table(
            "Declared and waived",
            ("what", "resource", "says", "line", "in this change"),
            ((one.kind, _t(one.resource), _t(one.text, 400), _t(one.source), "yes" if one.new else "no") for one in stack.stated),
        ),
        _table("Not judged", ("rule", "reason"), ((_t(one.rule), _t(one.reason)) for one in stack.not_judged)),
        _table("Not known", ("who", "what", "why"), (tuple(map(_t, row)) for row in stack.unknown)),
        _rooms(stack),
        _bars("USD a month", [("before", stack.money.before.known.expected), ("after", stack.money.after.known.expected)]),
        _table(
            "Workloads and pools",
            ("name", "before", "after", "endpoint"),
            ((_t(row.name), _t(row.before) or "-", _t(row.after) or "-", _t(row.endpoint)) for row in stack.workloads),
        ),
        _table("Topology", ("from", "to"), ((_t(old), _t(new)) for old, new in stack.picture)),
        _changes(stack),
    ]
    inner = "\n".join(part for part in parts if part)
    return f'<section><h2><span class="verdict {stack.verdict}">{stack.verdict}</span> {_t(stack.key)}</h2>\n{inner}</section>'


def _reason(stack: StackReport) -> str:
    counts = ", ".join(f"{number} {_t(action, 40)}" for action, number in stack.counts.items() if number)
    lower = " Every number is a lower bound." if stack.at_least else ""
    reason = f"<p><strong>{_t(stack.reason)}</strong>.{lower}</p>" if stack.reason else ""
    return f"<p>{counts or 'nothing'}</p>{reason}"


def _loss(loss: Loss) -> tuple[str, ...]:
    change = loss.change
    away = f" up to {loss.minutes} min" if loss.minutes else ""
    what = " ".join(part for part in (change.action, f"({loss.remark})" if loss.remark else "") if part)
    keys, urls = ", ".join(change.keys), ", ".join(loss.endpoints)
    return _t(change.name) + f"<br><small>{_t(change.type)}</small>", _t(what), _t(keys), _t(change.order), _t(urls + away)


def _finding(finding: Finding) -> tuple[str, ...]:
    problem = finding.problem
    return problem.severity, _t(problem.headline, 800), _t(problem.fix, 800), _t(finding.source)


def _rooms(stack: StackReport) -> str:
    rows = [(_t(room.family), _t(room.region), *_cells(room)) for room in stack.rooms]
    table = _table("Quota, vCPUs", ("family", "region", "before", "peak", "after", "limit", "left"), rows)
    bars = "".join(
        _bars(
            f"{line(room.family)}, {line(room.region)}",
            [("before", room.before), ("peak", room.peak), ("after", room.after)],
            room.room,
        )
        for room in stack.rooms
    )
    return table + bars


def _cells(room: Room) -> tuple[str, ...]:
    limit = "not on record" if room.limit is None else amount(room.limit)
    return amount(room.before), amount(room.peak), amount(room.after), limit, "-" if room.left is None else amount(room.left)


def _bars(title: str, values: list[tuple[str, float]], limit: float | None = None) -> str:
    most = max([value for _, value in values] + [limit or 0, 1])
    if not any(value for _, value in values):
        return ""
    rows = []
    for index, (name, value) in enumerate(values):
        over = " over" if limit is not None and value > limit else ""
        rows.append(
            f'<text x="0" y="{20 * index + 14}">{name}</text><rect class="bar{over}" x="60" y="{20 * index + 3}" '
            f'width="{max(300 * value / most, 1):.1f}" height="14"/>'
            f'<text x="366" y="{20 * index + 14}">{amount(round(value))}</text>'
        )
    at = (
        f'<line x1="{60 + 300 * limit / most:.1f}" x2="{60 + 300 * limit / most:.1f}" y1="0" y2="{20 * len(values)}"/>'
        if limit
        else ""
    )
    message = "; ".join(f"{name} {amount(round(value))}" for name, value in values)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 440 {20 * len(values)}" role="img" '
        f'aria-label="{escape(title)}: {message}">{"".join(rows)}{at}</svg></figure>'
    )


def _changes(stack: StackReport) -> str:
    rows = []
    for change in stack.changes:
        if change.internal:
            continue
        cell = "<br>".join(_difference(one) for one in change.differences) or "-"
        rows.append((_t(change.name) + f"<br><small>{_t(change.type)}</small>", _t(change.action), cell, _t(change.source)))
    table = _table("Every change", ("resource", "action", "properties", "line"), rows)
    return f"<details><summary>{counted(len(rows), 'change')} in detail</summary>{table}</details>" if rows else ""


def _difference(one: Difference) -> str:
    if one.kind == "secret":
        return f"{_t(one.path)}: a secret, not shown"
    forced = " (forces the replacement)" if one.replaces else ""
    return f"{_t(one.path)}: {_t(one.before) or '-'} → {_t(one.after) or '-'}{forced}"


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    found = list(rows)
    if not found:
        return ""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in found[:_MOST_ROWS])
    more = f"<p>and {len(found) - _MOST_ROWS} more in the JSON of this page</p>" if len(found) > _MOST_ROWS else ""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<h3>{escape(title)}</h3><div class="wide" tabindex="0" role="region" aria-label="{escape(title)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _foot(report: Report) -> str:
    parts = [f"{name} {version}" for name, version in report.versions.items()]
    parts += [f"commit {report.commit}"] if report.commit else []
    parts += [report.time] if report.time else []
    return f"<footer>{_t(' · '.join(parts), 800)}</footer>"
