"""The script that rewrites the tables of facts, run as a process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "kaito_iac" / "catalog" / "data"
SCRIPT = ROOT / "tools" / "refresh_catalog.py"


def refresh(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_tables_are_what_the_script_writes(gathered_folder: Path, copy: Path) -> None:
    """Run on the facts that were gathered, the script changes no value and no byte."""
    done = refresh("--kaito", gathered_folder, "--out", copy)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "models.json: 0 values changed\nsizes.json: 0 values changed\n",
        "",
    )
    assert {path.name: path.read_text() for path in copy.iterdir()} == {path.name: path.read_text() for path in DATA.iterdir()}


def test_what_changed_is_printed(gathered_folder: Path, copy: Path) -> None:
    """A table that differs is put right, and every value that changed is printed with its row."""
    models = json.loads((copy / "models.json").read_text())
    models["models"][0]["diskGiB"] = 1
    models["models"] = [row for row in models["models"] if row["name"] != "phi-4-mini-instruct"]
    (copy / "models.json").write_text(json.dumps(models))
    sizes = json.loads((copy / "sizes.json").read_text())
    sizes["sizes"][0]["note"] = "by hand"
    sizes["mig"][0]["memoryGiB"] = 7
    (copy / "sizes.json").write_text(json.dumps(sizes))
    done = refresh("--kaito", gathered_folder, "--out", copy)
    row = json.dumps(
        next(row for row in json.loads((DATA / "models.json").read_text())["models"] if row["name"] == "phi-4-mini-instruct")
    )
    assert done.stdout.splitlines() == [
        "models.json: 2 values changed",
        "  models.microsoft/phi-4.diskGiB: 1 -> 107",
        f"  models.microsoft/phi-4-mini-instruct: null -> {row}",
        "sizes.json: 2 values changed",
        "  mig.1g.6gb.memoryGiB: 7 -> 6",
        '  sizes.Standard_NV36ads_A10_v5.note: "by hand" -> null',
    ]
    assert (copy / "models.json").read_text() == (DATA / "models.json").read_text()
