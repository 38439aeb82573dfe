# ruff: noqa: E501 -- messages are whole lines
"""Messages about a declaration that works, but costs, exposes or means something else than the words suggest."""

import pulumi
import pytest

PHI = {"preset": "phi-4-mini-instruct"}
POOL = {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}}
ROCKET = {
    "preset": "acme/rocket-7b",
    "instance_type": "Standard_NC24ads_A100_v4",
    "model_facts": {"weights_gib": 14.2, "bytes_per_token": 131072.0, "max_context_tokens": 32768},
}


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        pytest.param("KaitoWorkspace", PHI, "", id="nothing to say"),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "node_selector": {"kaito.sh/workspace": "chat", "team": "a"}},
            """\
node_selector.kaito.sh/workspace: a label of KAITO's own: it is ignored; expected a label of your own [KS208]""",
            id="reserved label beside another",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "node_pool": POOL, "node_selector": {"kaito.sh/workspace": "chat"}},
            """\
node_selector.kaito.sh/workspace: a label of KAITO's own: it is ignored; expected a label of your own [KS208]""",
            id="reserved label beside the pool's",
        ),
        pytest.param(
            "KaitoRagEngine",
            {"instance_type": "Standard_D8s_v5", "node_selector": {"kaito.sh/ragengine": "docs"}},
            """\
node_selector.kaito.sh/ragengine: a label of KAITO's own: it is ignored; expected a label of your own [KS208]""",
            id="reserved label alone on a RAG engine, which KAITO lets pass",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "count": 2},
            """\
count: 2, but KAITO ignores count for a preset under vLLM and uses 1; expected 1 [KS215]
  fix: leave count out""",
            id="count that KAITO replaces by its own",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "config": "mine"},
            """\
config: the context in ConfigMap 'mine' is not seen here; nodes are planned for 2048 tokens; expected context, which a plan can see [KS217]
  fix: use context and vllm instead of config""",
            id="ConfigMap of the user's own",
        ),
        pytest.param(
            "KaitoWorkspace",
            lambda: {**PHI, "config": pulumi.Output.from_input("mine")},
            """\
config: the context in the ConfigMap, whose name comes from another resource, is not seen here; nodes are planned for 2048 tokens; expected context, which a plan can see [KS217]
  fix: use context and vllm instead of config""",
            id="ConfigMap that is known later",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "expose": "loadBalancer"},
            """\
expose: a public load balancer without authentication, which also opens Ray's ports 6379 and 8265; expected a gateway in front [KN301]
  fix: leave expose out""",
            id="public address",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "timeout_minutes": 5},
            """\
timeout_minutes: 5, but downloading and loading the weights may take 51 minutes; expected 51 or more [KS222]
  fix: leave timeout_minutes out""",
            id="timeout that is too short",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "node_class": "image-family-ubuntu"},
            """\
node_class: without effect: azure-gpu-provisioner reads no NodeClass; expected provisioner='karpenter' [KS105]
  fix: leave node_class out""",
            id="NodeClass without Karpenter",
        ),
        pytest.param("KaitoWorkspace", {**PHI, "timeout_minutes": 5, "wait": False}, "", id="timeout without a wait"),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "model_facts": {"weights_gib": 1}},
            """\
model_facts: without effect: the catalogue has the facts of microsoft/phi-4-mini-instruct; expected facts of a model outside it [KS105]
  fix: leave model_facts out""",
            id="facts of a model the catalogue has",
        ),
        pytest.param(
            "KaitoWorkspace",
            ROCKET,
            """\
access_secret: missing, and it is unknown (not stated for a model outside the catalogue) whether acme/rocket-7b is gated; expected a Secret with the key HF_TOKEN [KS204]
  fix: name a Secret if Hugging Face asks for a token""",
            id="model outside the catalogue, gated or not",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**ROCKET, "model_facts": {**ROCKET["model_facts"], "gated": False}},
            "",
            id="model outside the catalogue, not gated",
        ),
        pytest.param(
            "KaitoWorkspace", {"preset": "llama-3.1-8b-instruct", "local_weights": True}, "", id="gated model from disk"
        ),
        pytest.param(
            "KaitoRagEngine",
            {"embedding": "intfloat/e5", "llm_secret": "key", "node_selector": {"a": "b"}},
            """\
embedding: this model has no effect in KAITO 0.12: it embeds with BAAI/bge-small-en-v1.5 [KS209]
  fix: leave embedding out
llm_secret: without effect: there is no llm; expected llm, or no llm_secret [KS105]
  fix: give llm
node_selector: without effect: the service has no separate node; expected instance_type, or no node_selector [KS105]
  fix: give instance_type""",
            id="arguments of a RAG engine without effect",
        ),
        pytest.param(
            "GpuNodePool",
            {
                "kind": "existing",
                "instance_type": "Standard_NC24ads_A100_v4",
                "labels": {"a": "b"},
                "zones": ["1"],
                "cluster_id": "x",
            },
            """\
zones: without effect on nodes that exist already; expected an argument of a new pool [KS105]
  fix: leave zones out
cluster_id: without effect on nodes that exist already; expected kind='aks', or no cluster_id [KS105]
  fix: leave cluster_id out""",
            id="arguments of a new pool on existing nodes",
        ),
    ],
)
def test_what_is_said_about_what_works(remarks, kind, args, said):
    """A declaration that works is accepted, and what its words hide is logged."""
    assert remarks(kind, {"KaitoWorkspace": "chat", "KaitoRagEngine": "docs", "GpuNodePool": "a100"}[kind], args) == said
