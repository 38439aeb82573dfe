"""What ends vLLM after its parser took the arguments: numbers out of bounds, words, keys that miss, arguments together.

Sources: vLLM 0.25.1, the bounds of its configuration classes and the tables of its parsers, loaders and backends.
"""

import pytest

from kaito_iac.admission.engine_value import judge_arguments
from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Cluster
from kaito_iac.catalog.engine import engine_arguments
from kaito_iac.catalog.load import models

ENDS = "vLLM ends with an error"
PORT = "KAITO's probes and its Service use plain HTTP on port 5000: the pod never becomes ready"


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        pytest.param({"gpu-memory-utilization": "1"}, [], id="the whole memory"),
        pytest.param(
            {"gpu-memory-utilization": "95"},
            [f"gpu-memory-utilization: 95: {ENDS}; expected more than 0 and at most 1"],
            id="percent",
        ),
        pytest.param(
            {"gpu-memory-utilization": "0"},
            [f"gpu-memory-utilization: 0: {ENDS}; expected more than 0 and at most 1"],
            id="nothing",
        ),
        pytest.param({"max-num-seqs": "1"}, [], id="one sequence"),
        pytest.param({"max-num-seqs": "0"}, [f"max-num-seqs: 0: {ENDS}; expected at least 1"], id="no sequence"),
        pytest.param({"max_num_seqs": "-4"}, [f"max_num_seqs: -4: {ENDS}; expected at least 1"], id="underscores"),
        pytest.param({"max-model-len": "-1"}, [], id="as much as there is room for"),
        pytest.param({"max-num-batched-tokens": "8k"}, [], id="a number with a unit"),
        pytest.param({"load-format": "runai_streamer"}, [], id="a loader"),
        pytest.param(
            {"quantization": "awqq"},
            [f"quantization: 'awqq': {ENDS}; expected one of its 30 words"],
            id="a quantization that is none",
        ),
        pytest.param(
            {"reasoning-parser": "deepseek_r2"},
            [f"reasoning-parser: 'deepseek_r2': {ENDS}; expected one of its 27 words"],
            id="a reasoning parser that is none",
        ),
        pytest.param({"tool-call-parser": "hermes"}, [], id="a tool parser"),
        pytest.param({"reasoning-parser": "mine", "reasoning-parser-plugin": "/a.py"}, [], id="a parser of your own"),
        pytest.param({"attention-backend": "flashinfer"}, [], id="a backend in lower case"),
        pytest.param(
            {"attention-backend": "XFORMERS"},
            [f"attention-backend: 'XFORMERS': {ENDS}; expected one of its 34 words"],
            id="one that is gone",
        ),
        pytest.param({"speculative-config": '{"method": "ngram", "num_speculative_tokens": 3}'}, [], id="speculation"),
        pytest.param(
            {"speculative-config": '{"method": "ngram", "num_speculative_tokens": 0}'},
            [f"speculative-config.num_speculative_tokens: 0: {ENDS}; expected more than 0"],
            id="no speculative token",
        ),
        pytest.param(
            {"speculative-config": '{"method": "ngram"}'},
            [f"speculative-config.num_speculative_tokens: missing: {ENDS}; expected a value"],
            id="no number of speculative tokens",
        ),
        pytest.param(
            {"speculative-config": '{"method": "suffix"}'},
            [
                "speculative-config.method: suffix: it needs the package arctic-inference, which KAITO's image does not have: "
                f"{ENDS}; expected another method"
            ],
            id="a method whose package is not there",
        ),
        pytest.param({"speculative-config": '{"method": "mtp", "num_speculative_tokens": 1}'}, [], id="the model's own heads"),
        pytest.param(
            {"speculative-config": '{"method": "eagle3", "num_speculative_tokens": 3}'},
            [f"speculative-config.model: missing: {ENDS}; expected a value"],
            id="a draft without its model",
        ),
        pytest.param(
            {"speculative-config": '{"num_speculative_tokens": 3}'},
            [f"speculative-config.model: missing: {ENDS}; expected a value"],
            id="neither method nor model",
        ),
        pytest.param({"speculative-config": '{"model": "ngram", "num_speculative_tokens": 3}'}, [], id="ngram as the model"),
        pytest.param(
            {"speculative-config": '{"method": "eagle", "model": "a/b"}'}, [], id="the draft may state the number itself"
        ),
        pytest.param(
            {"speculative-config": '{"method": "mtp"}'},
            [f"speculative-config.num_speculative_tokens: missing: {ENDS}; expected a value"],
            id="heads without a number",
        ),
        pytest.param(
            {
                "speculative-config": '{"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_min": 4, '
                '"prompt_lookup_max": 2}'
            },
            [f"speculative-config.prompt_lookup_min: 4, more than prompt_lookup_max (2): {ENDS}; expected at most 2"],
            id="bounds in the wrong order",
        ),
        pytest.param(
            {"speculative-config": '{"model": "a/b", "num_speculative_tokens": 3, "tensor_parallel_size": 1}'},
            [f"speculative-config.tensor_parallel_size: no key of this argument: {ENDS}; expected draft_tensor_parallel_size"],
            id="a key that is refused by name",
        ),
        pytest.param(
            {"speculative-config.method": "ngram"},
            [f"speculative-config.num_speculative_tokens: missing: {ENDS}; expected a value"],
            id="a key by itself, and what misses beside it",
        ),
        pytest.param(
            {"speculative-config.method": "ngram", "speculative_config.num_speculative_tokens": "3"}, [], id="keys by themselves"
        ),
        pytest.param({"hf-overrides": '{"rope_parameters": {}}'}, [], id="an object"),
        pytest.param(
            {"hf-overrides": '{"rope_parameters": {}'},
            ["hf-overrides: '{\"rope_parameters\": {}': no object of JSON; expected an object"],
            id="an object that is not closed",
        ),
        pytest.param(
            {"max-num-batched-tokens": "1k", "max-num-seqs": "1024"},
            [f"max-num-batched-tokens: 1000, fewer than max-num-seqs (1024): {ENDS}; expected at least 1024"],
            id="fewer tokens than sequences, with a unit",
        ),
        pytest.param(
            {"kv-transfer-config": '{"kv_connector": "NixlConnector"}'},
            [f"kv-transfer-config.kv_role: missing: {ENDS}; expected a value"],
            id="a connector without a role",
        ),
        pytest.param({"max-num-batched-tokens": "64", "max-num-seqs": "64"}, [], id="a token for each sequence"),
        pytest.param(
            {"max-num-batched-tokens": "63", "max-num-seqs": "64"},
            [f"max-num-batched-tokens: 63, fewer than max-num-seqs (64): {ENDS}; expected at least 64"],
            id="fewer tokens than sequences",
        ),
        pytest.param({"max-num-batched-tokens": "512", "max-model-len": "8192"}, [], id="prefill in chunks"),
        pytest.param(
            {"max-num-batched-tokens": "512", "max-model-len": "8192", "no-enable-chunked-prefill": "True"},
            [
                f"max-num-batched-tokens: 512, fewer than max-model-len (8192) without chunked prefill: {ENDS}; "
                "expected at least 8192"
            ],
            id="prefill as a whole",
        ),
        pytest.param({"port": "5000"}, [], id="KAITO's port"),
        pytest.param({"port": "8000"}, [f"port: 8000: {PORT}; expected no port"], id="another port"),
        pytest.param({"ssl-certfile": "/c.pem"}, [f"ssl-certfile: {PORT}; expected no ssl-certfile"], id="TLS"),
    ],
)
def test_after_parsing(entries, found):
    """Each is taken by the parser, and refused by what comes after it; the boundary is taken."""
    said = [wrong for wrong in judge_arguments(entries) if wrong.code != "KS292" and not (wrong.code == "KS290")]
    assert [f"{wrong.key}: {wrong.found}; expected {wrong.accepted}" for wrong in said] == found
    assert all(wrong.later for wrong in said)


@pytest.mark.parametrize("release", ["0.11.0", "0.12.0", "0.13.0-rc.0"])
def test_parsers_of_the_catalogue(release):
    """The parsers that KAITO gives to its models are ones that the pinned vLLM has."""
    known = engine_arguments(release)
    used = {("tool-call-parser", card.tool_parser) for card in models().values() if card.tool_parser}
    used |= {("reasoning-parser", card.reasoning_parser) for card in models().values() if card.reasoning_parser}
    assert [(name, word) for name, word in sorted(used) if word not in known[name].later] == []


@pytest.mark.parametrize(
    ("preset", "settings", "said"),
    [
        pytest.param("llama-3.1-8b-instruct", "enable-auto-tool-choice: true", [], id="KAITO gives the model a parser"),
        pytest.param(
            "phi-3-mini-4k-instruct", "{enable-auto-tool-choice: true, tool-call-parser: hermes}", [], id="a parser is stated"
        ),
        pytest.param(
            "phi-3-mini-4k-instruct",
            "{enable-auto-tool-choice: true}",
            [
                "inference.config: enable-auto-tool-choice: without tool-call-parser, of which KAITO gives none to "
                f"phi-3-mini-4k-instruct: {ENDS}; expected tool-call-parser beside it [KS291]"
            ],
            id="no parser",
        ),
    ],
)
def test_tools(preset, settings, said):
    """Automatic tool choice needs a parser (vLLM 0.25.1, validate_parsed_serve_args)."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}},
        "inference": {"preset": {"name": preset, "presetOptions": {"modelAccessSecret": "hf"}}, "config": "mine"},
    }
    text = settings if settings.startswith("{") else f"{{{settings}}}"
    cluster = Cluster(config_maps={("default", "mine"): {"inference_config.yaml": f"vllm: {text}"}})
    found = judge(manifest, cluster=cluster).problems
    assert [problem.headline for problem in found if problem.code == "KS291"] == said
