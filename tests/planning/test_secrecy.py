"""Secrets of a program do not stand in what a plan says, short ones included."""

from __future__ import annotations

import pytest

from kaito_iac.offline import Recording, Secret
from kaito_iac.planning.secrecy import Secrets


def concealed(secret: str, text: str) -> str:
    """Return the text with a secret of the stack outputs taken out."""
    recording = Recording(
        project="p", stack="dev", organization="o", dry_run=True, resources=(), exports={"key": Secret({"inner": [secret]})}
    )
    return Secrets(recording).out_of(text)


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        pytest.param("hunter2-and-more", "path: 'hunter2-and-more' is wrong", "path: '[secret]' is wrong", id="long"),
        pytest.param("hunter2-and-more", "xhunter2-and-morex", "x[secret]x", id="long, inside a word"),
        pytest.param("s3cr3t", "namespace s3cr3t; expected another", "namespace [secret]; expected another", id="six characters"),
        pytest.param("abc", "team abc", "team [secret]", id="three characters"),
        pytest.param("abc", "team abcd", "team abcd", id="three characters inside a word"),
        pytest.param("ab", "team ab", "team ab", id="two characters are no secret"),
    ],
)
def test_secrets_are_concealed(secret: str, text: str, shown: str) -> None:
    """A secret of three or more characters is masked; below eight only where it is a word of its own."""
    assert concealed(secret, text) == shown
