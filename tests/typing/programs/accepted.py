"""A program that type checkers accept, and what they infer in it."""

from typing import Any, assert_type

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
namespace = config.require_secret("namespace")

pool = kaito.GpuNodePool(
    "a100",
    {
        "clusterId": config.require_secret("clusterId"),
        "instanceType": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
        "min": 1,
        "max": 2,
        "labels": {"team": namespace, "tier": "gold"},
    },
    pulumi.ResourceOptions(protect=True),
)
arguments: kaito.KaitoWorkspaceArgs = {"preset": kaito.Presets.PHI_4_MINI_INSTRUCT, "nodePool": pool, "namespace": namespace}
if config.get_bool("long"):
    arguments["context"] = 32768
chat = kaito.KaitoWorkspace("chat", arguments)
docs = kaito.KaitoRagEngine("docs", {"llm": chat.endpoint, "vectorStore": {"kind": "faiss"}})
elsewhere = kaito.KaitoRagEngine("elsewhere", {"llm": "https://llm.example.com/v1", "contextWindow": 8192})

tuned = kaito.KaitoTuning(
    "law",
    {
        "preset": kaito.Presets.PHI_4_MINI_INSTRUCT_LORA,
        "dataset": {"urls": ["https://data.example.com/a.parquet"]},
        "output": {"image": "registry.example.com/a:1", "pushSecret": namespace},
    },
)
many = kaito.KaitoInferenceSet(
    "many",
    {"preset": "phi-4", "replicas": 2, "adapters": [tuned.adapter, {"name": "tax", "image": "x/tax:1"}], "namespace": namespace},
)
size = {"instanceType": kaito.Sizes.STANDARD_NC24ADS_A100_V4}
roles = kaito.KaitoMultiRoleInference("roles", {"preset": "phi-4", "prefill": size, "decode": size})
weights = kaito.KaitoModelMirror("weights", {"preset": "phi-4", "storageClass": namespace})

assert_type(tuned.adapter, pulumi.Output[dict[str, Any]])
assert_type(many.endpoint, pulumi.Output[dict[str, Any]])
assert_type(many.maxNodes, pulumi.Output[int])
assert_type(roles.roleNodes, pulumi.Output[dict[str, int]])
assert_type(weights.path, pulumi.Output[str | None])
assert_type(pool.selector, pulumi.Output[dict[str, str]])
assert_type(pool.gpusPerNode, pulumi.Output[int])
assert_type(pool.vcpuFamily, pulumi.Output[str | None])
assert_type(chat.endpoint, pulumi.Output[dict[str, Any]])
assert_type(chat.nodes, pulumi.Output[int])
assert_type(chat.gpus, pulumi.Output[int | None])
assert_type(docs.url, pulumi.Output[str])
assert_type(docs.indexUrl, pulumi.Output[str])
assert_type(kaito.fit(kaito.Query(model="phi-4", size="Standard_NC24ads_A100_v4")).nodes, int | kaito.Unknown)


def told(error: kaito.SpecError) -> list[str]:
    return [problem.headline for problem in error.problems]
