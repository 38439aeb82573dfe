"""What is told of a ConfigMap with arguments of vLLM that KAITO admits."""

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
            "enable-prefix-caching: no",
            [
                "warning: enable-prefix-caching: False, which KAITO hands on as '--enable-prefix-caching False': the flag takes "
                "no value and is switched on [KS290] fix: write no-enable-prefix-caching: true"
            ],
            id="a switch that is meant to be off",
        ),
        pytest.param(
            "max_model_len: 262144",
            [
                "warning: max_model_len: underscores: vLLM takes them, KAITO reads and checks the spelling with hyphens alone "
                "[KS292] fix: write max-model-len",
                "warning: max_model_len 262144, over which vLLM ends with an error [KS203]",
            ],
            id="underscores, and beyond the limit",
        ),
        pytest.param("attention-backend: FLASHINFER\nkv-offloading-size: 4\nmoe-backend: auto", [], id="names that are new"),
        pytest.param(
            "max-num-seq: 8",
            [
                "warning: max-num-seq: short for max-num-seqs: vLLM takes it, KAITO and this tool do not [KS292] fix: write "
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
            "kaito-max-probe-steps: 3",
            [f"warning: kaito-max-probe-steps: {GONE} fix: use max_probe_steps beside vllm"],
            id="an option of KAITO's own server",
        ),
    ],
)
def test_what_vllm_makes_of_it(text, expected):
    """Findings follow from the words that reach vLLM's parser, not from how the entries look."""
    assert told(text) == expected
