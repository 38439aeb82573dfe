"""Quickstart: one model on one GPU node, of a new AKS pool or one that exists."""

from typing import Any, cast

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
nodes: kaito.GpuNodePoolArgs = {
    "kind": cast(Any, config.require("nodes")),  # a wrong word is refused when the program runs
    "instance_type": config.require("instanceType"),
    "count": 1,
    "location": config.require("location"),
}
if nodes["kind"] == "existing":
    key, _, value = config.require("nodeLabel").partition("=")
    nodes["labels"] = {key: value}
elif cluster := config.get("clusterId"):
    nodes["cluster_id"] = cluster

pool = kaito.GpuNodePool("a100", nodes)
chat = kaito.KaitoWorkspace(
    "chat",
    preset=config.require("preset"),
    node_pool=pool,
    namespace=config.require("namespace"),
)

pulumi.export("endpoint", chat.endpoint)
