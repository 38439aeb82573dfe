"""Engine arguments of your own, in two ways: typed, which a plan can see, or in a ConfigMap that exists already.

Costs: two A100 nodes. `chat` gets a ConfigMap whose name changes with its content, so pods follow a change. `batch` names a
ConfigMap, whose context a plan does not see, and it reports this. Its pods follow a change only when they are created again.
"""

import pulumi

import kaito_iac as kaito

location = pulumi.Config().require("location")

chat = kaito.KaitoWorkspace(
    "chat",
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    location=location,
    preset=kaito.Presets.PHI_4,
    context=16384,
    vllm={"max-num-seqs": 64, "gpu-memory-utilization": 0.9, "kv-cache-dtype": "fp8"},
)
settings = kaito.ConfigMap(
    "settings",
    metadata={"name": "batch-settings", "namespace": "default"},
    data={"inference_config.yaml": "vllm:\n  max-model-len: 8192\n  max-num-seqs: 512\n"},
)
batch = kaito.KaitoWorkspace(
    "batch",
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    location=location,
    preset=kaito.Presets.PHI_4,
    config="batch-settings",
    performance_mode="throughput",
    opts=pulumi.ResourceOptions(depends_on=[settings]),
)

pulumi.export("chat", chat.endpoint)
pulumi.export("batch", batch.endpoint)
