"""Two models share one existing node with four A100: one uses two whole GPUs, two replicas of the other use one each.

Costs: nothing. The node exists. KAITO runs with nodeProvisioner byo and the gate enableAccelerator. GPUs that no model requests
stay free; without a partition a model uses all four, and runs four times if it fits on one.
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
