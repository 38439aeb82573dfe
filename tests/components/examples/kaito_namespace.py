"""Programs with a KaitoNamespace: one of every way to use it."""

from __future__ import annotations

import pulumi

import kaito_iac as kaito

A100 = "Standard_NC24ads_A100_v4"


def namespace_plain() -> None:
    kaito.KaitoNamespace("lab", {"isolated": False})


def namespace_of_a_team() -> None:
    secret = pulumi.Output.secret
    place = kaito.KaitoNamespace(
        "chat",
        {
            "name": "team-chat",
            "team": "chat",
            "gpus": 4,
            "quota": {"persistentvolumeclaims": 10, "requests.storage": "2Ti"},
            "allow_from": ["models", "monitoring"],
            "hugging_face_token": secret("not-a-token"),
            "registry": {"server": "registry.example.com", "username": "puller", "password": secret("not-a-password")},
            "labels": {"example.com/cost": "chat"},
        },
    )
    kaito.KaitoWorkspace(
        "answers",
        {
            "preset": "llama-3.1-8b-instruct",
            "instance_type": A100,
            "namespace": place.namespace,
            "access_secret": place.access_secret,
        },
    )


def namespace_with_vault() -> None:
    kaito.KaitoNamespace(
        "chat",
        {
            "key_vault": {
                "name": "models",
                "tenant_id": "00000000-0000-0000-0000-000000000001",
                "client_id": "00000000-0000-0000-0000-000000000002",
                "secrets": {
                    "hf-token": {"HF_TOKEN": "hugging-face"},
                    "llm": {"LLM_ACCESS_SECRET": "llm-key", "second": "hugging-face"},
                },
            },
        },
    )
