"""Times `kaito-iac check` of 10,000 manifests in one file, in a fresh process: at most 5 s."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

import yaml

ROOT = Path(__file__).resolve().parent.parent
COUNT, ROUNDS, BUDGET_SECONDS = 10_000, 3, 5.0


def manifests() -> str:
    """Return the good manifests of the tests, over and over."""
    table = yaml.safe_load((ROOT / "tests" / "judge" / "provocations.yaml").read_text())
    texts = [yaml.safe_dump(data, sort_keys=False) for data in table["base"].values()]
    return "---\n".join(islice(cycle(texts), COUNT))


def seconds(file: Path) -> float:
    """Check the file once, as a user would."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kaito_iac.cli.main", "check", str(file), "--json"]
    start = perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return perf_counter() - start


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "manifests.yaml"
        path.write_text(manifests())
        found = median(seconds(path) for _ in range(ROUNDS))
    print(f"{COUNT:,} manifests: {found:.2f} s (budget {BUDGET_SECONDS:.0f} s)")
