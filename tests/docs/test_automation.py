"""The example of Pulumi's Automation API: what it refuses it refuses before the engine is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "automation"
A100 = "Standard_NC24ads_A100_v4"


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the example as a module."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module("deploy")
    for name in ("deploy", "program"):
        sys.modules.pop(name, None)


class Stack:
    """Simulates a stack of the engine, and notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def select(self, **words: Any) -> Stack:
        self.asked.append(sorted(words))
        return self

    def set_all_config(self, values: dict[str, Any]) -> None:
        self.asked.append({key: value.value for key, value in values.items()})

    def up(self, **words: Any) -> None:
        self.asked.append("up")


@pytest.mark.parametrize(
    ("config", "told"),
    [
        pytest.param({"preset": "phi-4", "instanceType": A100}, [], id="good"),
        pytest.param(
            {"preset": "phi-4", "instanceType": "Standard_NC96ads_A100_v4"},
            ["StandardNCADSA100v4Family in eastus: 96 vCPUs", "10,725 USD a month; at most 6,000 without a talk"],
            id="too expensive, and over the quota",
        ),
        pytest.param(
            {"preset": "phi-5", "instanceType": A100},
            ["KaitoWorkspace 'chat': preset: 'phi-5' is not a preset"],
            id="no such preset",
        ),
    ],
)
def test_what_the_example_does(deploy: Any, monkeypatch: pytest.MonkeyPatch, config: dict[str, str], told: list[str]) -> None:
    """A good request reaches the engine with its configuration; another one ends before, with every reason."""
    stack = Stack()
    monkeypatch.setattr(deploy.automation, "create_or_select_stack", stack.select)
    refused = deploy.deploy("search", {**config, "location": "eastus"})
    assert [any(one.startswith(start) for one in refused) for start in told] == [True] * len(told)
    given = {f"team-models:{key}": value for key, value in {**config, "location": "eastus"}.items()}
    expected = [["program", "project_name", "stack_name"], given, "up"]
    assert (bool(refused), stack.asked) == (bool(told), [] if told else expected)
