"""The streams of the engine's own lifecycle tests, each beside what the CLI prints of it.

KAITO_IAC_ENGINE_STREAMS names the folder pkg/engine/lifecycletest/testdata/output of a checkout of pulumi/pulumi.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from kaito_iac.report.assemble import stack_report
from kaito_iac.report.markdown import markdown
from kaito_iac.report.model import Report
from kaito_iac.stack.events import read_events

FOLDER = os.environ.get("KAITO_IAC_ENGINE_STREAMS", "")
COLOR = re.compile(r"<\{%[^%]*%\}>")
WORDS = {
    "created": "create",
    "updated": "update",
    "deleted": "delete",
    "replaced": "replace",
    "unchanged": "same",
    "imported": "import",
}
COUNT = re.compile(r"(\d+) (?:to )?(created?|updated?|deleted?|replaced?|unchanged|import(?:ed)?|same)\b")
UNPRINTED = ("read", "discard")
LOST = re.compile(r"\s*\S{1,2} ?\S+: \((?:delete|replace|create-replacement|delete-replaced)")
URN = re.compile(r"\[urn=(.*?)\]$")


def printed_counts(text: str) -> dict[str, int]:
    summary = re.search(r"^Resources:\n((?:    .*\n)+)", text, re.MULTILINE)
    found = COUNT.findall(summary.group(1)) if summary else []
    return {WORDS.get(word, word): int(number) for number, word in found}


def printed_losses(text: str) -> set[str]:
    lines = text.splitlines()
    found = set()
    for index, line in enumerate(lines):
        if LOST.match(line):
            urn = next((told for row in lines[index + 1 : index + 6] if (told := URN.search(row.strip()))), None)
            if urn:
                found.add(urn.group(1))
    return found


@pytest.mark.streams
@pytest.mark.skipif(not FOLDER, reason="KAITO_IAC_ENGINE_STREAMS names no folder")
def test_every_stream() -> None:
    """Every stream renders, its counts are those the CLI prints, and every deleted or replaced resource is named."""
    streams = sorted(Path(FOLDER).rglob("eventstream.json"))
    wrong = []
    for path in streams:
        with path.open("rb") as stream:
            report = stack_report(read_events(stream))
        text = COLOR.sub("", (path.parent / "diff.stdout.txt").read_text())
        counts = {op: number for op, number in report.engine_counts.items() if number and op not in UNPRINTED}
        if counts != printed_counts(text):
            wrong.append(f"{path.parent}: {counts}, printed {printed_counts(text)}")
        comment = markdown(Report(stacks=(report,)))
        named = {loss.change.urn for loss in report.losses} | {change.urn for change in report.drift}
        wrong += [
            f"{path.parent}: {urn} is not named"
            for urn in printed_losses(text)
            if urn not in named or urn.rpartition("::")[2] not in comment
        ]
    assert wrong == [], "\n".join(wrong[:20])
    assert len(streams) > 1_000


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        pytest.param("Resources:\n    + 2 created\n", {"create": 2}, id="done"),
        pytest.param(
            "Resources:\n    ~ 1 to update\n    +-1 to replace\n    2 changes. 3 unchanged\n",
            {"update": 1, "replace": 1, "same": 3},
            id="planned",
        ),
        pytest.param("Resources:\n    1 errored\n", {}, id="failed"),
    ],
)
def test_what_the_cli_prints(text: str, counts: dict[str, int]) -> None:
    """The summary of the CLI is read as the counts it says."""
    assert printed_counts(text) == counts
