"""`report run` with a real engine, on a program that needs no provider."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.cli.main import main

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import pulumi


class Part(pulumi.ComponentResource):
    def __init__(self, name, size):
        super().__init__("shop:index:Part", name, {"size": size})
        self.register_outputs({"size": size})


for name, size in %s.items():
    Part(name, size)
pulumi.export("parts", %s)
"""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives a program with an empty stack dev in a backend of its own."""
    missing = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    for name, value in {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }.items():
        monkeypatch.setenv(name, value)
    write(folder, {"a": 1, "b": 1})
    pulumi(folder, "stack", "init", "dev")
    return folder


def write(folder: Path, parts: dict[str, int]) -> None:
    (folder / "__main__.py").write_text(PROGRAM % (parts, parts))


def pulumi(folder: Path, *words: str) -> None:
    subprocess.run(["pulumi", *words, "--non-interactive"], cwd=folder, check=True, capture_output=True, timeout=180)


@pytest.mark.engine
def test_run(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A preview is run once, and the report has its deletions, outputs, lines of the program and the engine's exit code."""
    pulumi(stack, "up", "--yes")
    write(stack, {"b": 2, "c": 1})
    assert main(["report", "run", str(stack), "--stack", "dev", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)["stacks"][0]
    assert report["counts"] == {"create": 1, "delete": 1, "update": 1, "same": 0}
    assert [loss["change"]["urn"].rpartition("::")[2] for loss in report["losses"]] == ["a"]
    assert report["exports"] == ["parts"]
    assert report["engineCode"] == 0
    assert {change["source"] for change in report["changes"] if change["action"] != "delete"} == {"__main__.py:11"}


@pytest.mark.engine
def test_crash(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that raises is incomplete, whatever else the engine says."""
    (stack / "__main__.py").write_text("raise ValueError('no')\n")
    assert main(["report", "run", str(stack), "--stack", "dev", "--json"]) == 3
    report = json.loads(capsys.readouterr().out)["stacks"][0]
    assert (report["verdict"], report["reason"], report["engineCode"]) == ("incomplete", "the program ended with an error", 1)


@pytest.mark.engine
def test_no_stack(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A preview that cannot start is a hole with the engine's own words."""
    assert main(["report", "run", str(stack), "--stack", "prod"]) == 3
    told = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("**missing**"))
    assert re.sub(r"with \d+", "with N", told) == "**missing**: `shop: pulumi ended with N: error: no stack named 'prod' found`"
