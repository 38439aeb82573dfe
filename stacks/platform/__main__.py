"""A platform for workloads: an AKS cluster, GPU pools and KAITO; the program stops before it exceeds its budget."""

from typing import Any, cast

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
kaito.guard(gpus=config.require_int("maxGpus"), usd_per_month=config.require_int("maxUsdPerMonth"), on_unknown="warn")
tags = {"owner": config.require("owner")}

cluster = kaito.KaitoCluster("models", location=config.require("location"), tags=tags)
pools = {
    name: kaito.GpuNodePool(
        name,
        cluster=cluster,
        instance_type=nodes["instanceType"],
        count=nodes.get("count"),
        min_count=nodes.get("minCount"),
        max_count=nodes.get("maxCount"),
        labels={"apps": name},
        tags=tags,
    )
    for name, nodes in config.require_object("pools").items()
}
operator = kaito.KaitoOperator(
    "kaito",
    cluster=cluster,
    provisioner=cast(Any, config.require("provisioner")),  # a wrong word is refused when the program runs
    rag=True,
    tags=tags,
    opts=pulumi.ResourceOptions(providers=[cluster.provider()], depends_on=list(pools.values())),
)

pulumi.export("cluster", cluster.cluster_id)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("location", cluster.location)
pulumi.export("operator", operator.reference)
pulumi.export("pools", {name: pool.reference for name, pool in pools.items()})
