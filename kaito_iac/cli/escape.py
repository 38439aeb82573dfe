"""Makes text from outside safe to show: what a terminal would obey is written out instead."""

from __future__ import annotations

import re
from typing import Any, Final

from kaito_iac.control import written_out
from kaito_iac.problem import Problem, listing

_COLOUR: Final = re.compile(r"(\x1b\[\d{0,2}m)")
"""What makes text bold or coloured, and plain again."""


def lines(text: str) -> str:
    """Return text of several lines with everything a terminal obeys written out; line ends stay."""
    return written_out(text).replace("\t", "    ")


def printed(text: str, *, color: bool) -> str:
    """Return an answer with everything a terminal obeys written out, but tabs, line ends and wanted colours."""
    if not color:
        return written_out(text)
    return "".join(part if index % 2 else written_out(part) for index, part in enumerate(_COLOUR.split(text)))


def line(text: str) -> str:
    """Return text on one line with everything a terminal obeys written out."""
    return written_out(text).replace("\n", "\\n").replace("\t", "\\t")


def cut(text: str, width: int) -> str:
    """Return the text, shortened with an ellipsis when it is longer than the width."""
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def value(found: Any, width: int = 60) -> str:
    """Return a value from outside as Python writes it, on one line and short."""
    return cut(line(repr(found)), width)


def problem(found: Problem) -> Problem:
    """Return a problem whose every word is safe to show."""
    texts = {key: line(getattr(found, key)) for key in ("code", "path", "found", "accepted", "fix")}
    return Problem(**texts, severity=found.severity)


def problems(title: str, found: tuple[Problem, ...]) -> str:
    """Return the listing of problems, safe to show."""
    return listing(line(title), tuple(problem(one) for one in found))
