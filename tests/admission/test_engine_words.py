"""Whole numbers among the words that KAITO hands to vLLM, and that a pod asks for."""

import pytest

from kaito_iac.admission.engine_together import together_found
from kaito_iac.admission.engine_words import Words, read_words
from kaito_iac.admission.gpu_request import gpus_found

LONG = "9" * 5000
"""More digits than Python reads as a number."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("5000", 5000, id="a number"),
        pytest.param(" 7 ", 7, id="spaces around it"),
        pytest.param("-1", None, id="a sign"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("٣", None, id="digits of another script"),
        pytest.param("", None, id="not given"),
        pytest.param(LONG, int("9" * 30), id="thousands of digits stay more than every bound"),
    ],
)
def test_whole(text, number):
    """A whole number without a sign is read, whatever its length."""
    assert Words(values={"port": text}).whole("port") == number


def test_thousands_of_digits_are_judged():
    """Numbers of thousands of digits are too many, and no error of this command."""
    found = list(together_found(read_words({"port": LONG, "max-num-seqs": LONG, "max-num-batched-tokens": "8"})))
    assert [one.key for one in found] == ["max-num-batched-tokens", "port"]
    template = {"spec": {"containers": [{"name": "a", "resources": {"limits": {"nvidia.com/gpu": LONG}}}]}}
    assert [accepted for _, accepted, _ in gpus_found(template, 8)] == ["at most 8"]
