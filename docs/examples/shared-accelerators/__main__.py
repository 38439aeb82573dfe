"""Two models share one existing node of four A100: one takes two whole GPUs, two replicas of the other one each.

Buys nothing: the node exists. KAITO runs with nodeProvisioner byo and the gate enableAccelerator. GPUs that nobody asks for stay
free; without a partition a model takes all four, and runs four times where it fits one.
"""

import pulumi

import kaito_iac as kaito

nodes = {
    "instance_type": kaito.Sizes.STANDARD_NC96ADS_A100_V4,
    "selector": {"apps": "shared"},
    "max_count": 1,
    "location": "eastus",
}

code = kaito.KaitoWorkspace(
    "code",
    preset=kaito.Presets.QWEN2_5_CODER_32B_INSTRUCT,
    node_pool=nodes,
    partition={"mode": "accelerator", "count": 2},
    context=32768,
)
chat = kaito.KaitoInferenceSet(
    "chat",
    preset=kaito.Presets.PHI_4,
    node_pool=nodes,
    partition={"mode": "accelerator", "count": 1},
    replicas=2,
)

pulumi.export("code", code.endpoint)
pulumi.export("chat", chat.endpoint)
