"""Times the process of each pack over 10,000 resources, asked over gRPC as the engine asks: resource by resource, then the stack.

Prints wall time and the load of the machine beside it; the policy SDK decodes every resource once for every policy.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from time import perf_counter

from judge_stack import stack

from kaito_iac.offline.analyze import analyze
from kaito_iac.offline.recording import Recording
from kaito_iac.rules import gpu_quota, guardrails
from kaito_iac.stack.resource import Resource

ROOT = Path(__file__).resolve().parent.parent


def recording(count: int) -> Recording:
    """Return so many resources as if a program had registered them."""
    resources = tuple(
        Resource(
            urn=fact.urn,
            type=fact.type,
            name=fact.name,
            parent=fact.parent,
            custom=not fact.type.startswith("kaito-iac:"),
            inputs=fact.inputs,
            outputs=fact.inputs,
        )
        for fact in stack(count)
    )
    return Recording(project="bench", stack="dev", organization="o", dry_run=True, resources=resources, exports={})


def timed(pack: str, found: Recording) -> tuple[float, float, int]:
    """Return wall seconds, CPU seconds of the pack's process, and how many things it says."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = perf_counter()
    said = analyze(found, ROOT / "policies" / pack, timeout_seconds=1800)
    wall = perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, len(said)


if __name__ == "__main__":
    for count in [int(word) for word in sys.argv[1:]] or [1_000, 10_000]:
        made = recording(count)
        for name in (gpu_quota.NAME, guardrails.NAME):
            wall, cpu, said = timed(name, made)
            load = os.getloadavg()[0]
            print(
                f"{name}, {count:,} resources: {wall:.1f} s wall, {cpu:.1f} s CPU of the pack, {said} findings, load {load:.1f}"
            )
