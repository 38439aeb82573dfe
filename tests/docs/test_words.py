"""Pages, docstrings and messages use the words of Kubernetes, Azure, AWS, Pulumi and KAITO, which a search finds."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(page for folder in ("policies", "templates", "components") for page in sorted((ROOT / folder).rglob("*.md"))),
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SUPPORT.md", "SECURITY.md")),
]
ROOMS = [
    *sorted(folder for folder in (ROOT / "kaito_iac").iterdir() if folder.is_dir() and folder.name != "__pycache__"),
    *(ROOT / name for name in ("components", "policies", "stacks", "templates", "docs/examples")),
]
DATA = sorted(
    path
    for folder in ("kaito_iac/explain", "presets", "policies", "stacks", "templates", "pipelines")
    for ending in ("toml", "yaml", "yml", "json")
    for path in (ROOT / folder).rglob(f"*.{ending}")
)
INSTEAD = {
    "somebody": "a user, an account",
    "everybody": "everyone, every caller",
    "for ever": "indefinitely",
    "strangers": "anyone, the internet, untrusted",
    "whoever": "the user, the account, the team",
    "nobody": "no one in a sentence that names the subject: no pool, no user",
    "mend": "fix, repair, remediate",
    "told": "reported, shown",
    "tell": "report, show; of two things: distinguish",
    "said": "reported, shown",
    "lies": "is",
    "stood": "was",
    "stands(?! for)": "is; `stands for` is fine",
    "buys": "creates, costs",
    "one's own": "your own",
    "way out": "air-gapped",
}
"""Home-made words, and what to write instead."""


PATTERN = re.compile(rf"\b(?:{'|'.join(f'(?P<w{number}>{word}s?)' for number, word in enumerate(INSTEAD))})\b", re.IGNORECASE)


def home_made(text: str, first: int = 1) -> Iterator[str]:
    """Return the home-made words of a text, with their lines."""
    for number, line in enumerate(text.splitlines(), first):
        for hit in PATTERN.finditer(line):
            better = list(INSTEAD.values())[int(str(hit.lastgroup)[1:])]
            yield f"line {number}: {hit[0]}: write {better}"


def found(text: str) -> list[str]:
    """Return the home-made words of a page, with their lines; blocks are output and programs, and are left out."""
    prose = re.sub(r"^ *```.*?^ *```", lambda block: "\n" * block[0].count("\n"), text, flags=re.MULTILINE | re.DOTALL)
    return list(home_made(re.sub(r"`[^`\n]*`", "", prose)))


def in_module(text: str) -> list[str]:
    """Return the home-made words in docstrings, messages and comments of a module; a text without a space is a key."""
    texts = [
        (node.value, node.lineno)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    ]
    texts += [(hit[1], number) for number, line in enumerate(text.splitlines(), 1) if (hit := re.search(r"(?:^|\s)# (.*)", line))]
    return [one for text, line in texts for one in home_made(text, line)]


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_words_of_the_field(page: Path) -> None:
    """A page has none of the home-made words."""
    assert found(page.read_text()) == []


def test_a_home_made_word_is_found_in_prose_alone() -> None:
    """A word in prose is found with its line; the same word in a block is not."""
    text = "Good.\n```text\nwhoever\n```\nWhoever deploys.\n"
    assert found(text) == ["line 5: Whoever: write the user, the account, the team"]


@pytest.mark.parametrize("room", [pytest.param(room, id=str(room.relative_to(ROOT))) for room in [ROOT / "kaito_iac", *ROOMS]])
def test_words_of_modules(room: Path) -> None:
    """Docstrings, messages and comments of the modules of a folder have none of the home-made words."""
    modules = room.glob("*.py") if room.name == "kaito_iac" else room.rglob("*.py")
    assert {str(path.relative_to(ROOT)): words for path in modules if (words := in_module(path.read_text()))} == {}


def test_words_of_data() -> None:
    """Explanations, presets, configurations of packs, templates and pipelines have none of the home-made words."""
    assert {str(path.relative_to(ROOT)): words for path in DATA if (words := list(home_made(path.read_text())))} == {}


def test_a_home_made_word_is_found_in_docstrings_messages_and_comments() -> None:
    """A name of the program and a key are no prose; `stands for` is plain English."""
    text = '"""Tells it; stands for two."""\ntold = {"told": f"nobody {1}"}  # it lies there\n'
    assert in_module(text) == [
        "line 1: Tells: write report, show; of two things: distinguish",
        "line 2: nobody: write no one in a sentence that names the subject: no pool, no user",
        "line 2: lies: write is",
    ]
