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
        pytest.param("[", [], id="no YAML is told otherwise"),
    ],
)
def test_beside(text, said):
    """Arguments of vLLM stand under `vllm`: KAITO's server reads two keys beside it."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}},
        "inference": {"preset": {"name": "phi-4"}, "config": "mine"},
    }
    cluster = Cluster(config_maps={("default", "mine"): {"inference_config.yaml": text}})
    found = judge(manifest, cluster=cluster).problems
    assert [f"{problem.headline} / {problem.fix}" for problem in found if problem.code == "KS231"] == said
