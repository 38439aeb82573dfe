"""What GitLab shows of a report without a comment: findings in Code Quality, and the counts of the merge request widget."""

from __future__ import annotations

from typing import Any, Final

from kaito_iac.report.model import Report
from kaito_iac.report.place import all_places

_SEVERITIES: Final = {"error": "blocker", "warning": "major", "info": "info"}
_CREATING: Final = ("create", "import")


def code_quality(report: Report) -> list[dict[str, Any]]:
    """Return the findings as GitLab's Code Quality reads them."""
    return [
        {
            "description": place.message,
            "check_name": place.rule,
            "fingerprint": place.fingerprint,
            "severity": _SEVERITIES[place.severity],
            "location": {"path": place.file, "lines": {"begin": place.line}},
        }
        for place in all_places(report)
    ]


def gitlab_counts(report: Report) -> dict[str, int]:
    """Return what is created, updated and deleted; a replacement counts as both, as Terraform counts it."""
    found = {"create": 0, "update": 0, "delete": 0}
    for stack in report.stacks:
        for action, number in stack.counts.items():
            if action in _CREATING:
                found["create"] += number
            elif action in ("delete", "delete-replaced"):
                found["delete"] += number
            elif action == "replace":
                found["create"] += number
                found["delete"] += number
            elif action not in ("same", "read", "drift", "discard", "discard-replaced"):
                found["update"] += number
    return found
