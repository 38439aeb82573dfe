"""Programs with a KaitoMultiRoleInference: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"


def multi_role_benchmarked() -> None:
    size = {"instance_type": A100}
    kaito.KaitoMultiRoleInference("chat", {"preset": "phi-4", "prefill": size, "decode": size, "benchmark": True})


def multi_role() -> None:
    kaito.KaitoMultiRoleInference(
        "chat",
        {
            "preset": "phi-4-mini-instruct",
            "prefill": {"instance_type": "Standard_NC40ads_H100_v5", "replicas": 2, "context": 16384},
            "decode": {"instance_type": A100, "replicas": 3.0, "context": 8192, "vllm": {"max-num-seqs": 64}},
            "epp_plugins_config": "plugins",
        },
    )


def multi_role_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100, "count": 2})
    kaito.KaitoMultiRoleInference(
        "chat", {"preset": "phi-4", "node_pool": pool, "prefill": {"replicas": 1}, "decode": {"config": "decode"}}
    )
