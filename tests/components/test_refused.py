"""A plan that goes on after a refusal finds what is wrong with every component; elsewhere the first refusal ends it."""

import kaito_iac as kaito
from kaito_iac import errors
from kaito_iac.errors import SpecError
from kaito_iac.testing import record, tree

BAD_POOL = {"instance_type": "Standard_NC24ads_A100_v5", "labels": {"apps": "gpu"}}


def program() -> None:
    pool = kaito.GpuNodePool("pool", BAD_POOL)
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi4", "node_pool": pool})
    kaito.KaitoRagEngine("docs", {"llm": chat.endpoint, "namespace": "Team A"})
    kaito.KaitoWorkspace("good", {"preset": "phi-4"})


def test_first_refusal_ends_a_program() -> None:
    """Without a listener nothing changes: the first component's problems are the end."""
    recording = record(program, allow_error=True)
    assert recording.error is not None
    assert isinstance(recording.error.cause, SpecError)
    assert tree(recording) == ""


def test_all_refusals_are_collected() -> None:
    """With a listener every component says what is wrong with it, and none blames another's mistake."""
    found: list[SpecError] = []
    token = errors.refusals.set(found)
    try:
        recording = record(program, allow_error=True)
    finally:
        errors.refusals.reset(token)
    assert [[str(error).splitlines()[0], *(problem.code for problem in error.problems)] for error in found] == [
        ["GpuNodePool 'pool': 1 problem", "KS201"],
        ["KaitoWorkspace 'chat': 1 problem", "KS101"],
        ["KaitoRagEngine 'docs': 1 problem", "KS104"],
    ]
    assert recording.error is not None
    assert recording.error.cause is found[0]
    assert (tree(recording), recording.exports, recording.logs) == ("", {}, ())


def test_what_precedes_a_refusal_is_recorded() -> None:
    """A program that goes on for further refusals shows what it registered until it would have ended, and nothing more."""

    def longer() -> None:
        kaito.KaitoWorkspace("early", {"preset": "phi-4"})
        program()

    ended = record(longer, allow_error=True)
    token = errors.refusals.set([])
    try:
        went_on = record(longer, allow_error=True)
    finally:
        errors.refusals.reset(token)
    assert tree(went_on) == tree(ended)
    assert "kaito-iac:index:KaitoWorkspace early" in tree(ended)
    assert went_on.error == ended.error
