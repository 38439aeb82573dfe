"""Characters that a terminal obeys are written out, and all others stay."""

import pytest

from kaito_iac.control import written_out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\tb\nc é 漢 😀", "a\tb\nc é 漢 😀", id="text"),
        pytest.param("\x1b[31m\x1b]0;t\x07\x7f\r\0", "\\x1b[31m\\x1b]0;t\\x07\\x7f\\x0d\\x00", id="control characters"),
        pytest.param("\x85\x9b31m", "\\x85\\x9b31m", id="control characters of eight bits"),
        pytest.param("\u202e\u2066\u061c\u200f", "\\u202e\\u2066\\u061c\\u200f", id="directions"),
        pytest.param("\u200b\u180e\u00ad\ufeff\U000e0041", "\\u200b\\u180e\\xad\\ufeff\\U000e0041", id="what is not seen"),
        pytest.param("\ud800", "\\ud800", id="half a character"),
    ],
)
def test_written_out(text, shown):
    """Each is its escape, as Python writes it."""
    assert written_out(text) == shown
