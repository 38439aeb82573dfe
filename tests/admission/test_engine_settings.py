"""Messages about a ConfigMap with arguments of vLLM that KAITO admits."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Cluster

WORKSPACE = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "demo"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "demo"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}, "config": "engine"},
}


def told(text):
    """Return the findings about a configuration, on one line each with its fix."""
    rows = "".join(f"  {line}\n" for line in text.strip().splitlines())
    cluster = Cluster(config_maps={("default", "engine"): {"inference_config.yaml": f"vllm:\n{rows}"}})
    found = judge(WORKSPACE, cluster=cluster).problems
    return [f"{one.severity}: {one.found} [{one.code}]" + (f" fix: {one.fix}" if one.fix else "") for one in found]


GONE = "no argument of vLLM 0.25.1, which ends with 'unrecognized arguments' [KS228]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "swap-space: 4\nmax-model-len: 16384\ntask: generate",
            [
                f"warning: swap-space: {GONE} fix: leave it out: the engine no longer swaps; kv-offloading-size keeps KV cache "
                "in main memory",
                f"warning: task: {GONE} fix: use runner and convert",
            ],
            id="names that are gone",
        ),
        pytest.param(
            "enable-auto-tool-choice: true\ntool-call-parser: hermes\nenforce-eager: true",
            [
                "warning: enforce-eager: switches enable-auto-tool-choice, enforce-eager: KAITO hands each on with a value, and "
                "vLLM ends with 'unrecognized arguments: True' [KS290] fix: write two in one: 'enable-auto-tool-choice: "
                "--enforce-eager'"
            ],
            id="two switches",
        ),
        pytest.param("enable-auto-tool-choice: --enforce-eager\ntool-call-parser: hermes", [], id="two switches in one"),
        pytest.param("enforce-eager: true", [], id="one switch"),
        pytest.param(
            "enforce-eager: true\nenable-prefix-caching: false",
            [
                "warning: enable-prefix-caching: False, which KAITO passes as '--enable-prefix-caching False': the flag takes "
                "no value and is switched on [KS290] fix: write no-enable-prefix-caching: true",
                "warning: enable-prefix-caching: switches enforce-eager, enable-prefix-caching: KAITO hands each on with a "
                "value, and vLLM ends with 'unrecognized arguments: False' [KS290] fix: write two in one: 'enforce-eager: "
                "--no-enable-prefix-caching'",
            ],
            id="one on, one off",
        ),
        pytest.param(
            "enable-prefix-caching: no",
            [
                "warning: enable-prefix-caching: False, which KAITO passes as '--enable-prefix-caching False': the flag takes "
                "no value and is switched on [KS290] fix: write no-enable-prefix-caching: true"
            ],
            id="a switch that is meant to be off",
        ),
        pytest.param(
            "max_model_len: 262144",
            [
                "warning: max_model_len: underscores: vLLM accepts them, KAITO reads and checks only the spelling with hyphens "
                "[KS292] fix: write max-model-len",
                "warning: max_model_len 262144, over which vLLM ends with an error [KS203]",
            ],
            id="underscores, and beyond the limit",
        ),
        pytest.param("attention-backend: FLASHINFER\nkv-offloading-size: 4\nmoe-backend: auto", [], id="names that are new"),
        pytest.param(
            "max-num-seq: 8",
            [
                "warning: max-num-seq: short for max-num-seqs: vLLM accepts it, KAITO and this tool do not [KS292] fix: write "
                "max-num-seqs"
            ],
            id="an abbreviation",
        ),
        pytest.param(
            'speculative-config: \'{"metod": "ngram"}\'',
            [
                "warning: speculative-config.metod: no key of this argument: vLLM ends with an error [KS291] fix: did you mean "
                "'method' or 'model'?"
            ],
            id="a misspelt key inside JSON",
        ),
        pytest.param(
            "max_model_len: 256K",
            [
                "warning: max_model_len: underscores: vLLM accepts them, KAITO reads and checks only the spelling with hyphens "
                "[KS292] fix: write max-model-len",
                "warning: max_model_len 256K, over which vLLM ends with an error [KS203]",
            ],
            id="a unit, and beyond the limit",
        ),
        pytest.param(
            "device: cuda",
            [
                "warning: device: no longer an argument of vLLM, which reads it as device-ids [KS228] fix: leave it out: the "
                "device is found"
            ],
            id="a name that is gone, and the beginning of another",
        ),
        pytest.param(
            "speculative-config.method: ngramm\nspeculative-config.num_speculative_tokens: 3",
            [
                "warning: speculative-config.method: \"ngramm\": vLLM ends with an error [KS291] fix: did you mean 'ngram' or "
                "'ngram_gpu'?"
            ],
            id="a key of JSON by itself",
        ),
        pytest.param(
            "kv-transfer-config.kv_rol: kv_both",
            [
                "warning: kv-transfer-config.kv_rol: no key of this argument: vLLM ends with an error [KS291] fix: did you mean "
                "'kv_role'?"
            ],
            id="a misspelt key by itself",
        ),
        pytest.param(
            "enforce-eager=True: x",
            [
                "warning: enforce-eager=True: a value behind '=' for a switch: vLLM ends with 'ignored explicit argument' "
                "[KS291] fix: write enforce-eager: true"
            ],
            id="a switch with an equals sign",
        ),
        pytest.param(
            "kv-cache-memory-bytes: auto",
            ["warning: kv-cache-memory-bytes: 'auto': vLLM ends with an error [KS291]"],
            id="auto, which the context alone takes",
        ),
        pytest.param("kv-cache-memory-bytes: 1_000", [], id="a number with underscores"),
        pytest.param(
            "max-num-seqs: 1e2",
            ["warning: max-num-seqs: '1e2': vLLM ends with an error [KS291]"],
            id="a number that is text to Python's YAML",
        ),
        pytest.param(
            "kaito-max-probe-steps: 3",
            [f"warning: kaito-max-probe-steps: {GONE} fix: use max_probe_steps beside vllm"],
            id="an option of KAITO's own server",
        ),
    ],
)
def test_what_vllm_makes_of_it(text, expected):
    """Findings follow from the words that reach vLLM's parser, not from how the entries look."""
    assert told(text) == expected


def test_a_context_that_only_vllm_sees():
    """A context in quotes reaches vLLM and not KAITO's count of nodes; arguments that change the room leave it open."""
    found = [line for line in told("max-model-len: '16384'") if "KS213" in line]
    assert found == []
    small = {**WORKSPACE, "resource": {**WORKSPACE["resource"], "instanceType": "Standard_NV36ads_A10_v5"}}
    said = []
    for text in ("'131072'", "131072 # all", "'131072'\n  kv-cache-dtype: fp8", "8192"):
        cluster = Cluster(config_maps={("default", "engine"): {"inference_config.yaml": f"vllm:\n  max-model-len: {text}\n"}})
        said.append([one.headline for one in judge(small, cluster=cluster).problems if one.code == "KS213"])
    message = (
        "inference.config: 131072 tokens, but the GPUs of 1 x Standard_NV36ads_A10_v5 are estimated to have room for 79645: "
        "KAITO counts nodes for 2048, since it does not read the number as it is written; "
        "expected at most 79645 (estimate) [KS213]"
    )
    assert said == [[message], [message], [], []]
