"""Holds the text of a pull request against what it destroys."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.quota.amount import counted
from kaito_iac.report.model import Report
from kaito_iac.report.safe import code


def description_notes(report: Report, text: str) -> Iterator[str]:
    """Report destroyed resources when the text names none of them."""
    names = [loss.change.name for stack in report.stacks for loss in stack.losses if not loss.change.internal]
    if names and not any(name.lower() in text.lower() for name in names):
        shown = ", ".join(code(name) for name in names[:3])
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"The description names none of the {counted(len(names), 'resource')} that it destroys: {shown}{more}."
