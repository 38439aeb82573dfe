"""Programs with a KaitoRagEngine: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito


def rag_on_endpoint() -> None:
    chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "context": 16384})
    kaito.KaitoRagEngine("docs", {"llm": chat.endpoint, "labels": {"team": "ml"}})


def rag_on_address() -> None:
    kaito.KaitoRagEngine(
        "docs",
        {
            "llm": "https://llm.example.com/v1/",
            "llm_secret": "llm-key",
            "context_window": 32768,
            "guardrails": {"config_map": "rails"},
            "instance_type": "Standard_D8s_v5",
            "namespace": "ai",
            "timeout_minutes": 30,
        },
    )


def rag_retrieval_only() -> None:
    kaito.KaitoRagEngine("docs", {"preset": "docs-memory", "wait": False})


def rag_qdrant() -> None:
    kaito.KaitoRagEngine(
        "docs",
        {
            "preset": "docs-qdrant",
            "vector_store": {"url": "http://qdrant.ai:6333", "access_secret": "qdrant-key"},
            "llm": {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4", "context_tokens": 16384},
        },
    )


def rag_existing_claim() -> None:
    kaito.KaitoRagEngine("docs", {"storage": {"claim": "my-claim", "mount_path": "/data"}})
