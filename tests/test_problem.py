"""The two values that every judgement is made of."""

from __future__ import annotations

import dataclasses

import pytest

from kaito_iac.problem import SEVERITIES, Problem, Unknown, errors, listing

REFUSED = Problem("KS203", "context", "20000", "at most 16384", "leave context out")
COSTLY = Problem("KS214", "size", "9 nodes", "at most 8", severity="warning")
NOTED = Problem("KS204", "model", "phi-9 is gated", fix="give accessSecret", severity="info")


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        pytest.param(REFUSED, "  context: 20000; expected at most 16384 [KS203]\n    fix: leave context out", id="an error"),
        pytest.param(COSTLY, "  warning: size: 9 nodes; expected at most 8 [KS214]", id="a warning without a fix"),
        pytest.param(
            NOTED, "  info: model: phi-9 is gated [KS204]\n    fix: give accessSecret", id="a remark that expects nothing"
        ),
    ],
)
def test_what_a_reader_sees(problem: Problem, text: str) -> None:
    """A problem is path, finding, what is accepted and code on one line, marked unless it is an error, and the fix below."""
    assert problem.text() == text


def test_a_problem_as_data() -> None:
    """As data a problem has every field, the empty ones too."""
    assert COSTLY.as_json() == {
        "code": "KS214",
        "path": "size",
        "found": "9 nodes",
        "accepted": "at most 8",
        "fix": "",
        "severity": "warning",
    }


def test_a_list_of_problems() -> None:
    """A list starts with what it is about and how many problems there are."""
    assert listing("Pool 'a'", [REFUSED]) == f"Pool 'a': 1 problem\n{REFUSED.text()}"
    assert listing("Pool 'a'", (REFUSED, COSTLY)) == f"Pool 'a': 2 problems\n{REFUSED.text()}\n{COSTLY.text()}"


def test_what_stops_a_program() -> None:
    """Errors alone stop a program."""
    assert errors([COSTLY, REFUSED, NOTED]) == (REFUSED,)
    assert SEVERITIES == ("error", "warning", "info")


def test_an_unknown_says_why() -> None:
    """An unknown value prints its reason and equals another with the same reason; neither value can be changed."""
    assert str(Unknown("set by an output")) == "unknown (set by an output)"
    assert Unknown("a") == Unknown("a") != Unknown("b")
    for value, name in ((Unknown("a"), "reason"), (REFUSED, "found")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "x")
