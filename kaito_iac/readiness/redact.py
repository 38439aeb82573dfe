"""Text from a cluster made fit to be shown: on one line, short, and without secrets."""

from __future__ import annotations

import re
from typing import Final

from kaito_iac.secrecy import KNOWN

LONGEST: Final = 400
"""Characters of evidence that are shown."""

_SECRETS: Final = re.compile(
    r"hf_[A-Za-z0-9]{6,}"
    r"|(?i:bearer\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
    r"|(?<=[?&]sig=)[^&\s\"']+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?i:(?<=token=)|(?<=password=)|(?<=secret=)|(?<=accountkey=))[^\s&;,\"']+"
)
"""Tokens of Hugging Face, bearer and JSON web tokens, signatures, passwords in addresses and settings."""


def one_line(found: str, longest: int = LONGEST) -> str:
    """Return a message on one line, cut in the middle of nothing that matters: its start is kept."""
    line = _SECRETS.sub("[secret]", KNOWN.masked(" ".join(found.split())))
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def minutes(seconds: float) -> str:
    """Return a time in the words of a person."""
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 100 * 60:
        return f"{round(seconds / 60)} min"
    if seconds < 72 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{round(seconds / 86400)} days"
