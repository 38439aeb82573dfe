"""The judgements beside an answer, and the order of answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.find import find_model, find_size
from kaito_iac.catalog.load import mig_profiles, models, sizes
from kaito_iac.problem import Unknown, errors
from kaito_iac.sizing.estimate import Estimate
from kaito_iac.sizing.fit import Fit, Query, fit, fits
from kaito_iac.sizing.fit_problems import context_problems, layout_problems, limit_problem
from kaito_iac.sizing.hardware import of_size
from kaito_iac.sizing.kv_cache import KvCache

BEYOND = "; expected at most 16384, the limit of microsoft/phi-4 [KS203]"


@pytest.mark.parametrize(
    ("context", "said"),
    [
        pytest.param(10**30, [f"context: 1{'0' * 30}{BEYOND}"], id="huge"),
        pytest.param(10**5000, [f"context: a number of 16610 bits{BEYOND}"], id="longer than Python prints"),
        pytest.param(16385, [f"context: 16385{BEYOND}"], id="one too many"),
        pytest.param(16384, [], id="the limit"),
        pytest.param(1, [], id="one"),
        pytest.param(0, ["context: 0; expected a positive number of tokens [KS102]"], id="zero"),
        pytest.param(-1, ["context: -1; expected a positive number of tokens [KS102]"], id="negative"),
        pytest.param(None, [], id="none"),
    ],
)
def test_contexts(context: int | None, said: list[str]) -> None:
    """A context is a positive number of tokens up to the model's limit."""
    answer = fit(Query(model="phi-4", size="Standard_NC24ads_A100_v4", context=context))
    assert [problem.headline for problem in answer.problems] == said
    assert isinstance(answer.nodes, Unknown) == bool(said)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param(
            Query(model="phi-4", size="p4d.24xlarge"),
            [
                "size: phi-4 has 10 KV heads, which 8 GPUs of a node cannot share; KAITO admits it, but it can never work; "
                "expected a GPU count per node that divides them or is a multiple [KS212]"
            ],
            id="KV heads",
        ),
        pytest.param(
            Query(model="qwen2.5-coder-7b-instruct", size="g5.48xlarge"),
            [
                "size: qwen2.5-coder-7b-instruct has 28 attention heads, which 8 GPUs of a node cannot share; KAITO admits it, "
                "but it can never work; expected a GPU count per node that divides the heads [KS212]"
            ],
            id="attention heads",
        ),
        pytest.param(
            Query(model="phi-3-mini-128k-instruct", size="Standard_NV72ads_A10_v5", context=32768),
            [
                "warning context: 32768 tokens, but the GPUs of 1 x Standard_NV72ads_A10_v5 are estimated to have room for "
                "26636; expected at most 26636 (estimate) [KS213]"
            ],
            id="a context that the estimate passes and vLLM refuses",
        ),
        pytest.param(
            Query(model="granite-4.1-8b", size="Standard_NV36ads_A10_v5"),
            [
                "warning size: 1 x Standard_NV36ads_A10_v5 is estimated to leave room for 0 tokens of context beside the "
                "weights; expected room for 4096 or more [KS213]"
            ],
            id="weights that leave no room",
        ),
        pytest.param(
            Query(model="deepseek-r1-0528", size="Standard_NV36ads_A10_v5"),
            [
                "warning size: 39 x Standard_NV36ads_A10_v5 is estimated to leave room for 0 tokens of context beside the "
                "weights; expected room for 4096 or more [KS213]",
                "warning size: 39 x Standard_NV36ads_A10_v5 for one model; expected at most 8 nodes [KS214]",
            ],
            id="an absurd number of nodes",
        ),
        pytest.param(Query(model="phi-3-mini-4k-instruct", size="Standard_NC24ads_A100_v4"), [], id="a short limit is no fault"),
    ],
)
def test_what_is_said_of_a_pair(query: Query, said: list[str]) -> None:
    """A pair that KAITO admits is judged: errors where it never starts, warnings where it is hardly what was meant."""
    found = fit(query).problems
    assert [("" if problem.severity == "error" else f"{problem.severity} ") + problem.headline for problem in found] == said


def room(tokens: int) -> KvCache:
    return KvCache(tokens=tokens, context=tokens, requests=1.0, sequences=None)


def test_more_nodes_than_layers() -> None:
    """A model cannot be cut into more stages than it has layers."""
    model = find_model("phi-4-mini-instruct")
    assert model
    found = Estimate(
        gpus_needed=33,
        nodes=33,
        gpus=33,
        tensor_parallel=1,
        pipeline_parallel=33,
        data_parallel=1,
        cache=room(1),
        max_num_seqs=None,
    )
    assert [problem.headline for problem in layout_problems(model, found)] == [
        "size: 33 nodes for 32 layers; KAITO admits it, but it can never work; expected at most one node per layer [KS212]"
    ]


def test_judgements_name_the_path_of_the_caller() -> None:
    """A context is judged under the name the user wrote it by, and a context that fits gets no word."""
    model, size = find_model("phi-4"), find_size("Standard_NC24ads_A100_v4")
    assert model
    assert size
    assert limit_problem(model, 16384, "vllm.max-model-len") is None
    beyond = limit_problem(model, 20000, "vllm.max-model-len")
    assert beyond
    assert beyond.text() == (
        "  vllm.max-model-len: 20000; expected at most 16384, the limit of microsoft/phi-4 [KS203]\n"
        "    fix: leave vllm.max-model-len out, or set at most 16384"
    )
    found = Estimate(
        gpus_needed=1,
        nodes=1,
        gpus=1,
        tensor_parallel=1,
        pipeline_parallel=1,
        data_parallel=1,
        cache=room(16384),
        max_num_seqs=None,
    )
    assert list(context_problems(model, of_size(size), found, 16384)) == []


def rank(answer: Fit) -> tuple[bool, bool, bool, float]:
    warned = any(problem.severity == "warning" for problem in answer.problems)
    usd = answer.usd_per_month
    return bool(errors(answer.problems)), warned, isinstance(usd, Unknown), 0.0 if isinstance(usd, Unknown) else usd


@pytest.mark.parametrize("name", [*models(), "unknown"])
def test_every_size_once_and_the_best_first(name: str) -> None:
    """All sizes are answered for, each once: what works comes first, then what is warned of, the cheaper before."""
    answers = fits(name)
    assert sorted(answer.size for answer in answers) == sorted(sizes())
    assert [rank(answer) for answer in answers] == sorted(rank(answer) for answer in answers)
    assert fits(name) == answers


def test_the_best_of_one_cloud() -> None:
    """With a cloud only its sizes are answered for; an unknown cloud has none."""
    assert {cloud: fits("phi-4", cloud=cloud)[0].size for cloud in CLOUDS} == {
        "azure": "Standard_NC24ads_A100_v4",
        "aws": "g6.xlarge",
        "arc": "Standard_NC16_A16",
    }
    assert fits("phi-4", cloud="elsewhere") == ()


@given(
    st.one_of(st.text(max_size=30), st.sampled_from([*models()])),
    st.one_of(st.text(max_size=30), st.sampled_from([*sizes(), *mig_profiles()])),
    st.one_of(st.none(), st.integers(), st.integers(1, 300000)),
    st.one_of(st.none(), st.text(max_size=10), st.just("eastus")),
)
def test_any_question_gets_an_answer(model: str, size: str, context: int | None, region: str | None) -> None:
    """No question raises; without figures there is an error; a slice is one node; a cost is positive or unknown."""
    answer = fit(Query(model=model, size=size, context=context, region=region))
    assert isinstance(answer.as_json(), dict)
    assert isinstance(answer.nodes, int) or errors(answer.problems)
    assert isinstance(answer.usd_per_month, Unknown) or answer.usd_per_month > 0
    if size in mig_profiles():
        assert isinstance(answer.nodes, Unknown) or answer.nodes == 1
