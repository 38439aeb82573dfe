"""A cluster with one A100 node, and a chat model on it; KAITO itself is installed with nodeProvisioner byo."""

import pulumi

import kaito_iac as kaito

cluster = kaito.KaitoCluster(
    "models",
    {
        "location": "eastus",
        "authorizedIpRanges": ["203.0.113.0/24"],
        "autoUpgrade": {"channel": "patch", "nodeOs": "SecurityPatch"},
        "tags": {"owner": "ml"},
    },
)
pool = kaito.GpuNodePool(
    "a100",
    {
        "cluster": cluster,
        "instanceType": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
        "min": 1,
        "max": 2,
        "forModels": [kaito.Presets.PHI_4_MINI_INSTRUCT],
        "upgrade": {"maxSurge": "0", "maxUnavailable": "1"},
    },
)
chat = kaito.KaitoWorkspace(
    "chat",
    {"preset": kaito.Presets.PHI_4_MINI_INSTRUCT, "nodePool": pool},
    pulumi.ResourceOptions(provider=cluster.provider()),
)

pulumi.export("cluster", cluster.clusterId)
pulumi.export("chat", chat.endpoint)
