"""Pieces of a comment, and what is left out of it where a platform takes no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LIMITS: Final[Mapping[str, int]] = {"github": 60_000, "gitlab": 900_000, "azure-devops": 140_000, "summary": 1_000_000}
"""Bytes of UTF-8 that a report may have on each platform; below what they refuse."""
_NOTE: Final = 400
"""Bytes kept free for saying what is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One piece of a comment: lines that belong together."""

    title: str
    lines: tuple[str, ...]
    """Items; each stays whole."""
    folded: bool = False
    needed: bool = False
    """Whether it is shortened, never left out."""

    @property
    def text(self) -> str:
        """Return the piece as Markdown."""
        return self.of(len(self.lines))

    def of(self, number: int) -> str:
        """Return the piece with its first lines, and how many are missing."""
        shown = list(self.lines[:number])
        if number < len(self.lines):
            shown += ["", f"… and {len(self.lines) - number} more lines: the JSON and HTML of this report hold them."]
        body = "\n".join(shown)
        if self.folded:
            return f"<details><summary>{self.title}</summary>\n\n{body}\n\n</details>\n"
        return f"{body}\n"


def fitted(sections: Sequence[Section], last: str, limit: int) -> str:
    """Return the pieces as one text within a limit: whole pieces are left out from the bottom, then lists are shortened."""
    kept = list(sections)
    dropped: list[Section] = []
    while _size(kept, last) > limit and any(not one.needed for one in kept):
        index = max(index for index, one in enumerate(kept) if not one.needed)
        dropped.append(kept.pop(index))
    texts = [one.text for one in kept]
    index = len(kept)
    while _bytes(texts, last) > limit and index > 0:
        index -= 1
        over = _bytes(texts, last) - limit
        texts[index] = _shortened(kept[index], len(texts[index].encode()) - over)
    if dropped:
        names = ", ".join(f"{one.title} ({len(one.text):,} characters)" for one in reversed(dropped))
        texts.append(
            f"Left out, as the size is limited: {names[: _NOTE // 2]}. The JSON and HTML of this report hold everything.\n"
        )
    return "\n".join([*texts, last])


def _shortened(section: Section, most: int) -> str:
    low, high = 0, len(section.lines)
    while low < high:
        middle = (low + high + 1) // 2
        if len(section.of(middle).encode()) <= max(most, 0):
            low = middle
        else:
            high = middle - 1
    return section.of(low)


def _bytes(texts: Sequence[str], last: str) -> int:
    return sum(len(text.encode(errors="replace")) + 1 for text in texts) + len(last.encode(errors="replace")) + _NOTE


def _size(sections: Sequence[Section], last: str) -> int:
    return _bytes([one.text for one in sections], last)
