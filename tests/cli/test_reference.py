"""The reference page of the commands."""

from __future__ import annotations

from pathlib import Path

from kaito_iac.cli.reference import markdown


def test_committed_page_is_up_to_date():
    """docs/reference/cli.md is what the commands say: `python -m kaito_iac.cli.reference > docs/reference/cli.md` renews it."""
    committed = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
    assert committed.read_text() == markdown()
