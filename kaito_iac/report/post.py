"""Keeps one comment of a pull request up to date: found by its first line, never by an older run over a newer one."""

from __future__ import annotations

import re
from typing import Final, Literal

from kaito_iac.report.forge import Comment, Forge
from kaito_iac.report.markdown import MARK, markdown, safe_key
from kaito_iac.report.model import Report

Outcome = Literal["created", "updated", "equal", "newer", "silent"]
"""What was done: `newer`: a later run wrote it already; `silent`: nothing to report, and no comment yet."""
_RUN: Final = re.compile(rf"<!-- {MARK} key=(\S+?)(?: run=(\d{{1,18}}))? -->")
_SUB: Final = re.compile(r"<sub>[^\n]*</sub>\s*\Z")


def body_of(report: Report, platform: str, run: int) -> str:
    """Return the comment with the run in its first line."""
    text = markdown(report, platform)
    first = f"<!-- {MARK} key={safe_key(report)}"
    return text.replace(f"{first} -->", f"{first} run={run} -->", 1) if run else text


def post(forge: Forge, report: Report, platform: str, *, run: int = 0) -> Outcome:
    """Write or update the comment of a report; return what was done."""
    body = body_of(report, platform, run)
    key = safe_key(report)
    blocking = report.verdict != "fits"
    found = _ours(forge, key)
    if not found:
        if not _worth(report):
            return "silent"
        forge.create(body, blocking=blocking)
        _converge(forge, key, body, run, blocking)
        return "created"
    newest = found[-1]
    if _run_of(newest) > run > 0:
        return "newer"
    for double in found[:-1]:
        forge.delete(double)
    if _same(newest.body, body):
        return "equal"
    forge.update(newest, body, blocking=blocking)
    return "updated"


def _worth(report: Report) -> bool:
    return report.verdict != "fits" or any(stack.changed or stack.findings or stack.drift for stack in report.stacks)


def _ours(forge: Forge, key: str) -> list[Comment]:
    """Return our comments with a key; one of someone else with the same first line is none of ours."""
    return [one for one in forge.comments() if one.ours and (match := _RUN.match(one.body)) and match.group(1) == key]


def _run_of(comment: Comment) -> int:
    found = _RUN.match(comment.body)
    return int(found.group(2) or 0) if found else 0


def _converge(forge: Forge, key: str, body: str, run: int, blocking: bool) -> None:
    """Leave one comment where two runs wrote their first at once: the newest, with the words of the later run."""
    found = _ours(forge, key)
    for double in found[:-1]:
        forge.delete(double)
    if len(found) > 1 and _run_of(found[-1]) < run:
        forge.update(found[-1], body, blocking=blocking)


def _same(old: str, new: str) -> bool:
    """Return whether two comments differ in nothing but the run and the last line."""
    return _bare(old) == _bare(new)


def _bare(text: str) -> str:
    return _SUB.sub("", _RUN.sub("", text.replace("\r\n", "\n"), count=1)).strip()


def outcome_text(outcome: Outcome) -> str:
    """Return what was done, in words."""
    return {
        "created": "wrote the comment",
        "updated": "updated the comment",
        "equal": "the comment is up to date",
        "newer": "a later run wrote the comment already; nothing done",
        "silent": "no changes, and no comment to update",
    }[outcome]
