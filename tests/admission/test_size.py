"""Sizes that KAITO does not serve: what they are, and which hold the model in their place."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment

V100 = (
    "'Standard_NC6s_v3' (1 x Tesla V100, 16 GiB, which azure retired on 2025-09-30) is a real size that KAITO 0.12 does not serve"
)
ADMITTED = "KAITO admits the name and then fails to size it"


@pytest.mark.parametrize(
    ("size", "model", "cloud", "found", "fix"),
    [
        pytest.param(
            "Standard_NC6s_v3",
            "phi-4-mini-instruct",
            "azure",
            f"warning: {V100} on azure: {ADMITTED}",
            "the cheapest that hold phi-4-mini-instruct in one node: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4",
            id="a small model",
        ),
        pytest.param(
            "Standard_NC6s_v3",
            "llama-3.3-70b-instruct",
            "azure",
            f"warning: {V100} on azure: {ADMITTED}",
            "the cheapest that hold llama-3.3-70b-instruct in one node: Standard_NC80adis_H100_v5 or Standard_NC96ads_A100_v4",
            id="a big model",
        ),
        pytest.param(
            "Standard_NC6s_v3",
            "acme/tiny",
            "azure",
            f"warning: {V100} on azure: {ADMITTED}",
            "the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4",
            id="a model of your own",
        ),
        pytest.param(
            "g4dn.xlarge",
            "phi-4-mini-instruct",
            "aws",
            "error: 'g4dn.xlarge' (1 x Tesla T4, 16 GiB) is a real size that KAITO 0.12 does not serve on aws",
            "the cheapest that hold phi-4-mini-instruct in one node: g6.xlarge or g6.2xlarge",
            id="a T4 of AWS, which admission refuses",
        ),
        pytest.param(
            "m5.large",
            "phi-4-mini-instruct",
            "aws",
            "error: 'm5.large' is a size without GPUs",
            "the cheapest that hold phi-4-mini-instruct in one node: g6.xlarge or g6.2xlarge",
            id="a size without GPUs",
        ),
        pytest.param(
            "g5.xlrge",
            "phi-4-mini-instruct",
            "aws",
            "error: 'g5.xlrge' is not a size of KAITO 0.12 on aws",
            "did you mean 'g5.xlarge' or 'g5.8xlarge' or 'g5.4xlarge'?",
            id="misspelt",
        ),
        pytest.param(
            "p6-b200.48xlarge",
            "deepseek-v3-0324",
            "aws",
            "error: 'p6-b200.48xlarge' (8 x NVIDIA B200, 1432 GiB) is a real size that KAITO 0.12 does not serve on aws",
            "the cheapest that hold deepseek-v3-0324 in one node: p5en.48xlarge or p5e.48xlarge",
            id="more memory than any size of KAITO's",
        ),
    ],
)
def test_what_takes_its_place(size, model, cloud, found, fix):
    """A real size is called one, whether admission takes it or not, and the cheapest that hold the model are named."""
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {"instanceType": size, "labelSelector": {"matchLabels": {"app": "a"}}},
        "inference": {"preset": {"name": model, "presetOptions": {"modelAccessSecret": "hf"}}},
    }
    problems = judge(manifest, Environment(cloud=cloud, provisioner="karpenter")).problems
    (one,) = (problem for problem in problems if problem.code in ("KS201", "KS314"))
    assert (f"{one.severity}: {one.found}", one.fix) == (found, fix)
