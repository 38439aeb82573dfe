"""The platform below the workloads: an AKS cluster, GPU pools and KAITO; it stops before it goes over its budget."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
kaito.guard(gpus=config.require_int("maxGpus"), usd_per_month=config.require_int("maxUsdPerMonth"), on_unknown="warn")
tags = {"owner": config.require("owner")}

cluster = kaito.KaitoCluster("models", {"location": config.require("location"), "tags": tags})
pools = {
    name: kaito.GpuNodePool(name, {"cluster": cluster, "labels": {"apps": name}, "tags": tags, **args})
    for name, args in config.require_object("pools").items()
}
operator = kaito.KaitoOperator(
    "kaito",
    {"cluster": cluster, "provisioner": config.require("provisioner"), "rag": True, "tags": tags},
    pulumi.ResourceOptions(providers=[cluster.provider()], depends_on=list(pools.values())),
)

pulumi.export("cluster", cluster.clusterId)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("location", cluster.location)
pulumi.export(
    "operator",
    {
        "version": operator.version,
        "provisioner": operator.provisioner,
        "cloud": operator.cloud,
        "featureGates": operator.featureGates,
        "missing": operator.missing,
        "nodeClasses": operator.nodeClasses,
    },
)
pulumi.export("pools", {name: {"selector": pool.selector, "instanceType": pool.instanceType} for name, pool in pools.items()})
