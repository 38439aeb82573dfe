"""Every format of a report by name, and all of them as files of one folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from kaito_iac.report.annotation import log_commands
from kaito_iac.report.code_quality import code_quality, gitlab_counts
from kaito_iac.report.document import report_json
from kaito_iac.report.html import html
from kaito_iac.report.markdown import markdown
from kaito_iac.report.model import Report
from kaito_iac.report.sarif import sarif
from kaito_iac.secrecy import KNOWN

FILES: Final[Mapping[str, str]] = {
    "comment": "comment.md",
    "summary": "summary.md",
    "json": "report.json",
    "sarif": "report.sarif",
    "code-quality": "code-quality.json",
    "gitlab": "gitlab-terraform.json",
    "html": "report.html",
}
"""Format to the name of its file."""
_DATA: Final = ("json", "sarif", "code-quality", "gitlab")
"""Formats whose data is cleaned of known secrets before it is written."""


def text_of(report: Report, name: str, platform: str = "github") -> str:
    """Return the report in a format."""
    made: Mapping[str, Callable[[], str]] = {
        "comment": lambda: markdown(report, platform),
        "summary": lambda: markdown(report, "summary"),
        "json": lambda: _json(report_json(report)),
        "sarif": lambda: _json(sarif(report)),
        "code-quality": lambda: _json(code_quality(report)),
        "gitlab": lambda: _json(gitlab_counts(report)),
        "html": lambda: html(report),
        "annotations": lambda: log_commands(report, platform),
    }
    return made[name]() if name in _DATA else KNOWN.masked(made[name]())


def write_all(report: Report, folder: Path, platform: str = "github") -> tuple[str, ...]:
    """Write every format into a folder; return the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in FILES.items():
        (folder / file).write_text(text_of(report, name, platform), encoding="utf-8", errors="replace")
    return tuple(str(folder / file) for file in FILES.values())


def _json(value: Any) -> str:
    return json.dumps(KNOWN.masked_data(value) if KNOWN else value, indent=1, allow_nan=False) + "\n"
