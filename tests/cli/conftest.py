"""Runs the command line in this process and as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.cli.main import main

ROOT = Path(__file__).parents[2]


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
    """Commands show nothing of how long they take, however slow the machine is."""
    monkeypatch.setattr("kaito_iac.cli.progress.PATIENCE", 3600.0)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Runs a command in this process, on a page of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(ROOT)

    def call(*arguments: str) -> Ended:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "KAITO_IAC_DEBUG")
    }
    return {**kept, "PYTHONPATH": str(ROOT), **(extra or {})}


@pytest.fixture
def process() -> Callable[..., Ended]:
    """Runs a command as a user's shell would."""

    def call(*arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "kaito_iac.cli.main", *arguments],
            input=stdin,
            capture_output=True,
            cwd=ROOT,
            env=environment(env),
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def _hear_interrupts() -> None:
    """A shell starts background jobs with interrupts ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def started() -> Callable[..., subprocess.Popen[bytes]]:
    """Starts a command with pipes at its three streams, or other ones."""

    def call(*arguments: str, env: Mapping[str, str] | None = None, **streams: Any) -> subprocess.Popen[bytes]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        command = [sys.executable, "-m", "kaito_iac.cli.main", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment(env), **{"preexec_fn": _hear_interrupts, **pipes})

    return call
