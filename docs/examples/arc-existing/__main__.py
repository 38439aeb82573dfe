"""KAITO on a cluster outside Azure that Arc connects: its GPU nodes are there, nobody makes new ones.

Buys nothing. The nodes carry the label apps=gpu and those of GPU feature discovery, and a device plugin of the cluster's own:
KAITO's matches no node under cloud arc, so `gpuOperator` switches it off. The program installs KAITO with nodeProvisioner byo.
"""

import pulumi

import kaito_iac as kaito

operator = kaito.KaitoOperator("kaito", cloud="arc", provisioner="byo", gpu_operator=True)
nodes = kaito.GpuNodePool(
    "lab",
    gpu={"product": "NVIDIA-L40S", "count": 2, "memory_mib": 46068},
    count=1,
    labels={"apps": "gpu"},
)
chat = kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4, operator=operator, node_pool=nodes)

pulumi.export("chat", chat.endpoint)
