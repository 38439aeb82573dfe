"""How arguments of vLLM are written so that KAITO's server hands on what was meant."""

import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.admission.engine_words import read_words
from kaito_iac.resolve.engine import paired
from kaito_iac.testing import record


def written(vllm):
    """Return the lines under `vllm:` of the ConfigMap."""
    recording = record(lambda: kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "vllm": vllm}))
    text = recording.by_name("chat-config").inputs["data"]["inference_config.yaml"]
    return [line.strip() for line in text.splitlines()[1:] if not line.strip().startswith("max-model-len")]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        pytest.param({"enforce-eager": True}, ["enforce-eager: true"], id="one switch as it is"),
        pytest.param(
            {"enable-auto-tool-choice": True, "enforce-eager": True, "tool-call-parser": "hermes"},
            ['enable-auto-tool-choice: "--enforce-eager"', "tool-call-parser: hermes"],
            id="two switches in one entry",
        ),
        pytest.param({"enable-prefix-caching": False}, ["no-enable-prefix-caching: true"], id="off by its negative form"),
        pytest.param({"no-enable-prefix-caching": False}, ["enable-prefix-caching: true"], id="negated twice"),
        pytest.param(
            {"enforce-eager": True, "enable-lora": True, "async-scheduling": False},
            ['enable-lora: "--enforce-eager"', "no-async-scheduling: true"],
            id="three switches leave one word over",
        ),
        pytest.param(
            {"speculative-config": {"method": "ngram", "num_speculative_tokens": 3}},
            [r'speculative-config: "{\"method\": \"ngram\", \"num_speculative_tokens\": 3}"'],
            id="an object is written as JSON",
        ),
    ],
)
def test_written_as_meant(given, lines):
    """Switches are written so that the parser of vLLM is left with one word at most; objects become JSON in one line."""
    assert written(given) == lines


def test_pairs_switch_on_what_was_given():
    """Entries made of any number of switches are read back by vLLM's parser as just these, and nothing ends the server."""
    flags = ["enforce-eager", "enable-lora", "no-enable-prefix-caching", "enable-auto-tool-choice", "enable-sleep-mode"]
    for length in range(1, 6):
        entries = {key: str(value) for key, value in paired(flags[:length]).items()}
        words = read_words(entries)
        assert words.flags == {flag.removeprefix("no-"): not flag.startswith("no-") for flag in flags[:length]}
        assert len(words.left) <= 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"swap-space": 4},
            "vllm.swap-space: no argument of vLLM 0.25.1, which ends with 'unrecognized arguments'; expected a name of "
            "`vllm serve --help` without leading dashes [KS228]\n    fix: leave it out: the engine no longer swaps; "
            "kv-offloading-size keeps KV cache in main memory",
        ),
        (
            {"task": "generate"},
            "vllm.task: no argument of vLLM 0.25.1, which ends with 'unrecognized arguments'; expected a name of "
            "`vllm serve --help` without leading dashes [KS228]\n    fix: use runner and convert",
        ),
        (
            {"kv-cache-dtype": "fp9"},
            "vllm.kv-cache-dtype: 'fp9': vLLM ends with 'invalid choice'; expected auto, bfloat16, float16, fp8, fp8_ds_mla, "
            "fp8_e4m3, fp8_e5m2, fp8_inc, fp8_per_token_head, int4_per_token_head, int8_per_token_head, nvfp4, "
            "turboquant_3bit_nc, turboquant_4bit_nc, turboquant_k3v4_nc, turboquant_k8v4 [KS291]\n    fix: did you mean 'fp8'?",
        ),
        (
            {"speculative-config": {"metod": "ngram"}},
            "vllm.speculative-config.metod: no key of this argument: vLLM ends with an error; expected one of its 32 keys "
            "[KS291]\n    fix: did you mean 'method' or 'model'?",
        ),
        ({"max-num-seqs": True}, "vllm.max-num-seqs: 'True': vLLM ends with an error; expected a whole number [KS291]"),
        ({"enforce-eager": 1}, "vllm.enforce-eager: 1; expected true or false [KS102]"),
        (
            {"disable-log-stats": False},
            "vllm.disable-log-stats: False, which KAITO passes as '--disable-log-stats False': the flag takes no value and is "
            "switched on; expected true, or no disable-log-stats at all [KS290]\n    fix: leave disable-log-stats out",
        ),
    ],
)
def test_refused(given, told):
    """Names that are gone, values that the parser refuses and keys inside JSON are errors, with what to write instead."""
    with pytest.raises(SpecError) as raised:
        record(lambda: kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "vllm": given}))
    assert str(raised.value).partition("\n  ")[2] == told


def test_the_endpoint_names_what_is_served():
    """The endpoint has the name that vLLM serves the model under: KAITO's, or the one that the arguments state in its place."""
    args = {"preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4"}
    named = {**args, "vllm": {"served-model-name": "small"}}
    made = record(
        lambda: [
            kaito.KaitoWorkspace("plain", args),
            kaito.KaitoWorkspace("named", named),
            kaito.KaitoInferenceSet("set", {**named, "replicas": 2}),
        ]
    )
    models = [made.by_name(name).outputs["endpoint"]["model"] for name in ("plain", "named", "set")]
    assert models == ["phi-4-mini-instruct", "small", "small"]
