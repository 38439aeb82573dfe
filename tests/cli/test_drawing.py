"""Tables, labelled lines, escapes and figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.cli import escape
from kaito_iac.cli.table import Column, facts, table
from kaito_iac.cli.terminal import Page

NAME, FIGURE, REASON = Column(title="Name", cuts=True), Column(title="Figure\nest.", number=True), Column(title="Why", wraps=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("größe 模型 😀", "größe 模型 😀", id="letters of any script"),
        pytest.param("a\x1b[31mb", "a\\x1b[31mb", id="escape sequence"),
        pytest.param("a\nb\tc\r", "a\\nb\\tc\\x0d", id="line ends"),
        pytest.param("\x9b2J\x7f", "\\x9b2J\\x7f", id="C1 and delete"),
        pytest.param("\u202eevil\u2066", "\\u202eevil\\u2066", id="direction"),
        pytest.param("a\u200bb\ufeff", "a\\u200bb\\ufeff", id="invisible"),
        pytest.param("\udcff", "\\udcff", id="bytes that are no text"),
        pytest.param("\U000e0041", "\\U000e0041", id="tags"),
    ],
)
def test_escape(text, shown):
    """What a terminal obeys is written out, everything else stays."""
    assert escape.line(text) == shown


@given(st.text())
def test_nothing_a_terminal_obeys_is_left(text):
    """Whatever comes in, one printable line comes out."""
    assert all(character.isprintable() or character.isspace() or ord(character) > 0x9F for character in escape.line(text))
    assert "\n" not in escape.line(text)
    escape.line(text).encode()


@pytest.mark.parametrize(
    ("color", "shown"),
    [
        pytest.param(False, "\\x1b[31mred\\x1b[0m\\x1b]0;title\\x07\ta\\u202e\n", id="nothing passes"),
        pytest.param(True, "\x1b[31mred\x1b[0m\\x1b]0;title\\x07\ta\\u202e\n", id="colours pass on a page that has them"),
    ],
)
def test_what_is_printed(color, shown):
    """An answer as a whole holds nothing that a terminal obeys, whatever its parts forgot, but colours where they are wanted."""
    assert escape.printed("\x1b[31mred\x1b[0m\x1b]0;title\x07\ta\u202e\n", color=color) == shown


def test_table_fits_its_page():
    """Names that may be cut are cut, prose is wrapped, figures stay whole."""
    rows = [("a-name-of-many-letters", "1,234", "because of this and that"), ("short", "unknown", "no")]
    assert table((NAME, FIGURE, REASON), rows, Page(40)) == (
        "                    Figure\n"
        "Name                  est.  Why\n"
        "----------------------------------------\n"
        "a-name-of-many-l…    1,234  because of\n"
        "                            this and\n"
        "                            that\n"
        "short              unknown  no\n"
    )


def test_table_counts_the_rows_it_leaves_out():
    """A long table ends with the number of rows it does not show."""
    text = table((NAME,), [(f"name-{number}",) for number in range(1234)], Page())
    assert text.count("\n") == 503
    assert text.endswith("name-499\n… and 734 more; --json has all of them\n")


def test_cells_are_escaped_and_aligned():
    """Control characters are written out, wide letters take two columns."""
    rows = [("模型", "1"), ("a\x1b[2Jb", "22")]
    drawn = "Name        N\n-------------\n模型        1\na\\x1b[2Jb  22\n"
    assert table((NAME, Column(title="N", number=True)), rows, Page()) == drawn


def test_facts_wrap_under_themselves():
    """A long fact goes on below itself, not below its label."""
    shown = facts("phi-4", [("why", "one two three four five six seven eight"), ("file", "x")], Page(30))
    assert shown == "phi-4\n  why   one two three four\n        five six seven eight\n  file  x\n"
