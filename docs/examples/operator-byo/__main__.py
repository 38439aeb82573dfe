"""KAITO on a cluster that exists, for GPU nodes that exist: NVIDIA's GPU operator manages drivers and labels.

Costs: nothing. The model runs on a slice of an existing node. The program switches on what it needs, the gate enableMIG.
"""

import pulumi

import kaito_iac as kaito

operator = kaito.KaitoOperator(
    "kaito",
    provisioner="byo",
    gpu_operator=True,
    feature_gates={"enableMIG": True},
)
nodes = {"instance_type": kaito.Sizes.STANDARD_NC40ADS_H100_V5, "selector": {"apps": "mig"}, "max_count": 1, "location": "eastus"}
npc = kaito.KaitoWorkspace(
    "npc",
    preset=kaito.Presets.QWEN3_5_2B,
    operator=operator,
    node_pool=nodes,
    partition={"mode": "mig", "profile": "2g.24gb"},
)

pulumi.export("release", operator.version)
pulumi.export("npc", npc.endpoint)
