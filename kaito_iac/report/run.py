"""Runs `pulumi preview` once so that it gives both halves: events with policies, and the document with program lines."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kaito_iac.report.findings import Facts
from kaito_iac.report.load import Inputs, load
from kaito_iac.report.model import StackReport

EVENTS, DIGEST = "events.jsonl", "preview.json"


def command(program: Path, events: Path, stack: str | None, packs: Sequence[Path], *, refresh: bool) -> list[str]:
    """Return the call of the engine."""
    words = ["pulumi", "preview", "--json", "--event-log", str(events), "--color", "never", "--non-interactive"]
    words += ["--cwd", str(program.resolve())]
    words += ["--stack", stack] if stack else []
    words += ["--refresh"] if refresh else []
    for pack in packs:
        words += ["--policy-pack", str(pack.resolve())]
    return words


def preview(
    program: Path,
    facts: Facts,
    *,
    stack: str | None,
    packs: Sequence[Path],
    refresh: bool,
    keep: Path | None,
) -> StackReport:
    """Preview a program and return its report; both files are kept in a folder when one is named."""
    if shutil.which("pulumi") is None:
        raise FileNotFoundError(2, "pulumi is not on PATH")
    with TemporaryDirectory(prefix="kaito-iac-preview-") as folder:
        events, digest = Path(folder) / EVENTS, Path(folder) / DIGEST
        environment = {**os.environ, "PULUMI_DEBUG_COMMANDS": "1"}
        words = command(program, events, stack, packs, refresh=refresh)
        with digest.open("wb") as out:
            done = subprocess.run(words, env=environment, stdout=out, stderr=subprocess.PIPE, check=False)
        talk = done.stderr.decode(errors="replace")
        events.touch()
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            for file in (events, digest):
                shutil.copy(file, keep / f"{program.resolve().name}-{file.name}")
        digests = (digest,) if digest.stat().st_size else ()
        stacks, holes = load(Inputs(events=(events,), digests=digests, facts=facts))
    if not stacks:
        told = talk.strip().splitlines()[-1] if talk.strip() else "; ".join(holes)
        raise OSError(5, f"pulumi ended with {done.returncode}: {told[:300]}")
    return replace(stacks[0], engine_code=done.returncode)
