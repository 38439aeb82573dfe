"""Deprecated fields: what they do in which Workspace."""

import pytest

from kaito_iac.admission.judge import judge

POD = {"spec": {"containers": [{"name": "a", "image": "b", "resources": {"limits": {"nvidia.com/gpu": 1}}}]}}
TUNING = {
    "preset": {"name": "phi-4"},
    "method": "lora",
    "input": {"urls": ["https://example.com/a.parquet"]},
    "output": {"image": "registry.example.com/a:1", "imagePushSecret": "push"},
}


@pytest.mark.parametrize(
    ("purpose", "found"),
    [
        pytest.param(
            {"inference": {"preset": {"name": "phi-4"}}},
            ["resource.count: deprecated, and without effect on how many nodes vLLM gets; expected nothing [KS243]"],
            id="a preset, of which KAITO counts the nodes",
        ),
        pytest.param({"inference": {"template": POD}}, [], id="an own pod, of which it takes the number"),
        pytest.param(
            {"tuning": TUNING},
            ["resource.count: deprecated: a training runs on one node; expected nothing [KS243]"],
            id="a training",
        ),
    ],
)
def test_count(purpose, found):
    """resource.count decides the nodes of own pods (KAITO 0.12, nodesestimator), and nothing else under vLLM."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {
            "instanceType": "Standard_NC24ads_A100_v4",
            "count": 1,
            "labelSelector": {"matchLabels": {"app": "a"}},
        },
        **purpose,
    }
    assert [problem.headline for problem in judge(manifest).problems if problem.code == "KS243"] == found
