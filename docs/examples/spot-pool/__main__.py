"""A model on spot nodes: cheaper, and removed when Azure needs the capacity; not for models that users wait for.

Costs: one spot node, counted against the spot quota of the region. After an eviction the model is not available until the pool
has a node again and the weights are downloaded. Of KAITO's pods inference and tuning tolerate spot nodes, and only on Azure; a
RAGEngine does not, and KAITO's device plugin does only with nvidiaDevicePlugin's spotInstance.enabled.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()

pool = kaito.GpuNodePool(
    "spot",
    cluster_id=config.require("clusterId"),
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    count=1,
    spot=True,
    location=config.require("location"),
    tags={"environment": "trial"},
)
batch = kaito.KaitoWorkspace("batch", preset=kaito.Presets.PHI_4, node_pool=pool, context=16384)

pulumi.export("batch", batch.endpoint)
