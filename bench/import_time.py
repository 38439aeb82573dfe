"""Times `import pulumi` against `import pulumi, kaito_iac` in fresh processes, side by side: at most 15 ms more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 11
BUDGET_MS = 15.0
PROGRAMS = {
    "nothing": "pass",
    "pulumi": "import pulumi",
    "pulumi, kaito_iac": "import pulumi, kaito_iac",
    "pulumi, KaitoWorkspace": "import pulumi; from kaito_iac import KaitoWorkspace",
}


def milliseconds(program: str, before: str = "pass") -> float:
    """Return how long a program's imports take inside a fresh process, after others that do not count."""
    timed = f"from time import perf_counter as now; {before}; start = now(); {program}; print((now() - start) * 1000)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", timed], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Run the programs in turn and print best and median of each, and what the package adds."""
    for program in PROGRAMS.values():
        milliseconds(program)
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():
            times[name].append(milliseconds(program))
    for name, found in times.items():
        print(f"import {name:24} best {min(found):7.1f} ms   median {median(found):7.1f} ms")
    best = min(times["pulumi, kaito_iac"]) - min(times["pulumi"])
    middle = median(each - alone for each, alone in zip(times["pulumi, kaito_iac"], times["pulumi"], strict=True))
    print(f"kaito_iac adds {best:.1f} ms (best), {middle:.1f} ms (median of pairs); budget {BUDGET_MS:.0f} ms")
    alone = [milliseconds("import kaito_iac", before="import pulumi") for _ in range(ROUNDS)]
    print(f"import kaito_iac after pulumi, inside one process: best {min(alone):.2f} ms, median {median(alone):.2f} ms")


if __name__ == "__main__":
    main()
