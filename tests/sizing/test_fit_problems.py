"""Messages about hybrid models that cannot start, and of contexts that are a lower bound."""

import pytest

from kaito_iac.catalog.find import find_model, find_size
from kaito_iac.sizing.estimate import Estimate, estimate
from kaito_iac.sizing.fit_problems import context_problems, sequence_problems
from kaito_iac.sizing.hardware import of_size


def found(model, size):
    card, hardware = find_model(model), of_size(find_size(size))
    answer = estimate(card, hardware)
    assert isinstance(answer, Estimate)
    return card, hardware, answer


TOLD = (
    "size: max-num-seqs {}, but 1 x Standard_NC40ads_H100_v5 are estimated to have room for the states of 443 sequences: vLLM "
    "ends with 'exceeds available Mamba cache blocks'; expected at most 443 (estimate) [KS293]"
)


@pytest.mark.parametrize(
    ("asked", "told"),
    [(None, [TOLD.format("1024 (the default)")]), (444, [TOLD.format(444)]), (443, []), (398, [])],
)
def test_sequences_without_states(asked, told):
    """Qwen3.6 27B on one H100 NVL does not start with vLLM's default; the value to set is reported."""
    _, hardware, answer = found("qwen3.6-27b", "Standard_NC40ads_H100_v5")
    problems = list(sequence_problems(hardware, answer, asked))
    assert [one.headline for one in problems] == told
    assert [one.fix for one in problems] == ["set max-num-seqs to 398" for _ in told]


@pytest.mark.parametrize(
    ("more", "sequences"),
    [
        pytest.param({"throughput": True}, "2048 (the default)", id="twice as many in the mode for throughput"),
        pytest.param({"batched": 512}, "512 (the default)", id="at most the tokens of a batch"),
        pytest.param({"batched": 400}, None, id="tokens of a batch that are few enough"),
    ],
)
def test_defaults_of_vllm(more, sequences):
    """vLLM's default hangs on the tokens of a batch and on the performance mode."""
    _, hardware, answer = found("qwen3.6-27b", "Standard_NC40ads_H100_v5")
    told = [one.headline for one in sequence_problems(hardware, answer, **more)]
    assert told == ([TOLD.format(sequences)] if sequences else [])


def test_a_stated_number_is_compared_whatever_the_default():
    """More sequences than states are reported where the default is fewer, and where KAITO sets the default itself."""
    _, hardware, answer = found("nvidia-nemotron-3-nano-30b-a3b-bf16", "Standard_NC40ads_H100_v5")
    states = answer.cache.sequences
    assert answer.max_num_seqs is None
    assert [one.code for one in sequence_problems(hardware, answer, states)] == []
    assert [one.code for one in sequence_problems(hardware, answer, states + 1)] == ["KS293"]
    card, hardware = find_model("qwen3.6-27b"), of_size(find_size("Standard_NC40ads_H100_v5"))
    later = estimate(card, hardware, version="0.13.0-rc.0")
    assert [one.code for one in sequence_problems(hardware, later)] == []
    assert [one.code for one in sequence_problems(hardware, later, 4096)] == ["KS293"]


def test_models_without_states_start():
    """A model that keeps no states has no such limit."""
    _, hardware, answer = found("llama-3.1-8b-instruct", "Standard_NC40ads_H100_v5")
    assert list(sequence_problems(hardware, answer)) == []


def test_windows_make_a_lower_bound():
    """The context of a model with windows is called the least."""
    card, hardware, answer = found("gemma-4-31b-it", "Standard_NC24ads_A100_v4")
    assert [one.found for one in context_problems(card, hardware, answer, None)] == [
        "1 x Standard_NC24ads_A100_v4 is estimated to leave room for at least 2976 tokens of context beside the weights"
    ]
