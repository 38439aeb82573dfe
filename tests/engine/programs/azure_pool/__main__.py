"""A cluster with one GPU pool, as the tests of its life on Azure want it."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
cluster = kaito.KaitoCluster(
    "models", {"location": "eastus", "systemPool": {"min": 1, "max": 3}, "protect": config.get_bool("protect") or False}
)
pool = kaito.GpuNodePool(
    "a100",
    {
        "cluster": cluster,
        "instanceType": config.get("size") or "Standard_NC24ads_A100_v4",
        "min": 1,
        "max": 2,
        "labels": {"team": config.get("team") or "ml"},
        "forModels": ["phi-4-mini-instruct"],
    },
)
for key in kaito.KaitoCluster.__annotations__:
    pulumi.export(key, getattr(cluster, key))
pulumi.export("maxNodes", pool.maxNodes)
