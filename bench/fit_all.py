"""Times the answers for every model on every size at three contexts, and the first answer of a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ROUNDS = 5


def all_answers() -> int:
    """Ask for every model, size and context, and return how many answers there were."""
    from kaito_iac.catalog.load import models, sizes
    from kaito_iac.sizing.fit import Query, fit

    count = 0
    for card in models().values():
        for context in (2048, 8192, card.max_context_tokens):
            for size in sizes():
                fit(Query(model=card.id, size=size, context=context))
                count += 1
    return count


def first_answer_ms() -> float:
    """Return how long the first answer takes in a fresh process, imports and tables included."""
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from time import perf_counter as now; start = now(); "
        "from kaito_iac import Query, fit; fit(Query(model='phi-4', size='Standard_NC24ads_A100_v4')); "
        "print((now() - start) * 1000)"
    )
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the median time of all answers, of one, and of the first."""
    count = all_answers()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        all_answers()
        times.append(perf_counter() - start)
    print(f"{count} answers: median {median(times):.3f} s of {ROUNDS} runs, {median(times) / count * 1e6:.1f} µs each")
    print(f"first answer of a process: {median(first_answer_ms() for _ in range(ROUNDS)):.1f} ms with imports and tables")


if __name__ == "__main__":
    main()
