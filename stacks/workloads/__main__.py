"""Workloads of a team on the platform: a chat API with an adapter trained here, its documents, and a model that scales.

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
    "contracts", team="contracts", gpus=config.require_int("maxGpus"), allow_from=["keda"], opts=on_platform
)
size, location, labels = config.require("instanceType"), config.require("location"), {"team": "contracts"}

tuned = kaito.KaitoTuning(
    "contracts-adapter",
    operator=operator,
    namespace=team.namespace,
    instance_type=size,
    location=location,
    labels=labels,
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT_QLORA,
    dataset={"urls": [config.require("dataset")]},
    output={"image": config.require("adapterImage"), "push_secret": "registry"},
    opts=on_platform,
)
chat = kaito.KaitoWorkspace(
    "chat",
    operator=operator,
    namespace=team.namespace,
    instance_type=size,
    location=location,
    labels=labels,
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    adapters=[tuned.adapter],
    opts=on_platform,
)
docs = kaito.KaitoRagEngine(
    "docs",
    operator=operator,
    namespace=team.namespace,
    preset=kaito.Presets.DOCS_FAISS,
    llm=chat.endpoint,
    opts=on_platform,
)
summaries = kaito.KaitoInferenceSet(
    "summaries",
    operator=operator,
    namespace=team.namespace,
    instance_type=size,
    location=location,
    labels=labels,
    preset=kaito.Presets.PHI_3_5_MINI_INSTRUCT,
    autoscale={
        "min_count": 1,
        "max_count": 2,
        "metrics": [{"name": "vllm:num_requests_waiting", "up_threshold": 10, "down_threshold": 2}],
    },
    opts=on_platform,
)

pulumi.export("chat", chat.endpoint)
pulumi.export("docs", docs.url)
pulumi.export("documents", docs.index_url)
pulumi.export("summaries", summaries.endpoint)
