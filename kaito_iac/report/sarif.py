"""The findings of a report as SARIF 2.1.0, within the limits of code scanning: one run per stack, or one for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from kaito_iac.code import CODES
from kaito_iac.report.model import Report
from kaito_iac.report.place import Place, places

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
MOST_RUNS: Final = 20
MOST_RESULTS: Final = 5_000


def sarif(report: Report) -> dict[str, Any]:
    """Return a run per stack; more stacks than code scanning takes share one run, and the gravest results come first."""
    groups = [(f"kaito-iac/{stack.key}/", list(places(stack))) for stack in report.stacks]
    if len(groups) > MOST_RUNS:
        groups = [("kaito-iac/all/", [place for _, found in groups for place in found])]
    runs = [_run(name, found, MOST_RESULTS // max(len(groups), 1)) for name, found in groups]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}


def _run(name: str, found: Sequence[Place], most: int) -> dict[str, Any]:
    rows = sorted(found, key=lambda place: list(LEVELS).index(place.severity))[:most]
    rules = sorted({place.rule for place in rows})
    titles = {place.rule: place.title for place in rows}
    driver = {
        "name": "kaito-iac",
        "rules": [{"id": rule, "shortDescription": {"text": CODES.get(rule, titles[rule])}} for rule in rules],
    }
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": quote(name, safe="/-._")},
        "columnKind": "utf16CodeUnits",
        "results": [_result(place, rules.index(place.rule)) for place in rows],
    }


def _result(place: Place, index: int) -> dict[str, Any]:
    return {
        "ruleId": place.rule,
        "ruleIndex": index,
        "level": LEVELS[place.severity],
        "message": {"text": place.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(place.file.encode(errors="replace"))},
                    "region": {"startLine": place.line},
                }
            }
        ],
        "partialFingerprints": {"kaitoIac/v1": place.fingerprint},
    }
