"""MIG slices under vLLM: what admission takes and the estimator then refuses, and models whose gate no source states."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment

BYO = Environment(provisioner="byo", feature_gates={"enableMIG": True})


def told(model, profile, code):
    """Return the findings of a code about a model on a slice of nodes that exist."""
    resource = {"labelSelector": {"matchLabels": {"app": "a"}}, "partition": {"mode": "mig", "profile": profile}}
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": resource,
        "inference": {"preset": {"name": model}},
    }
    return [f"{one.severity}: {one.headline}" for one in judge(manifest, BYO).problems if one.code == code]


@pytest.mark.parametrize(
    ("model", "profile", "found"),
    [
        pytest.param("phi-4-mini-instruct", "1g.20gb", [], id="room enough"),
        pytest.param(
            "phi-4-mini-instruct",
            "1g.12gb",
            [
                "warning: resource.partition.profile: phi-4-mini-instruct needs 10.2 GiB (weights 7.3), the MIG slice 1g.12gb "
                "has 12 GiB, 10.1 of them usable, and slices cannot be joined: KAITO admits it and never gets ready; expected a "
                "slice that holds the model [KS202]"
            ],
            id="the weights fit, and nothing beside them",
        ),
        pytest.param("phi-4", "1g.10gb", [], id="admission refuses it already"),
    ],
)
def test_slices(model, profile, found):
    """A slice that holds the weights alone is warned of."""
    assert told(model, profile, "KS202") == found


def test_a_gate_no_source_states():
    """A model that may be gated is assumed to need no token, and this is said."""
    model = "nvidia/nvidia-nemotron-nano-9b-v2"
    assert (
        f"info: inference.preset.presetOptions.modelAccessSecret: whether {model} needs a token of Hugging Face: "
        in told(model, "7g.80gb", "KS238")[0]
    )
    assert all("token" not in one for one in told("phi-4", "7g.80gb", "KS238"))
