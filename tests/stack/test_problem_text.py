"""Problems come back out of the texts that carry them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kaito_iac.problem import Problem, listing
from kaito_iac.stack.change import Violation
from kaito_iac.stack.problem_text import listed, problem_of, violation_problem

WORDS = some.text("abc XYZ'.,()[]=/0-9", min_size=1, max_size=20).map(str.strip).filter(bool)
PROBLEMS = some.builds(
    Problem,
    some.sampled_from(["KS101", "KO412", "KQ999"]),
    some.sampled_from(["context", "vllm.max_model_len", "node_pool['a']"]),
    WORDS,
    some.one_of(some.just(""), WORDS),
    some.one_of(some.just(""), WORDS),
    some.sampled_from(["error", "warning", "info"]),
)


@given(some.sampled_from(["KaitoWorkspace 'chat'", "guard"]), some.lists(PROBLEMS, min_size=1, max_size=4))
def test_listing(title: str, problems: list[Problem]) -> None:
    """What a refusal lists is read as it was written, wherever it is in a text."""
    text = listing(title, problems)
    assert listed(text) == (title, tuple(problems))
    assert listed(f"Error: the program failed:\n{text}\n") == (title, tuple(problems))


@given(PROBLEMS)
def test_problem(problem: Problem) -> None:
    """What a component logs is read as it was written; its severity is beside the text."""
    assert problem_of(problem.text(indent="", marked=False), problem.severity) == problem


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("error: no stack named 'prod' found", id="words of the engine"),
        pytest.param("KaitoWorkspace 'chat': 2 problems\n  a: b [KS101]", id="fewer problems than it counts"),
        pytest.param("KaitoWorkspace 'chat': 1 problem\n  a: b", id="no code"),
        pytest.param("", id="nothing"),
    ],
)
def test_others(text: str) -> None:
    """The words of others are no listing."""
    assert listed(text) is None


@pytest.mark.parametrize(
    ("violation", "problem"),
    [
        pytest.param(
            Violation(pack="gpu-quota", policy="gpu-budget", level="mandatory", message="A budget.\nstack: 6 GPUs [KQ101]"),
            Problem("KQ101", "stack", "6 GPUs"),
            id="a rule of ours",
        ),
        pytest.param(
            Violation(pack="other", policy="no-fridays", level="advisory", message="Not on Fridays.\nIt is Friday."),
            Problem("no-fridays", "other", "Not on Fridays. It is Friday.", severity="warning"),
            id="a rule of another pack",
        ),
        pytest.param(
            Violation(pack="other", policy="odd", level="disabled", message="Odd."),
            Problem("odd", "other", "Odd.", severity="info"),
            id="a level that is not known",
        ),
    ],
)
def test_violation(violation: Violation, problem: Problem) -> None:
    """A violation is the problem that a pack of ours reported; of other packs it is the text."""
    assert violation_problem(violation) == problem
