"""The pages use the words of Kubernetes, Azure, AWS, Pulumi and KAITO, which a search finds."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(page for folder in ("policies", "templates", "components") for page in sorted((ROOT / folder).rglob("*.md"))),
    ROOT / "README.md",
]
INSTEAD = {
    "somebody": "a user, an account",
    "for ever": "indefinitely",
    "strangers": "anyone, the internet, untrusted",
    "whoever": "the user, the account, the team",
    "nobody": "no one in a sentence that names the subject: no pool, no user",
    "mend": "fix, repair, remediate",
    "told": "reported, shown",
    "tells": "reports, shows",
    "said": "reported, shown",
    "lies": "is",
    "buys": "creates, costs",
    "one's own": "your own",
    "way out": "air-gapped",
}
"""Home-made words, and what to write instead."""


def found(text: str) -> list[str]:
    """Return the home-made words of a page, with their lines; blocks are output and programs, and are left out."""
    prose = re.sub(r"^ *```.*?^ *```", lambda block: "\n" * block[0].count("\n"), text, flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"`[^`\n]*`", "", prose)
    pattern = re.compile(r"\b(" + "|".join(INSTEAD) + r")s?\b", re.IGNORECASE)
    return [
        f"line {number}: {word}: write {INSTEAD.get(word.lower(), '')}"
        for number, line in enumerate(prose.splitlines(), 1)
        for word in pattern.findall(line)
    ]


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_words_of_the_field(page: Path) -> None:
    """A page has none of the home-made words."""
    assert found(page.read_text()) == []


def test_a_home_made_word_is_found_in_prose_alone() -> None:
    """A word in prose is found with its line; the same word in a block is not."""
    text = "Good.\n```text\nwhoever\n```\nWhoever deploys.\n"
    assert found(text) == ["line 5: Whoever: write the user, the account, the team"]
