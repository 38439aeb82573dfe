"""From nothing to a model on AKS: a cluster, KAITO in it, a pool of GPU nodes and a chat model on the pool.

Costs: the system nodes of the cluster and the GPU nodes. The account that deploys must be allowed to create clusters.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
tags = {"owner": config.require("owner")}

cluster = kaito.KaitoCluster("models", location=config.require("location"), tags=tags)
pool = kaito.GpuNodePool(
    "gpu",
    cluster=cluster,
    instance_type=config.require("instanceType"),
    count=config.require_int("nodes"),
    labels={"apps": "gpu"},
    tags=tags,
)
operator = kaito.KaitoOperator("kaito", provisioner="byo", cluster=cluster, tags=tags)
chat = kaito.KaitoWorkspace("chat", preset=config.require("preset"), operator=operator, node_pool=pool)

pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("chat", chat.endpoint)
