"""Programs with a KaitoWorkspace: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito

CLUSTER = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"
A100 = "Standard_NC24ads_A100_v4"


def workspace_on_pool() -> None:
    pool = kaito.GpuNodePool("a100", {"cluster_id": CLUSTER, "instance_type": A100, "count": 1, "location": "eastus"})
    kaito.KaitoWorkspace("chat", {"preset": "phi-3.5-mini-instruct", "node_pool": pool, "node_selector": {"team": "ml"}})


def workspace_provisioned() -> None:
    kaito.KaitoWorkspace(
        "chat",
        {
            "preset": "llama-3.3-70b-instruct",
            "instance_type": A100,
            "access_secret": "hf-token",
            "namespace": "ai",
            "location": "eastus",
            "labels": {"team": "ml"},
            "annotations": {"example.com/note": "for the chat team"},
            "performance_mode": "throughput",
            "benchmark": True,
        },
    )


def workspace_by_id() -> None:
    kaito.KaitoWorkspace("chat", {"preset": "Qwen/Qwen3.6-27B", "instance_type": "Standard_NC40ads_H100_v5", "name": "qwen"})


def workspace_own_model() -> None:
    kaito.KaitoWorkspace(
        "rocket",
        {
            "preset": "Acme/Rocket-7B",
            "model_facts": {"weights_gib": 14.2, "bytes_per_token": 131072, "max_context_tokens": 32768, "gated": False},
            "instance_type": A100,
            "wait": False,
        },
    )


def workspace_template() -> None:
    kaito.KaitoWorkspace(
        "own",
        {
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "server",
                            "image": "example.com/server:1",
                            "ports": [{"containerPort": 8080}],
                            "resources": {"limits": {"nvidia.com/gpu": "1"}},
                        }
                    ]
                }
            },
            "instance_type": "Standard_NC24ads_A100_v4",
            "count": 2,
        },
    )


def workspace_transformers() -> None:
    kaito.KaitoWorkspace(
        "phi",
        {
            "preset": "phi-4",
            "instance_type": A100,
            "runtime": "transformers",
            "adapters": [
                {"name": "law", "image": "example.com/law:1", "strength": 0.5, "image_pull_secrets": ["pull"]},
                {"name": "tax", "volume": {"persistentVolumeClaim": {"claimName": "tax"}}},
            ],
        },
    )


def workspace_configured() -> None:
    kaito.KaitoWorkspace(
        "chat",
        {
            "preset": "phi-4-mini-instruct",
            "context": 8192.0,  # type: ignore[typeddict-item]  # as other languages send it
            "vllm": {
                "max-num-seqs": 64.0,
                "enable-prefix-caching": True,
                "kv-cache-dtype": "auto",
                "seed": None,
            },
            "vllm_extra": {"override": "1e3"},
            "adapters": [{"name": "law", "image": "example.com/law:1"}],
        },
    )


def workspace_own_config() -> None:
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "config": "my-config", "timeout_minutes": 90})


def workspace_slice() -> None:
    pool = {"instance_type": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max_count": 2, "location": "eastus"}
    kaito.KaitoWorkspace("npc", {"preset": "qwen3.5-2b", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.24gb"}})


def workspace_exposed() -> None:
    kaito.KaitoWorkspace(
        "demo",
        {
            "preset": "phi-4-mini-instruct",
            "expose": "loadBalancer",
            "local_weights": True,
            "node_class": "image-family-ubuntu",
            "provisioner": "karpenter",
        },
    )


def workspace_blue_green() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "context": 16384, "replacement": "blueGreen"})
    kaito.KaitoRagEngine("docs", {"llm": chat.endpoint})
    kaito.InferenceGateway("edge", {"endpoints": {"chat": chat.endpoint}, "hosts": ["default.models.example.com"]})
