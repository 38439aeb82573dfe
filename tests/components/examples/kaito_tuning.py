"""Programs with a KaitoTuning: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito

A100 = "Standard_NC24ads_A100_v4"


def tuning_preset() -> None:
    kaito.KaitoTuning(
        "law",
        {
            "preset": "phi-4-mini-instruct-qlora",
            "dataset": {"urls": ["https://data.example.com/law.parquet"]},
            "output": {"image": "registry.example.com/adapters/law:1", "push_secret": "push"},
            "training": {"TrainingArguments": {"num_train_epochs": 3.0, "learning_rate": 0.0002}},
            "location": "eastus",
        },
    )


def tuning_model() -> None:
    kaito.KaitoTuning(
        "law",
        {
            "model": "phi-4",
            "method": "lora",
            "instance_type": A100,
            "dataset": {"image": "registry.example.com/data/law:1", "image_pull_secrets": ["pull"], "name": "law"},
            "output": {"claim": "adapters"},
            "namespace": "ai",
            "wait": False,
        },
    )


def tuning_to_inference() -> None:
    tuned = kaito.KaitoTuning(
        "law",
        {
            "preset": "phi-4-mini-instruct-lora",
            "dataset": {"claim": "documents"},
            "output": {"image": "registry.example.com/adapters/law:1", "push_secret": "push"},
            "timeout_minutes": 90,
        },
    )
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "adapters": [tuned.adapter]})
    kaito.KaitoInferenceSet(
        "many", {"preset": "phi-4-mini-instruct", "adapters": [{"name": "tax", "image": "example.com/tax:1"}, tuned.adapter]}
    )
