"""A cluster with one A100 node, KAITO with nodeProvisioner byo, and a chat model.

Costs: the system nodes of the cluster and the A100 node.
"""

import pulumi

import kaito_iac as kaito

cluster = kaito.KaitoCluster(
    "models",
    location="eastus",
    authorized_ip_ranges=["203.0.113.0/24"],
    auto_upgrade={"channel": "patch", "node_os": "SecurityPatch"},
    tags={"owner": "ml"},
)
pool = kaito.GpuNodePool(
    "a100",
    cluster=cluster,
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    min_count=1,
    max_count=2,
    for_models=[kaito.Presets.PHI_4_MINI_INSTRUCT],
    upgrade={"max_surge": "0", "max_unavailable": "1"},
)
operator = kaito.KaitoOperator("kaito", cluster=cluster, provisioner="byo", tags={"owner": "ml"})
chat = kaito.KaitoWorkspace(
    "chat",
    preset=kaito.Presets.PHI_4_MINI_INSTRUCT,
    node_pool=pool,
    operator=operator,
)

pulumi.export("cluster", cluster.cluster_id)
pulumi.export("chat", chat.endpoint)
