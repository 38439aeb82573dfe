"""Every format of a report by name, and all of them as files of one folder."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from kaito_iac.files import PLAN_BYTES, FileError, read_json, write_folder
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
    """Write every format into a folder; return the names of the files.

    All are written beside their places, then moved. Raises OSError, also for a file that an earlier report did not write.
    """
    foreign = next((folder / file for file in FILES.values() if not _ours(folder, file)), None)
    if foreign is not None:
        raise FileExistsError(errno.EEXIST, "no file of an earlier report; name another folder", str(foreign))
    texts = {file: text_of(report, name, platform).encode("utf-8", "replace").decode() for name, file in FILES.items()}
    write_folder(folder, texts, FILES["json"])
    return tuple(str(folder / file) for file in FILES.values())


def _ours(folder: Path, file: str) -> bool:
    """Return whether a file may be written: nothing is there, or a file beside the JSON of an earlier report."""
    path = folder / file
    if not path.exists() and not path.is_symlink():
        return True
    if path.is_symlink() or not path.is_file():
        return False
    before = folder / FILES["json"]
    try:
        return not before.is_symlink() and {"schema", "verdict", "stacks"} <= read_json(before, PLAN_BYTES).keys()
    except (FileError, AttributeError):
        return False


def _json(value: Any) -> str:
    return json.dumps(KNOWN.masked_data(value) if KNOWN else value, indent=1, allow_nan=False) + "\n"
