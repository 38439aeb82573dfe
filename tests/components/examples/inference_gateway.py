"""Programs with a InferenceGateway: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito

A100 = "Standard_NC24ads_A100_v4"


def gateway_one_model() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100})
    kaito.InferenceGateway("edge", {"endpoints": {"chat": chat.endpoint}, "expose": "cluster", "auth": "none", "wait": False})


def gateway_many_models() -> None:
    chat = kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, "namespace": "ai"})
    roles = {"prefill": {"instance_type": A100}, "decode": {"instance_type": A100}}
    split = kaito.KaitoMultiRoleInference("split", {"preset": "phi-4", **roles})
    kaito.InferenceGateway(
        "edge",
        {
            "name": "models",
            "namespace": "ai",
            "endpoints": {
                "chat": {"endpoint": chat.endpoint, "models": ["law"]},
                "split": {"endpoint": split.endpoint, "inference_pool": True},
            },
            "hosts": ["ai.models.example.com", "ai.models.example.org"],
            "gateway_class": "approuting-istio",
            "expose": "public",
            "source_ranges": ["203.0.113.0/24", "2001:db8::/32"],
            "tls_secret": "models-tls",
            "auth_service": {"namespace": "auth"},
            "router_service": {"name": "bbr", "namespace": "kaito-system", "port": 9005},
            "timeout_seconds": 1800,
            "labels": {"team": "ml"},
        },
    )
