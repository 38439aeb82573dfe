"""Keys of inference_config.yaml beside `vllm`."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Cluster

READ = "expected vllm or max_probe_steps or kv_cache_cpu_memory_utilization [KS231]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "max_probe_steps: 6\nvllm: {max-num-seqs: 8}\nkv_cache_cpu_memory_utilization: 0.5", [], id="what KAITO reads"
        ),
        pytest.param(
            "max-num-seqs: 8",
            [f"inference.config: max-num-seqs: beside vllm, where nothing reads it; {READ} / move max-num-seqs under vllm"],
            id="an argument of vLLM, without its indentation",
        ),
        pytest.param(
            "vllm: {}\nreplicas: 2",
            [f"inference.config: replicas: beside vllm, where nothing reads it; {READ} / remove it"],
            id="a word of another",
        ),
        pytest.param("[", [], id="no YAML is reported otherwise"),
    ],
)
def test_beside(text, said):
    """Arguments of vLLM stand under `vllm`: KAITO's server reads two keys beside it."""
    assert [one for code, one in told(text) if code == "KS231"] == said


ENDS = "KAITO's server ends with an error before vLLM starts"
SHARE = "kv_cache_cpu_memory_utilization"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("vllm: {}", [], id="no argument"),
        pytest.param("max_probe_steps: 6", [], id="without vllm"),
        pytest.param(
            "vllm:\n  # seed: 1\nmax_probe_steps: 6",
            [
                f"inference.config: vllm without an entry: {ENDS}; expected an entry, or {{}} [KS291] / "
                "write vllm: {}, or remove it"
            ],
            id="every argument is a comment",
        ),
        pytest.param(
            "# vllm:\n#   seed: 1",
            [f"inference.config: inference_config.yaml without a key: {ENDS}; expected a key [KS291] / write vllm: {{}}"],
            id="everything is a comment",
        ),
        pytest.param(
            "",
            [f"inference.config: inference_config.yaml without a key: {ENDS}; expected a key [KS291] / write vllm: {{}}"],
            id="an empty text",
        ),
        pytest.param(f"{SHARE}: 0", [], id="no main memory"),
        pytest.param(f"{SHARE}: 1", [], id="all of it"),
        pytest.param(f"{SHARE}:", [], id="a share that is not given"),
        pytest.param(
            f"{SHARE}: '0.5'",
            [f"inference.config: {SHARE}: '0.5': {ENDS}; expected a number from 0 to 1, without quotes [KS291] / "],
            id="a text",
        ),
        pytest.param(
            f"{SHARE}: 50%",
            [f"inference.config: {SHARE}: '50%': {ENDS}; expected a number from 0 to 1, without quotes [KS291] / "],
            id="percent",
        ),
        pytest.param(
            f"{SHARE}: 50",
            [f"inference.config: {SHARE}: 50: more main memory than the node has left; expected a number from 0 to 1 [KS291] / "],
            id="percent without the sign",
        ),
    ],
)
def test_server(text, said):
    """KAITO's server takes `vllm` for a mapping and the share for a number, and asks before it starts vLLM."""
    assert [one for code, one in told(text) if code == "KS291"] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("vllm: {seed: 1}", [], id="once"),
        pytest.param(
            "vllm:\n  seed: 1\n  seed: 2",
            [
                "inference.config: line 3 of inference_config.yaml: key seed a second time: the last one is taken; "
                "expected every key once [KS235] / remove one seed"
            ],
            id="twice",
        ),
        pytest.param(
            "vllm:\n  max-model-len: 4096\n  max-model-len: 8192",
            [
                "inference.config: line 3 of inference_config.yaml: key max-model-len a second time: the last one is taken, and "
                "KAITO counts nodes by the first; expected every key once [KS235] / remove one max-model-len"
            ],
            id="the context twice",
        ),
    ],
)
def test_twice(text, said):
    """A key that is there twice is reported: KAITO and its server take different ones."""
    assert [one for code, one in told(text) if code == "KS235"] == said


def told(text):
    """Return the code of every finding about a configuration, with its line."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}},
        "inference": {"preset": {"name": "phi-4"}, "config": "mine"},
    }
    cluster = Cluster(config_maps={("default", "mine"): {"inference_config.yaml": text}})
    found = judge(manifest, cluster=cluster).problems
    return [(problem.code, f"{problem.headline} / {problem.fix}") for problem in found]
