"""Inputs that a search by coverage finds are read or refused, where atheris is installed; `make fuzz` runs it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from .doors import DOORS, ROOT
from .test_doors import FIXED, INPUTS

pytestmark = [
    pytest.mark.skipif(FIXED, reason="make fuzz runs it: a process of its own for every door"),
    pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="needs atheris"),
]


@pytest.mark.parametrize("name", DOORS)
def test_guided(name: str, tmp_path: Path) -> None:
    """No input that reaches new lines of a door ends otherwise than in an answer or a refusal."""
    command = [sys.executable, "-m", "tests.fuzz.guided", name, str(INPUTS), str(tmp_path / "guided")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    broken = [path.read_bytes()[:2000] for path in sorted((tmp_path / "guided").glob("*-*")) if path.is_file()]
    assert (done.returncode, broken) == (0, []), done.stderr[-4000:]
