"""Two A100 nodes that Karpenter keeps in a cluster that exists, and a model on them; KAITO runs with nodeProvisioner byo."""

import pulumi

import kaito_iac as kaito

cluster = kaito.KaitoCluster(
    "models",
    {
        "adoptId": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/models"
        "/providers/Microsoft.ContainerService/managedClusters/models",
        "location": "eastus",
    },
)
pool = kaito.GpuNodePool(
    "a100",
    {
        "kind": "karpenter",
        "cluster": cluster,
        "instanceType": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
        "count": 2,
        "zones": ["1"],
        "forModels": [kaito.Presets.PHI_4],
        "replaceDrifted": 1,
    },
)
chat = kaito.KaitoWorkspace(
    "chat",
    {"preset": kaito.Presets.PHI_4, "nodePool": pool},
    pulumi.ResourceOptions(provider=cluster.provider()),
)

pulumi.export("chat", chat.endpoint)
