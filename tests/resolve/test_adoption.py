# ruff: noqa: E501 -- messages are whole lines
"""Messages about an object that exists and comes under a component: whole messages."""

import pulumi
import pytest

from kaito_iac.resolve.inference_set import resolve_inference_set
from kaito_iac.resolve.rag_engine import resolve_rag_engine
from kaito_iac.resolve.workspace import resolve_workspace
from kaito_iac.testing import record

MODEL = {"preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4"}
CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
POOL = {"cluster_id": CLUSTER, "instance_type": "Standard_NC24ads_A100_v4"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param(
            {"adopt": {"object": "chat"}},
            "adopt.object: 'chat'; expected namespace/name of a Workspace, such as default/chat [KS102]",
            id="no namespace",
        ),
        pytest.param(
            {"adopt": {}},
            "adopt.object: missing; expected namespace/name of a Workspace, such as default/chat [KS102]",
            id="no object",
        ),
        pytest.param({"adopt": "default/chat"}, "adopt: 'default/chat'; expected a mapping with text keys [KS102]", id="a text"),
        pytest.param(
            {"adopt": {"object": "default/bot"}},
            "adopt.object: 'default/bot', another object than this component writes; expected default/chat [KS105]\n    fix: name='bot'",
            id="another name",
        ),
        pytest.param(
            {"adopt": {"object": "prod/chat"}},
            "adopt.object: 'prod/chat', another object than this component writes; expected default/chat [KS105]\n    fix: the namespace of the object",
            id="another namespace",
        ),
        pytest.param(
            {"adopt": {"object": "default/chat"}, "replacement": "blueGreen"},
            "adopt: together with replacement blueGreen, whose Workspaces have names of their own; expected replacement='recreate' [KS105]\n    fix: leave replacement out",
            id="blue and green",
        ),
    ],
)
def test_refused(more, said, refusal):
    """An object that cannot be the one of the component is refused before anything is registered."""
    assert said in refusal("KaitoWorkspace", "chat", {**MODEL, **more})


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        pytest.param(
            "a100",
            "adopt.object: 'a100'; expected the ARM id of an agent pool, …/managedClusters/NAME/agentPools/NAME [KS102]",
            id="no ARM id",
        ),
        pytest.param(
            f"{CLUSTER}/agentPools/h100",
            f"adopt.object: '{CLUSTER}/agentPools/h100', another object than this component writes; expected {CLUSTER}/agentPools/a100 [KS105]\n    fix: pool_name='h100'",
            id="another pool",
        ),
    ],
)
def test_refused_pool(identity, said, refusal):
    """A pool of another name or cluster is refused."""
    assert said in refusal("GpuNodePool", "a100", {**POOL, "adopt": {"object": identity}})


def test_not_for_karpenter(refusal):
    """What Karpenter makes is not taken over."""
    args = {"kind": "karpenter", "instance_type": "Standard_NC24ads_A100_v4", "adopt": {"object": "x/y"}}
    assert "adopt: not for kind karpenter; expected an argument of kind aks [KS265]" in refusal("GpuNodePool", "a", args)


@pytest.mark.parametrize(
    ("made", "stays"),
    [
        pytest.param(lambda adopt: resolve_workspace("chat", {**MODEL, "adopt": adopt}), "keeps", id="a Workspace"),
        pytest.param(lambda adopt: resolve_inference_set("chat", {**MODEL, "adopt": adopt}), "keeps", id="an InferenceSet"),
        pytest.param(lambda adopt: resolve_rag_engine("chat", {"adopt": {**adopt, "delete": True}}), "deletes", id="a RAGEngine"),
    ],
)
def test_told(made, stays):
    """A plan says what is taken over, that it is never replaced, and what a destroy does with it."""
    notes = [problem.text(indent="") for problem in made({"object": "default/chat"}).problems if problem.code == "KO493"]
    assert notes == [
        f"info: adopt: default/chat exists and is taken over: it is changed in place where it differs, never replaced; pulumi destroy {stays} it [KO493]\n"
        "  fix: leave adopt out once `pulumi up` has taken it over"
    ]


def test_late_namespace():
    """A namespace that is known later is not compared: the object names its own."""
    found = []

    def program() -> None:
        args = {**MODEL, "namespace": pulumi.Output.from_input("prod"), "adopt": {"object": "prod/chat"}}
        found.append(resolve_workspace("chat", args).adopt.object)

    record(program)
    assert found == ["prod/chat"]
