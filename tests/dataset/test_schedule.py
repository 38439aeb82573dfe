"""Rows and steps of a training, as the tuning program and transformers count them."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.dataset.schedule import TEMPLATE, schedule


@pytest.mark.parametrize(
    ("rows", "arguments", "split", "gpus", "told"),
    [
        pytest.param(100, {}, None, 1, (80, 20, 10, 30), id="what holds without a configuration"),
        pytest.param(100, {"per_device_train_batch_size": 1}, 1, 1, (100, 0, 100, 300), id="KAITO's template"),
        pytest.param(101, {"per_device_train_batch_size": 2, "num_train_epochs": 1}, 1, 4, (101, 0, 13, 13), id="four GPUs"),
        pytest.param(
            10, {"per_device_train_batch_size": 1, "gradient_accumulation_steps": 4}, 1, 1, (10, 0, 3, 9), id="accumulation"
        ),
        pytest.param(10, {"num_train_epochs": 0.5, "per_device_train_batch_size": 1}, 1, 1, (10, 0, 10, 5), id="half an epoch"),
        pytest.param(10, {"max_steps": 7, "per_device_train_batch_size": 1}, 1, 1, (10, 0, 10, 7), id="a number of steps"),
        pytest.param(3, {}, 0.5, 1, (1, 2, 1, 3), id="what is held back is rounded up"),
        pytest.param(0, {}, 1, 1, (0, 0, 0, 0), id="no row"),
        pytest.param(8, {"num_train_epochs": "3"}, 1, 1, (8, 0, 1, 3), id="a text counts as no arguments"),
    ],
)
def test_schedule(rows: int, arguments: dict[str, Any], split: float | None, gpus: int, told: tuple[int, ...]) -> None:
    """Rows to train on, rows held back, steps of an epoch and steps of all."""
    config = {} if split is None else {"train_test_split": split}
    at = schedule(rows, {"TrainingArguments": arguments, "DatasetConfig": config}, gpus)
    assert (at.rows, at.held_back, at.steps_per_epoch, at.steps) == told


def test_the_template() -> None:
    """KAITO's own template trains on everything, one row at a time."""
    at = schedule(100, TEMPLATE, 1)
    assert (at.rows, at.batch, at.epochs, at.steps) == (100, 1, 3.0, 300)
