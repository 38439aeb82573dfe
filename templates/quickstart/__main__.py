"""Quickstart: phi-3.5-mini-instruct on one A100, on a new AKS pool or on nodes that exist."""

from typing import Any, cast

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
nodes: kaito.GpuNodePoolArgs = {
    "kind": cast(Any, config.require("nodes")),  # a wrong word is refused when the program runs
    "instance_type": kaito.Sizes.STANDARD_NC24ADS_A100_V4,
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
    preset=kaito.Presets.PHI_3_5_MINI_INSTRUCT,
    node_pool=pool,
    namespace=config.require("namespace"),
)

pulumi.export("endpoint", chat.endpoint)
