"""Programs with a KaitoInferenceSet: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"


def set_fixed() -> None:
    kaito.KaitoInferenceSet(
        "chat", {"preset": "phi-4-mini-instruct", "replicas": 3, "context": 8192, "location": "eastus", "labels": {"team": "ml"}}
    )


def set_autoscaled() -> None:
    metric = {
        "name": "vllm:e2e_request_latency_seconds",
        "type": "histogram",
        "up_threshold": 8,
        "down_threshold": 0.5,
        "cache_window": 30,
    }
    kaito.KaitoInferenceSet(
        "chat",
        {
            "preset": "llama-3.3-70b-instruct",
            "access_secret": "hf-token",
            "autoscale": {
                "min_count": 1,
                "max_count": 4,
                "metrics": [metric],
                "scale_down_cooldown": 600.0,
                "evaluation_window": 30,
            },
            "auto_upgrade": {"strategy": "Surge", "maintenance_window": {"schedule": "0 2 * * sat", "duration": "4h"}},
            "max_nodes": 40,
            "replica_annotations": {"kaito.sh/node-image-family": "azurelinux"},
            "replica_labels": {"team": "ml"},
            "update_strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
        },
    )


def set_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100, "count": 2, "location": "eastus"})
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4", "node_pool": pool, "replicas": 2, "runtime": "transformers"})


def set_slices_to_zero() -> None:
    pool = {"instance_type": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max_count": 1}
    kaito.KaitoInferenceSet(
        "npc",
        {"preset": "qwen3.5-2b", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}, "replicas": 0},
    )


def set_by_the_clock() -> None:
    office = {"start": "0 7 * * 1-5", "end": "0 19 * * 1-5", "timezone": "Europe/Berlin", "replicas": 4}
    kaito.KaitoInferenceSet(
        "chat",
        {"preset": "phi-4-mini-instruct", "location": "eastus", "autoscale": {"min_count": 0, "max_count": 4, "cron": [office]}},
    )


def set_without_service() -> None:
    kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "service": False, "location": "eastus"})


def set_template() -> None:
    kaito.KaitoInferenceSet(
        "own",
        {
            "template": {"spec": {"containers": [{"name": "server", "image": "example.com/server:1"}]}},
            "instance_type": A100,
            "replicas": 2,
            "namespace": "ai",
        },
    )
