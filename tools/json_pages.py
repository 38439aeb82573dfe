"""Makes the pages about JSON: that of a plan from its schema, that of the commands with examples as the commands print them."""

from __future__ import annotations

import io
import json
import os
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
EXAMPLE = re.compile(r"(```console\n\$ kaito-iac ([^\n]*)\n```\n\n```json\n)(.*?)(```\n)", re.DOTALL)


def plan_json_page() -> str:
    """Return the page of a plan's JSON."""
    from kaito_iac.planning.reference import plan_page

    return plan_page(json.loads((REFERENCE / "plan.schema.json").read_text(encoding="utf-8")))


def cli_json_page() -> str:
    """Return the page of the commands' JSON: its text as it stands, and each example as its command prints it."""
    text = (REFERENCE / "cli-json.md").read_text(encoding="utf-8")
    return EXAMPLE.sub(lambda found: found[1] + printed(found[2]) + found[4], text)


def printed(command: str) -> str:
    """Return what a command prints, on a page of 80 columns."""
    from kaito_iac.cli.main import main

    out = io.StringIO()
    before, os.environ["COLUMNS"] = os.environ.get("COLUMNS"), "80"
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        main(command.split())
    os.environ.pop("COLUMNS")
    if before is not None:
        os.environ["COLUMNS"] = before
    return out.getvalue()
