"""KAITO on a cluster outside Azure that is connected by Azure Arc: its GPU nodes exist, and none are created.

Costs: nothing. The nodes have the label apps=gpu, the labels of GPU feature discovery, and a device plugin of the cluster:
KAITO's matches no node with cloud arc, so `gpu_operator` switches it off. The program installs KAITO with nodeProvisioner byo.
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
