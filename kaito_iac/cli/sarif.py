"""Writes what was found in manifests as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from kaito_iac.code import CODES

if TYPE_CHECKING:
    from kaito_iac.cli.checking import Checked

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def sarif_log(checked: Sequence[Checked]) -> dict[str, Any]:
    """Return one run with every problem as a result."""
    rows = [(one, line, problem) for one in checked for line, problem in one.problems]
    codes = sorted({problem.code for _, _, problem in rows})
    rules = [{"id": code, "shortDescription": {"text": CODES[code]}} for code in codes]
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": LEVELS[problem.severity],
            "message": {"text": f"{one.label}: {problem.headline}" + (f" Fix: {problem.fix}." if problem.fix else "")},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(one.manifest.file)},
                        "region": {"startLine": max(line, 1)},
                    }
                }
            ],
        }
        for one, line, problem in rows
    ]
    run = {"tool": {"driver": {"name": "kaito-iac", "rules": rules}}, "columnKind": "utf16CodeUnits", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _uri(file: str) -> str:
    return "stdin" if file == "-" else quote(file.removeprefix("./").encode(errors="surrogateescape"))
