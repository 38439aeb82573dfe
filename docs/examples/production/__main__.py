"""A model in production: a protected cluster and pool, KAITO, two replicas with an owner; the starter `production` passes it.

Costs: the system nodes of the cluster and two A100 nodes on demand; it needs nothing else in the cluster. Check it with
`kaito-iac plan docs/examples/production --policy-pack guardrails --policy-config policies/guardrails/production.json`.
"""

import pulumi

import kaito_iac as kaito

owner = {"owner": "ml-platform"}
cluster = kaito.KaitoCluster(
    "models",
    location="eastus",
    authorized_ip_ranges=["203.0.113.0/24"],
    auto_upgrade={"channel": "patch", "node_os": "SecurityPatch"},
    tags=owner,
)
pool = kaito.GpuNodePool(
    "a100",
    cluster=cluster,
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    count=2,
    for_models=[kaito.Presets.PHI_4],
    upgrade={"max_surge": "0", "max_unavailable": "1"},
    protect=True,
    tags=owner,
)
operator = kaito.KaitoOperator("kaito", cluster=cluster, provisioner="byo", tags=owner)
team = kaito.KaitoNamespace("chat", team="chat", gpus=2, labels=owner, opts=pulumi.ResourceOptions(provider=cluster.provider()))
chat = kaito.KaitoInferenceSet(
    "chat-model",
    preset=kaito.Presets.PHI_4,
    namespace=team.namespace,
    node_pool=pool,
    operator=operator,
    replicas=2,
    labels=owner,
)

pulumi.export("chat", chat.endpoint)
