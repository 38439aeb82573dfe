"""A pool of H100 nodes and a model on it; tests/ asserts what they may hold, cost and expose.

Costs: one to two nodes with an H100 each, as the model needs them. Needs the KAITO operator with provisioner byo.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

pool = kaito.GpuNodePool(
    "h100",
    cluster_id=config.require("clusterId"),
    instance_type=kaito.Sizes.STANDARD_NC40ADS_H100_V5,
    location="eastus",
    min_count=1,
    max_count=config.require_int("most"),
    tags={"owner": "search"},
)
chat = kaito.KaitoWorkspace("chat", preset="phi-4", node_pool=pool)

pulumi.export("chat", chat.endpoint)
