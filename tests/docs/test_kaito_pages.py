"""The table of KAITO's pages: every page of KAITO's documentation has a row, and no row is without a page."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_page_of_kaito_has_a_row() -> None:
    """The pages of KAITO's documentation at the recorded commit are the rows of the table, in their order."""
    known = json.loads((Path(__file__).parent / "kaito_pages.json").read_text())
    text = (ROOT / "docs" / "kaito-pages.md").read_text()
    assert re.findall(r"^\| `([^`]+)` \| .+ \|$", text, re.MULTILINE) == known["pages"]
    assert known["commit"].startswith(*re.findall(r"commit `([0-9a-f]+)`", text))
