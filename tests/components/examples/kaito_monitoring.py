"""Programs with a KaitoMonitoring: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito

A100 = "Standard_NC24ads_A100_v4"


def monitoring_prometheus() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, "namespace": "ai"})
    kaito.KaitoMonitoring("models", {"endpoints": {"chat": chat.endpoint}, "labels": {"release": "prometheus"}})


def monitoring_azure() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100})
    account = "/subscriptions/0/resourceGroups/watch/providers/Microsoft.Monitor/accounts/main"
    kaito.KaitoMonitoring(
        "models",
        {
            "endpoints": {"chat": chat.endpoint},
            "flavour": "azureMonitor",
            "azure_monitor_workspace_id": account,
            "alerts": {"waiting_requests": 50, "first_token_seconds": 2.5},
            "interval_seconds": 60,
            "dashboard": False,
            "namespace": "watch",
        },
    )
