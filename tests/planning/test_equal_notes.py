"""Notes that differ in the component alone are one note."""

from __future__ import annotations

from kaito_iac.planning.equal_notes import without_repeats
from kaito_iac.problem import Problem, Severity


def note(path: str, found: str = "needs a gate", severity: Severity = "info") -> Problem:
    return Problem("KO402", path, found, fix="switch it on", severity=severity)


def texts(*problems: Problem) -> list[str]:
    return [problem.headline for problem in without_repeats(problems)]


def test_equal_notes_are_joined_at_the_first() -> None:
    """The names are listed in order; what differs in its place, its text or its severity stays apart."""
    assert texts(
        note("a: partition"),
        note("a: partition", severity="warning"),
        note("b: partition"),
        note("b: vllm"),
        note("c: partition", "needs two gates"),
        note("partition"),
        note("partition"),
    ) == [
        "a, b: partition: needs a gate [KO402]",
        "a: partition: needs a gate [KO402]",
        "b: vllm: needs a gate [KO402]",
        "c: partition: needs two gates [KO402]",
        "partition: needs a gate [KO402]",
        "partition: needs a gate [KO402]",
    ]


def test_many_names_are_counted() -> None:
    """Beyond five components the rest is a number."""
    assert texts(*(note(f"w{index}: partition") for index in range(7))) == [
        "w0, w1, w2, w3, w4 and 2 more: partition: needs a gate [KO402]"
    ]


def test_errors_are_never_joined() -> None:
    """Every error and every warning is one that someone has to repair."""
    errors = [note("a: partition", severity="error"), note("b: partition", severity="error")]
    assert without_repeats(errors) == tuple(errors)
