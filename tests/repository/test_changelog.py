"""The changelog has five headings a version, and its newest entry says what the next preview shows."""

from __future__ import annotations

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
HEADINGS = ["Removed", "Deprecated", "Added", "Changed", "Fixed"]
VERSIONS = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]


def test_every_version_has_the_five_headings() -> None:
    """Each version has the same headings in the same order, and none of them is empty."""
    for version in VERSIONS:
        parts = re.split(r"^### ", version, flags=re.MULTILINE)[1:]
        assert [part.partition("\n")[0] for part in parts] == HEADINGS
        assert [part.partition("\n")[0] for part in parts if not re.search(r"^- ", part, re.MULTILINE)] == []


def test_the_newest_version_says_what_the_next_preview_shows() -> None:
    """The first paragraph of the newest version is about the next preview of a stack that exists."""
    first = VERSIONS[0].split("\n\n")[1]
    assert first.startswith("What the next preview shows")
    assert re.search(r"renamed|replaced|nothing", first)
