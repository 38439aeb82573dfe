"""What a team runs on the platform: a chat API with an adapter trained here, its documents, and a model that scales.

`kaito-iac plan stacks/workloads --references stacks/workloads/references.json` plans it as if the platform were there.
"""

import pulumi
import pulumi_kubernetes as kubernetes

import kaito_iac as kaito

config = pulumi.Config()
kaito.guard(gpus=config.require_int("maxGpus"))
platform = pulumi.StackReference(config.require("platform"))
cluster = kubernetes.Provider("platform", kubeconfig=platform.require_output("kubeconfig"))
on_platform = pulumi.ResourceOptions(providers=[cluster])
operator = platform.require_output("operator")

team = kaito.KaitoNamespace(
    "contracts", {"team": "contracts", "gpus": config.require_int("maxGpus"), "allowFrom": ["keda"]}, on_platform
)
place = {
    "operator": operator,
    "namespace": team.namespace,
    "instanceType": config.require("instanceType"),
    "location": config.require("location"),
    "labels": {"team": "contracts"},
}

tuned = kaito.KaitoTuning(
    "contracts-adapter",
    {
        **place,
        "preset": kaito.Presets.PHI_4_MINI_INSTRUCT_QLORA,
        "dataset": {"urls": [config.require("dataset")]},
        "output": {"image": config.require("adapterImage"), "pushSecret": "registry"},
    },
    on_platform,
)
chat = kaito.KaitoWorkspace(
    "chat", {**place, "preset": kaito.Presets.PHI_4_MINI_INSTRUCT, "adapters": [tuned.adapter]}, on_platform
)
docs = kaito.KaitoRagEngine(
    "docs",
    {"operator": operator, "namespace": team.namespace, "preset": kaito.Presets.DOCS_FAISS, "llm": chat.endpoint},
    on_platform,
)
summaries = kaito.KaitoInferenceSet(
    "summaries",
    {
        **place,
        "preset": kaito.Presets.PHI_3_5_MINI_INSTRUCT,
        "autoscale": {
            "min": 1,
            "max": 2,
            "metrics": [{"name": "vllm:num_requests_waiting", "upThreshold": 10, "downThreshold": 2}],
        },
    },
    on_platform,
)

pulumi.export("chat", chat.endpoint)
pulumi.export("docs", docs.url)
pulumi.export("documents", docs.indexUrl)
pulumi.export("summaries", summaries.endpoint)
