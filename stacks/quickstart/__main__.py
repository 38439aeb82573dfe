"""Quickstart: phi-3.5-mini-instruct on one A100, on a new AKS pool or on nodes that exist."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
key, _, value = config.require("nodeLabel").partition("=")
placed = (
    {"clusterId": config.get("clusterId") or None, "kind": "aks"}
    if config.require("nodes") == "aks"
    else {"labels": {key: value}, "kind": config.require("nodes")}
)

pool = kaito.GpuNodePool(
    "a100",
    {"instanceType": kaito.Sizes.STANDARD_NC24ADS_A100_V4, "count": 1, "location": config.require("location"), **placed},
)
chat = kaito.KaitoWorkspace(
    "chat",
    {"preset": kaito.Presets.PHI_3_5_MINI_INSTRUCT, "nodePool": pool, "namespace": config.require("namespace")},
)

pulumi.export("endpoint", chat.endpoint)
