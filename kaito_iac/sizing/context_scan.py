"""Finds the context in an inference configuration the way KAITO's estimator does: by lines, not as YAML."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"\+?[0-9]{1,18}")
_KEY: Final = "max-model-len:"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def scanned_context(text: str) -> int | None:
    """Return the tokens KAITO 0.12 sizes for; None where its line scan finds nothing, whatever a YAML parser would find.

    Seen is the first line below `vllm:`, indented by two columns more, that starts with `max-model-len:` and ends in a
    bare positive number. A quote, a comment behind the number, flow style or a quoted key hide it.
    """
    depth: int | None = None
    for line in text.split("\n"):
        content = line.strip()
        if depth is None:
            if content.startswith("vllm:"):
                depth = _indent(line) + 2
            continue
        if content and not content.startswith("#") and _indent(line) < depth:
            return None
        if content.startswith(_KEY):
            value = content.removeprefix(_KEY).strip()
            return int(value) or None if _NUMBER.fullmatch(value) else None
    return None
