"""Measures reading engine events: megabytes a second of processor time, and the most memory, for streams of growing size.

    python bench/report_events.py [MEGABYTES...]

Each size is read in a process of its own; the stack has 400 resources whatever the size, so memory should stay where it is.
A second line has as many resources as the size gives.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STACK = "urn:pulumi:dev::big"


def event(number: int, index: int, padding: str) -> bytes:
    """Return a line: a debug diagnostic, a rule that passed, or a resource that stays or changes."""
    token = "kubernetes:kaito.sh/v1beta1:Workspace" if index % 7 == 0 else "kubernetes:core/v1:Secret"
    urn = f"{STACK}::{token}::thing-{index}"
    head = {"sequence": number, "timestamp": 1795888800}
    if number % 4 == 0:
        return line({**head, "diagnosticEvent": {"prefix": "debug: ", "message": padding, "color": "never", "severity": "debug"}})
    if number % 4 == 1:
        body = {"resourceUrn": urn, "policyPackName": "p", "policyPackVersion": "1", "passed": [f"rule-{i}" for i in range(30)]}
        return line({**head, "policyAnalyzeSummaryEvent": body})
    inputs = {"metadata": {"name": f"thing-{index}"}, "inference": {"preset": {"name": "phi-4"}}}
    state = {"type": token, "urn": urn, "custom": True, "id": "x", "parent": "", "inputs": inputs, "outputs": {"status": padding}}
    op = "update" if index % 10 == 0 else "same"
    metadata = {"op": op, "urn": urn, "type": token, "old": state, "new": state, "detailedDiff": None, "logical": True}
    return line({**head, "resourcePreEvent" if number % 4 == 2 else "resOutputsEvent": {"metadata": metadata}})


def line(value: object) -> bytes:
    """Return a value as the engine writes it."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def write(path: Path, megabytes: int, resources: int) -> None:
    """Write a stream of a size."""
    padding = "x" * 1_500
    size, number = 0, 0
    with path.open("wb") as out:
        while size < megabytes * 1_000_000:
            block = b"".join(event(number + index, (number + index) // 4 % resources, padding) for index in range(1_000))
            out.write(block)
            size += len(block)
            number += 1_000


def read(path: Path) -> None:
    """Read a stream and print what it took."""
    from kaito_iac.stack.event_line import lines
    from kaito_iac.stack.events import read_events

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with path.open("rb") as stream:
        log = read_events(lines(stream))
    took = time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rate = path.stat().st_size / 1_000_000 / took
    print(f"{rate:7.0f} MB/s  {most / 1024:6.0f} MB at most, {before / 1024:.0f} before  {len(log.changes) + log.same} resources")


def main() -> None:
    """Measure the sizes that are given."""
    if sys.argv[1:2] == ["--read"]:
        return read(Path(sys.argv[2]))
    for megabytes in [int(word) for word in sys.argv[1:]] or [10, 100, 1_000]:
        for resources in (400, megabytes * 60):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "events.jsonl"
                write(path, megabytes, resources)
                print(f"{megabytes:5} MB, {resources:6} resources: ", end="", flush=True)
                subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
