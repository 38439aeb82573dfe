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


def test_prices_are_rewritten_from_files(gathered_folder: Path, copy: Path, tmp_path: Path) -> None:
    """Prices come from two files by size and region; a spot price that equals the list price, or zero, is none."""
    head = "name,region,usd_per_hour,spot_usd_per_hour\n"
    (tmp_path / "azure.csv").write_text(
        f"{head}standard_nd96asr_v4,eastus,27.2,3\nStandard_NC24ads_A100_v4,westus,4.8,4.8\n"
        "Standard_NC24ads_A100_v4,eastus,3.7,0\nStandard_NV36ads_A10_v5,eastus,0,0\nStandard_B2s,eastus,0.04,\n"
    )
    (tmp_path / "aws.csv").write_text(f"{head}g5.xlarge,us-east-1,1.006,\n")
    (copy / "prices.json").write_text('{"date": "2025-05", "usdPerHour": {"g5.xlarge": {"us-east-1": [1.0, null]}}}')
    options = [
        "--kaito",
        gathered_folder,
        "--out",
        copy,
        "--azure-prices",
        tmp_path / "azure.csv",
        "--azure-priced",
        "2026-02-03",
    ]
    done = refresh(*options, "--aws-prices", tmp_path / "aws.csv", "--aws-priced", "2026-01")
    table = json.loads((copy / "prices.json").read_text())
    assert (done.returncode, table["date"], table["usdPerHour"]) == (
        0,
        "2026-01",
        {
            "Standard_NC24ads_A100_v4": {"eastus": [3.7, None], "westus": [4.8, None]},
            "Standard_ND96asr_A100_v4": {"eastus": [27.2, 3.0]},
            "g5.xlarge": {"us-east-1": [1.006, None]},
        },
    )
    assert "  usdPerHour.g5.xlarge.us-east-1: [1.0, null] -> [1.006, null]" in done.stdout.splitlines()


def test_half_a_price_refresh_is_refused(tmp_path: Path) -> None:
    """Prices of one cloud alone, or without a date, are refused before anything is read or written."""
    done = refresh("--kaito", tmp_path, "--out", tmp_path, "--azure-prices", "azure.csv")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "refresh_catalog.py: error: prices need all four: --azure-prices, --aws-prices, --azure-priced, --aws-priced"
    )
    assert list(tmp_path.iterdir()) == []
