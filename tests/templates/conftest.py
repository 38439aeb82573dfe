"""Runs the command line in this process; skips what needs the Pulumi CLI where it is not there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from kaito_iac.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def no_talk_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands show nothing of how long they take."""
    monkeypatch.setattr("kaito_iac.cli.progress.PATIENCE", 3600.0)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def call(*arguments: str) -> Ended:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("engine") and shutil.which("pulumi") is None:
            item.add_marker(pytest.mark.skip(reason="needs the pulumi CLI on PATH"))
