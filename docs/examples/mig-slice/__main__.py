"""Two small models share existing H100 nodes: each gets its own MIG slice; needs the gate enableMIG.

Costs: nothing. The nodes exist, cut by the GPU operator with the MIG strategy "mixed", and KAITO runs with nodeProvisioner byo.
"""

import pulumi

import kaito_iac as kaito

nodes = {
    "instance_type": kaito.Sizes.STANDARD_NC40ADS_H100_V5,
    "selector": {"apps": "mig"},
    "max_count": 1,
    "location": "eastus",
}
slice_of_24: kaito.PartitionArgs = {"mode": "mig", "profile": "2g.24gb"}

guard = kaito.KaitoWorkspace("guard", preset=kaito.Presets.QWEN3_5_2B, node_pool=nodes, partition=slice_of_24)
npc = kaito.KaitoInferenceSet("npc", preset=kaito.Presets.QWEN3_5_2B, node_pool=nodes, partition=slice_of_24, replicas=2)

pulumi.export("guard", guard.endpoint)
pulumi.export("npc", npc.endpoint)
