"""What is printed on: how wide it is, and whether it has colours."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import Final, TextIO

NARROWEST: Final = 40
"""Columns below which nothing is made narrower."""


@dataclass(frozen=True, slots=True)
class Page:
    """Width in columns, and whether colours are wanted."""

    width: int = 80
    color: bool = False


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether the stream is a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def page_of(stream: TextIO | None) -> Page:
    """Return the page a stream is: colours only on a terminal and without NO_COLOR; 80 columns unless set otherwise."""
    color = is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Page(max(get_terminal_size((80, 24)).columns, NARROWEST), color)


PLAINLY: Final = "kaito_iac.plainly"
"""Name of the way to write what an encoding lacks."""
_ASCII: Final = str.maketrans({"├": "|", "└": "`", "│": "|", "─": "-", "…": "...", "\N{MULTIPLICATION SIGN}": "x"})


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Write lines of a tree and the like in ASCII, and anything else as its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(_ASCII)
    return lacking.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(PLAINLY, _plainly)
