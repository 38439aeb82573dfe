"""What a training configuration makes of so many rows: how many are trained on, and in how many steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

Sections = Mapping[str, Mapping[str, Any]]
TEMPLATE: Final[Sections] = {
    "TrainingArguments": {"per_device_train_batch_size": 1},
    "DatasetConfig": {"train_test_split": 1},
}
"""KAITO 0.12's own lora-params-template, as far as it concerns data: what a Workspace without a ConfigMap gets."""
DEFAULTS: Final[Sections] = {
    "TrainingArguments": {
        "num_train_epochs": 3,
        "per_device_train_batch_size": 8,
        "gradient_accumulation_steps": 1,
        "max_steps": -1,
        "max_length": 1024,
    },
    "DatasetConfig": {"train_test_split": 0.8, "shuffle_dataset": True, "dataset_extension": "", "dataset_path": ""},
}
"""What the tuning program of KAITO 0.12, and TRL's SFTConfig, take where a configuration says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How a training runs through its rows."""

    rows: int
    """Rows that are trained on."""
    held_back: int
    """Rows that are kept for evaluation."""
    gpus: int
    batch: int
    """Rows of one GPU in one pass."""
    accumulation: int
    epochs: float
    steps_per_epoch: int
    steps: int
    """Steps of the optimiser, all in all."""


def setting(sections: Sections, section: str, name: str) -> Any:
    """Return a setting of the configuration, or what holds without it."""
    found = sections.get(section, {}).get(name)
    return DEFAULTS.get(section, {}).get(name) if found is None else found


def number(sections: Sections, name: str, section: str = "TrainingArguments") -> float:
    """Return a setting as a number; what is no number is refused elsewhere, and counts as what holds without it."""
    found = setting(sections, section, name)
    fits = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found if fits else DEFAULTS[section][name])


def schedule(rows: int, sections: Sections, gpus: int) -> Schedule:
    """Count the steps as transformers counts them; the last, smaller batch of an epoch is a step too."""
    split = number(sections, "train_test_split", "DatasetConfig")
    held_back = ceil((1 - split) * rows - 1e-9) if 0 < split < 1 else 0
    kept = rows - held_back
    batch = max(1, int(number(sections, "per_device_train_batch_size")))
    accumulation = max(1, int(number(sections, "gradient_accumulation_steps")))
    epochs = number(sections, "num_train_epochs")
    batches = ceil(kept / (batch * gpus))
    per_epoch = max(1, ceil(batches / accumulation)) if kept else 0
    most = int(number(sections, "max_steps"))
    steps = most if most > 0 else ceil(epochs * per_epoch)
    return Schedule(
        rows=kept,
        held_back=held_back,
        gpus=gpus,
        batch=batch,
        accumulation=accumulation,
        epochs=steps / per_epoch if most > 0 and per_epoch else epochs,
        steps_per_epoch=per_epoch,
        steps=steps,
    )
