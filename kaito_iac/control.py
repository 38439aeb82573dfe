"""Characters that a terminal obeys or that hide what a text says, written out: the one table of them."""

from __future__ import annotations

import re
from typing import Final

OBEYED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters but tab and line feed, invisible and direction-changing characters, and bytes that are no text."""
COLOR: Final = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;?]*[ -/]*[@-~]")
"""Colours and movements of a terminal, as Pulumi marks them and as programs send them."""


def written_out(text: str) -> str:
    """Return a text with such characters as escapes; tabs and line ends stay."""
    return OBEYED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    number = ord(found.group())
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
