"""Previews a program with the engine and reports both halves of what it wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kaito_iac.files import copy_into
from kaito_iac.planning.pulumi_preview import Wanted, previewed
from kaito_iac.report.findings import Facts
from kaito_iac.report.load import Inputs, load
from kaito_iac.report.model import StackReport


def preview(wanted: Wanted, facts: Facts, keep: Path | None) -> StackReport:
    """Preview a program and return its report; both files are kept in a folder when one is named."""
    with previewed(wanted) as found:
        if keep is not None:
            for file in (found.events, found.document):
                copy_into(file, keep, f"{wanted.program.resolve().name}-{file.name}")
        digests = (found.document,) if found.document.stat().st_size else ()
        stacks, _ = load(Inputs(events=(found.events,), digests=digests, facts=facts))
        if not stacks:
            raise OSError(5, found.last_words)
        return replace(stacks[0], engine_code=found.code)
