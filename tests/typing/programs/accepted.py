"""A program that type checkers accept, and what they infer in it."""

from typing import Any, assert_type

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
namespace = config.require_secret("namespace")

pool = kaito.GpuNodePool(
    "a100",
    {
        "cluster_id": config.require_secret("clusterId"),
        "instance_type": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
        "min_count": 1,
        "max_count": 2,
        "labels": {"team": namespace, "tier": "gold"},
    },
    pulumi.ResourceOptions(protect=True),
)
arguments: kaito.KaitoWorkspaceArgs = {"preset": kaito.Presets.PHI_4_MINI_INSTRUCT, "node_pool": pool, "namespace": namespace}
if config.get_bool("long"):
    arguments["context"] = 32768
chat = kaito.KaitoWorkspace("chat", arguments)
docs = kaito.KaitoRagEngine("docs", {"llm": chat.endpoint, "vector_store": {"kind": "faiss"}})
elsewhere = kaito.KaitoRagEngine("elsewhere", {"llm": "https://llm.example.com/v1", "context_window": 8192})

tuned = kaito.KaitoTuning(
    "law",
    {
        "preset": kaito.Presets.PHI_4_MINI_INSTRUCT_LORA,
        "dataset": {"urls": ["https://data.example.com/a.parquet"]},
        "output": {"image": "registry.example.com/a:1", "push_secret": namespace},
    },
)
many = kaito.KaitoInferenceSet(
    "many",
    {"preset": "phi-4", "replicas": 2, "adapters": [tuned.adapter, {"name": "tax", "image": "x/tax:1"}], "namespace": namespace},
)
size: kaito.RoleArgs = {"instance_type": kaito.Sizes.STANDARD_NC24ADS_A100_V4}
roles = kaito.KaitoMultiRoleInference("roles", {"preset": "phi-4", "prefill": size, "decode": size})
weights = kaito.KaitoModelMirror("weights", {"preset": "phi-4", "storage_class": namespace})

engine: kaito.VllmArguments = {"max-num-seqs": 64, "enable-auto-tool-choice": True, "tool-call-parser": "hermes"}
slow: kaito.MetricArgs = {
    "name": "vllm:e2e_request_latency_seconds",
    "type": "histogram",
    "up_threshold": 20,
    "down_threshold": 5,
}
scaled = kaito.KaitoInferenceSet(
    "scaled",
    {
        "preset": "phi-4",
        "vllm": engine,
        "vllm_extra": {"newer-than-the-list": 1},
        "autoscale": {"max_count": 4, "metrics": [slow]},
        "auto_upgrade": {"strategy": "Surge", "maintenance_window": {"schedule": namespace, "duration": "4h"}},
    },
)
quantised: kaito.TrainingArgs = {
    "QuantizationConfig": {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"},
    "LoraConfig": {"r": 16, "target_modules": ["q_proj"]},
    "TrainingArguments": {"num_train_epochs": 2},
}
own: kaito.ModelFactsArgs = {"weights_gib": 7.5, "bytes_per_token": 131072, "max_context_tokens": 32768}
sliced = kaito.KaitoWorkspace(
    "sliced", {"preset": "a/b", "model_facts": own, "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}}
)
guarded = kaito.KaitoRagEngine("guarded", {"storage": {"claim": namespace}, "guardrails": {"config_map": namespace}})
owner = {"owner": "ml"}
labelled = kaito.KaitoWorkspace("labelled", preset="phi-4", labels=owner, opts=pulumi.ResourceOptions(protect=True))
operator = kaito.KaitoOperator("kaito", provisioner="byo", tags=owner, feature_gates={"enableMIG": True})
other = pulumi.StackReference("organization/platform/prod")
placed = kaito.KaitoWorkspace("placed", preset="phi-4", node_pool=pool, operator=operator)
far = kaito.KaitoWorkspace("far", preset="phi-4", operator=other.require_output("operator"))
served: kaito.KaitoWorkspaceArgs = {"preset": "phi-4", "expose": "cluster"}

assert_type(served.get("vllm"), kaito.VllmArguments | None)
assert_type(tuned.adapter, pulumi.Output[kaito.Adapter])
assert_type(many.endpoint, pulumi.Output[kaito.Endpoint])
assert_type(many.max_nodes, pulumi.Output[int])
assert_type(roles.role_nodes, pulumi.Output[dict[str, int]])
assert_type(weights.path, pulumi.Output[str | None])
assert_type(operator.reference, pulumi.Output[dict[str, Any]])
assert_type(pool.selector, pulumi.Output[dict[str, str]])
assert_type(pool.gpus_per_node, pulumi.Output[int])
assert_type(pool.vcpu_family, pulumi.Output[str | None])
assert_type(chat.endpoint, pulumi.Output[kaito.Endpoint])
assert_type(chat.nodes, pulumi.Output[int])
assert_type(chat.gpus, pulumi.Output[int | None])
assert_type(docs.url, pulumi.Output[str])
assert_type(docs.index_url, pulumi.Output[str])
assert_type(kaito.fit(kaito.Query(model="phi-4", size="Standard_NC24ads_A100_v4")).nodes, int | kaito.Unknown)


def told(error: kaito.SpecError) -> list[str]:
    return [problem.headline for problem in error.problems]


planned = kaito.plan("stacks/quickstart", quota="quota.yaml")
assert_type(planned, kaito.Plan)
assert_type(planned.errors, tuple[kaito.Problem, ...])
assert_type(planned.demands[0].nodes, kaito.Range | kaito.Unknown)
assert_type(planned.usd_per_month, kaito.Total)
