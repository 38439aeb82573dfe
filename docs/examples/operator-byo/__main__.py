"""KAITO on a cluster that exists, for GPU nodes that exist: NVIDIA's GPU operator owns drivers and labels.

Buys nothing: the model runs on a slice of a node that is there. The program switches on what it needs, the gate enableMIG.
"""

import pulumi

import kaito_iac as kaito

operator = kaito.KaitoOperator(
    "kaito",
    {"provisioner": "byo", "gpuOperator": True, "featureGates": {"enableMIG": True}},
)
nodes = {"instanceType": kaito.Sizes.STANDARD_NC40ADS_H100_V5, "selector": {"apps": "mig"}, "max": 1, "location": "eastus"}
npc = kaito.KaitoWorkspace(
    "npc",
    {
        "preset": kaito.Presets.QWEN3_5_2B,
        "operator": operator,
        "nodePool": nodes,
        "partition": {"mode": "mig", "profile": "2g.24gb"},
    },
)

pulumi.export("release", operator.version)
pulumi.export("npc", npc.endpoint)
