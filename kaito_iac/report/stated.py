"""What a change takes on a person's word: declared demand, and findings that a waiver lets pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from kaito_iac.demand.declared import program_declarations
from kaito_iac.report.model import Finding, Stated
from kaito_iac.stack.change import Change, EventLog
from kaito_iac.stack.resource import DECLARATION_TYPE, Resource

_WAIVED: Final = re.compile(r"; waived until (\d{4}-\d\d-\d\d) by (.+?): (.*?)(?=; expected |$)", re.DOTALL)
"""How a rule ends its finding where a waiver holds."""


def stated(log: EventLog, findings: Iterable[Finding]) -> tuple[Stated, ...]:
    """Return declarations of the stack, those of this change marked, and the waivers that its findings name."""
    return (*(one for change in log.changes for one in _declared(change)), *_waived(findings))


def _declared(change: Change) -> Iterator[Stated]:
    if change.type != DECLARATION_TYPE:
        return
    new = change.action in ("create", "update", "replace", "import")
    gone = change.action in ("delete", "discard", "delete-replaced")
    side: Any = change.before if gone else change.after or change.before
    inputs: Any = side.inputs if side is not None else {}
    for one in program_declarations([Resource(change.urn, change.type, change.name, None, inputs, source=change.source)]):
        message = f"{one.amount}: {one.reason}"
        yield Stated(
            kind="declaration",
            resource=one.resource,
            text=f"no longer declared ({message})" if gone else message,
            source=one.source,
            new=new or gone,
        )


def _waived(findings: Iterable[Finding]) -> Iterator[Stated]:
    for one in findings:
        found = _WAIVED.search(one.problem.found)
        if found is not None:
            message = (
                f"{one.policy if one.policy != 'report' else one.problem.code} until {found[1]}, {found[2]}: {found[3].strip()}"
            )
            yield Stated(kind="waiver", resource=one.problem.path, text=message, source=one.source)
