"""Sizes of vLLM's parallelism that settings state in place of KAITO's."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Cluster

OWN = "expected what KAITO sets by itself [KS212]"


@pytest.mark.parametrize(
    ("size", "settings", "said"),
    [
        pytest.param("Standard_NC48ads_A100_v4", "tensor-parallel-size: 2, data-parallel-size: 1", [], id="as many as there are"),
        pytest.param("Standard_NC48ads_A100_v4", "tensor-parallel-size: 1", [], id="what KAITO sets too"),
        pytest.param(
            "Standard_NC24ads_A100_v4",
            "tensor-parallel-size: 2",
            [f"inference.config: tensor-parallel-size 2: 2 GPUs, of 1 that there are: vLLM ends with an error; {OWN}"],
            id="more than there are",
        ),
        pytest.param(
            "Standard_NC48ads_A100_v4",
            "tensor-parallel-size: 2",
            [
                "inference.config: tensor-parallel-size 2 beside data-parallel-size 2 of KAITO: 4 GPUs, of 2 that there are: "
                f"vLLM ends with an error; {OWN}"
            ],
            id="KAITO makes a copy for each GPU",
        ),
        pytest.param(
            "Standard_NC48ads_A100_v4",
            "pipeline-parallel-size: 2, tensor_parallel_size: 2, data-parallel-size: 1",
            [
                "inference.config: tensor-parallel-size 2 and pipeline-parallel-size 2 and data-parallel-size 1: 4 GPUs, "
                f"of 2 that there are: vLLM ends with an error; {OWN}"
            ],
            id="their product is more",
        ),
        pytest.param(
            "Standard_NC96ads_A100_v4",
            "tensor-parallel-size: 3, data-parallel-size: 1",
            [f"inference.config: tensor-parallel-size 3, which does not divide the 40 attention heads of phi-4; {OWN}"],
            id="heads that cannot be shared",
        ),
        pytest.param("Standard_NC24ads_A100_v4", "tensor-parallel-size: two", [], id="no number is reported otherwise"),
    ],
)
def test_stated(size, settings, said):
    """The product of the sizes is at most the GPUs, and tensor-parallel-size divides the attention heads (vLLM 0.25.1)."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {"instanceType": size, "labelSelector": {"matchLabels": {"app": "a"}}},
        "inference": {"preset": {"name": "phi-4"}, "config": "mine"},
    }
    cluster = Cluster(config_maps={("default", "mine"): {"inference_config.yaml": f"vllm: {{{settings}}}"}})
    found = judge(manifest, cluster=cluster).problems
    assert [problem.headline for problem in found if problem.code == "KS212"] == said
