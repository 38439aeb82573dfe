# ruff: noqa: E501 -- messages are whole lines
"""What is said about a declaration that works, but costs, exposes or means something else than the words suggest."""

import pulumi
import pytest

PHI = {"preset": "phi-4-mini-instruct"}
POOL = {"instanceType": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}}
ROCKET = {
    "preset": "acme/rocket-7b",
    "instanceType": "Standard_NC24ads_A100_v4",
    "modelFacts": {"weightsGiB": 14.2, "bytesPerToken": 131072.0, "maxContextTokens": 32768},
}


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        pytest.param("KaitoWorkspace", PHI, "", id="nothing to say"),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "nodeSelector": {"kaito.sh/workspace": "chat", "team": "a"}},
            """\
nodeSelector.kaito.sh/workspace: 'kaito.sh/workspace' is KAITO's own: KAITO drops it from the selector; expected a label of your own [KS208]
  fix: remove it, or choose another key""",
            id="reserved label beside another",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "nodePool": POOL, "nodeSelector": {"kaito.sh/workspace": "chat"}},
            """\
nodeSelector.kaito.sh/workspace: 'kaito.sh/workspace' is KAITO's own: KAITO drops it from the selector; expected a label of your own [KS208]
  fix: remove it, or choose another key""",
            id="reserved label beside the pool's",
        ),
        pytest.param(
            "KaitoRagEngine",
            {"instanceType": "Standard_D8s_v5", "nodeSelector": {"kaito.sh/ragengine": "docs"}},
            """\
nodeSelector.kaito.sh/ragengine: 'kaito.sh/ragengine' is KAITO's own: KAITO drops it from the selector; expected a label of your own [KS208]
  fix: remove it, or choose another key""",
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
expose: a public load balancer without authentication, which also opens Ray's ports 6379 and 8265; expected cluster [KN301]
  fix: leave expose out and put a gateway in front""",
            id="public address",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "timeoutMinutes": 5},
            """\
timeoutMinutes: 5, but downloading and loading the weights may take 51 minutes; expected 51 or more [KS222]
  fix: leave timeoutMinutes out""",
            id="timeout that is too short",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "nodeClass": "image-family-ubuntu"},
            """\
nodeClass: without effect: azure-gpu-provisioner reads no NodeClass; expected provisioner='karpenter' [KS105]
  fix: leave nodeClass out""",
            id="NodeClass without Karpenter",
        ),
        pytest.param("KaitoWorkspace", {**PHI, "timeoutMinutes": 5, "wait": False}, "", id="timeout without a wait"),
        pytest.param(
            "KaitoWorkspace",
            {**PHI, "modelFacts": {"weightsGiB": 1}},
            """\
modelFacts: without effect: the catalogue knows microsoft/phi-4-mini-instruct; expected facts of a model outside it [KS105]
  fix: leave modelFacts out""",
            id="facts of a model the catalogue has",
        ),
        pytest.param(
            "KaitoWorkspace",
            ROCKET,
            """\
accessSecret: missing, and it is unknown (not stated for a model outside the catalogue) whether acme/rocket-7b is gated; expected the name of a Secret with the key HF_TOKEN [KS204]
  fix: give accessSecret if Hugging Face asks for a token""",
            id="model outside the catalogue, gated or not",
        ),
        pytest.param(
            "KaitoWorkspace",
            {**ROCKET, "modelFacts": {**ROCKET["modelFacts"], "gated": False}},
            "",
            id="model outside the catalogue, not gated",
        ),
        pytest.param("KaitoWorkspace", {"preset": "llama-3.1-8b-instruct", "localWeights": True}, "", id="gated model from disk"),
        pytest.param(
            "KaitoRagEngine",
            {"embedding": "intfloat/e5", "llmSecret": "key", "nodeSelector": {"a": "b"}},
            """\
embedding: 'intfloat/e5', which KAITO 0.12 ignores: it always embeds with BAAI/bge-small-en-v1.5; expected BAAI/bge-small-en-v1.5 [KS209]
  fix: leave embedding out
llmSecret: without effect: there is no llm; expected llm, or no llmSecret [KS105]
  fix: give llm
nodeSelector: without effect: the service has no node of its own; expected instanceType, or no nodeSelector [KS105]
  fix: give instanceType""",
            id="arguments of a RAG engine without effect",
        ),
        pytest.param(
            "GpuNodePool",
            {
                "kind": "existing",
                "instanceType": "Standard_NC24ads_A100_v4",
                "labels": {"a": "b"},
                "zones": ["1"],
                "clusterId": "x",
            },
            """\
zones: without effect on nodes that exist already; expected an argument of a new pool [KS105]
  fix: leave zones out
clusterId: without effect on nodes that exist already; expected kind='aks', or no clusterId [KS105]
  fix: leave clusterId out""",
            id="arguments of a new pool on existing nodes",
        ),
    ],
)
def test_what_is_said_about_what_works(remarks, kind, args, said):
    """A declaration that works is accepted, and what its words hide is logged."""
    assert remarks(kind, {"KaitoWorkspace": "chat", "KaitoRagEngine": "docs", "GpuNodePool": "a100"}[kind], args) == said
