"""Makes text of programs and providers safe to show: all of it is untrusted until it has one of these forms."""

from __future__ import annotations

import re
from typing import Final

from kaito_iac.control import COLOR, written_out

_TICKS: Final = re.compile("`+")
_DRAWN: Final = re.compile(r"[^\w .,:/+()-]")
MOST: Final = 300
"""Characters of one text that a comment shows."""


def lines(text: str) -> str:
    """Return text of several lines without colours, with everything that is obeyed or unseen written out."""
    return written_out(COLOR.sub("", text).replace("\r\n", "\n")).replace("\t", "    ")


def line(text: str, most: int = MOST) -> str:
    """Return text on one short line."""
    whole = " ".join(lines(text).split())
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"


def code(text: str, most: int = MOST) -> str:
    """Return text as code for Markdown: no mention, number, link, mark-up or table cell begins or ends in it."""
    whole = line(text, most).replace("|", "\\|")
    if not whole:
        return "``  ``" if text else "-"
    longest = max((len(run) for run in _TICKS.findall(whole)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if whole.startswith("`") or whole.endswith(("`", "\\")) else ""
    return f"{ticks}{space}{whole}{space}{ticks}"


def fence(text: str, most: int = 4_000) -> str:
    """Return text as a block that nothing in it can end."""
    whole = lines(text).strip("\n")
    whole = whole if len(whole) <= most else f"{whole[: most - 1]}…"
    longest = max((len(run) for run in _TICKS.findall(whole)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{whole}\n{ticks}"


def drawn(text: str, most: int = 60) -> str:
    """Return text as a label of a Mermaid picture."""
    return _DRAWN.sub("·", line(text, most))


def log_value(text: str) -> str:
    """Return text as a value of a log command of GitHub or Azure DevOps."""
    return line(text, 1_000).replace("%", "%25").replace(":", "%3A").replace(",", "%2C").replace(";", "%3B").replace("]", "%5D")
