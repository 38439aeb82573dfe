"""A cluster with one GPU pool, as the tests of its life on Azure want it."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
cluster = kaito.KaitoCluster(
    "models", location="eastus", system_pool={"min_count": 1, "max_count": 3}, protect=config.get_bool("protect") or False
)
pool = kaito.GpuNodePool(
    "a100",
    cluster=cluster,
    instance_type=config.get("size") or "Standard_NC24ads_A100_v4",
    min_count=1,
    max_count=2,
    labels={"team": config.get("team") or "ml"},
    for_models=["phi-4-mini-instruct"],
)
for key in kaito.KaitoCluster.__annotations__:
    pulumi.export(key, getattr(cluster, key))
pulumi.export("maxNodes", pool.max_nodes)
