"""States of hybrid models against the sequences that the settings of the engine lead to."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Cluster


def told(settings, annotations=None, model="Qwen/Qwen3.8-27B"):
    """Return what is found about the states of a model on one A100, which has room for 198."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a", "annotations": annotations or {}},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}},
        "inference": {"preset": {"name": model}, "config": "c"},
    }
    cluster = Cluster(config_maps={("default", "c"): {"inference_config.yaml": f"vllm: {{{settings}}}"}})
    return [one.found.partition(",")[0] for one in judge(manifest, cluster=cluster).problems if one.code == "KS293"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        pytest.param("", ["max-num-seqs 256 (the default)"], id="nothing set"),
        pytest.param("max-num-seqs: 198", [], id="as many as there are"),
        pytest.param("max_num_seqs: 199", ["max-num-seqs 199"], id="one more, however spelt"),
        pytest.param("enforce-eager: true", [], id="no graphs"),
        pytest.param('compilation-config: \'{"cudagraph_mode": "PIECEWISE"}\'', [], id="no graphs of whole batches"),
        pytest.param("compilation-config.cudagraph_mode: none", [], id="none by a key of its own"),
        pytest.param("compilation-config.cudagraph_mode: FULL", ["max-num-seqs 256 (the default)"], id="graphs of whole batches"),
        pytest.param("compilation-config: '{'", ["max-num-seqs 256 (the default)"], id="JSON that is none"),
        pytest.param("optimization-level: 1", [], id="a level without them"),
        pytest.param("max-num-batched-tokens: 128", [], id="few tokens of a batch"),
        pytest.param("gpu-memory-utilization: 0.95", [], id="more memory than the estimate knows of"),
        pytest.param("performance-mode: throughput", ["max-num-seqs 512 (the default)"], id="twice as many"),
    ],
)
def test_sequences(settings, found):
    """What vLLM starts with is compared, where it captures graphs of whole batches (config/compilation.py)."""
    assert told(settings) == found


def test_the_mode_of_kaito():
    """KAITO passes the performance mode of its annotation on."""
    assert told("", {"kaito.sh/performance-mode": "throughput"}) == ["max-num-seqs 512 (the default)"]
