"""Two A100 nodes that Karpenter maintains in a cluster that exists, and a model on them; KAITO runs with nodeProvisioner byo.

Costs: the two nodes.
"""

import pulumi

import kaito_iac as kaito

cluster = kaito.KaitoCluster(
    "models",
    adopt_id="/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/models"
    "/providers/Microsoft.ContainerService/managedClusters/models",
    location="eastus",
)
pool = kaito.GpuNodePool(
    "a100",
    kind="karpenter",
    cluster=cluster,
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    count=2,
    zones=["1"],
    for_models=[kaito.Presets.PHI_4],
    replace_drifted=1,
)
chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.PHI_4,
    node_pool=pool,
)

pulumi.export("chat", chat.endpoint)
