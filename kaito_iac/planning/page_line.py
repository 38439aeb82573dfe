"""Lines of a plan for people: clean of control characters, and as wide as the page."""

from __future__ import annotations

import textwrap


def clean(text: str) -> str:
    """Return a text on one line without control characters, which a name could smuggle into a terminal."""
    text = " ".join(text.splitlines()) if "\n" in text else text
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text.replace("\t", "    ")
    )


def cut(text: str, columns: int) -> str:
    """Return a text of so many columns at most."""
    return text if len(text) <= columns else text[: columns - 1] + "…"


def wrapped(text: str, indent: int, width: int, hang: int = 0) -> list[str]:
    """Return a text in lines of the width, the first and the further ones indented."""
    first, rest = " " * indent, " " * (hang or indent)
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def indented(lines: list[str], indent: int, width: int) -> list[str]:
    """Return further lines of a text, such as a traceback, each with the indentation it has."""
    shown = []
    for line in map(clean, lines):
        own = len(line) - len(line.lstrip())
        shown += wrapped(line.lstrip(), indent + min(own, 20), width)
    return shown
