"""Findings as log commands that GitHub and Azure DevOps show at lines of the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.report.model import Report
from kaito_iac.report.place import Place, all_places
from kaito_iac.report.safe import log_value

_MOST: Final = 10
"""Annotations of one level that a step of GitHub shows."""
_GITHUB: Final = {"error": "error", "warning": "warning", "info": "notice"}
_AZURE: Final = {"error": "error", "warning": "warning", "info": "warning"}


def log_commands(report: Report, platform: str = "github") -> str:
    """Return the gravest findings as log commands, no more of a level than are shown; nothing for GitLab."""
    found = list(all_places(report))
    lines = [text for severity in _GITHUB for text in _of([one for one in found if one.severity == severity], platform)]
    return "".join(f"{line}\n" for line in lines)


def _of(found: list[Place], platform: str) -> Iterator[str]:
    for place in found[:_MOST]:
        file, message = log_value(place.file), place.message.replace("%", "%25")
        if platform == "github":
            yield f"::{_GITHUB[place.severity]} file={file},line={place.line},title={log_value(place.rule)}::{message}"
        elif platform == "azure-devops":
            yield (
                f"##vso[task.logissue type={_AZURE[place.severity]};sourcepath={file};linenumber={place.line};"
                f"code={log_value(place.rule)}]{message}"
            )
