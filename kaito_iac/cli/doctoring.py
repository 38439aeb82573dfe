"""The command `doctor`: whether a deployment can work here, line by line, each with a fix."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from kaito_iac.cli.defaults import NONE, Defaults, Refusal, read_defaults
from kaito_iac.cli.escape import line
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.invocation import variable
from kaito_iac.cli.number_format import count
from kaito_iac.cli.progress import patience
from kaito_iac.cli.reply import Reply
from kaito_iac.cli.terminal import Page
from kaito_iac.doctor.examine import Asked, examine
from kaito_iac.doctor.finding import Finding, State

COLORS: Final = {"ok": "32", "info": "36", "warning": "33", "error": "31"}
HEADS: Final = {
    "tools": "Tools",
    "packages": "Packages",
    "configuration": "Configuration",
    "program": "Program",
    "cluster": "Cluster",
}


def doctor(asked: Asked, *, strict: bool) -> Reply:
    """Examine everything; exit code 1 when there is an error, with `strict` also when there is a warning."""
    with patience("looking at tools, packages, the program and the cluster …", sys.stderr):
        defaults, findings = _defaults(asked.program)
        found = _ordered([*findings, *examine(_with(asked, defaults), date.today())])
    counts = Counter(one.state for one in found)
    data = {
        "findings": [one.as_json() for one in found],
        "errors": counts["error"],
        "warnings": counts["warning"],
    }
    failed = counts["error"] or (strict and counts["warning"])
    summary = f"{count(counts['error'], 'error')}, {count(counts['warning'], 'warning')}"
    code = ExitCode.PROBLEMS if failed else ExitCode.OK
    return Reply(data=data, text=lambda page: text(found, page), talk=(summary,), code=code)


def _with(asked: Asked, defaults: Defaults) -> Asked:
    """Return what is asked, with what the environment or the file of defaults says where no option does."""

    def value(key: str) -> Any:
        return os.environ.get(variable(key)) or defaults.of(key)

    def path(key: str) -> Path | None:
        found = value(key)
        return Path(found) if found else None

    quota, prices, region = asked.quota or path("quota"), asked.prices or path("prices"), asked.region or value("region")
    return replace(asked, quota=quota, prices=prices, region=region)


def _ordered(found: list[Finding]) -> list[Finding]:
    areas = list(HEADS)
    return sorted(found, key=lambda one: areas.index(one.area))


def _defaults(program: Path) -> tuple[Defaults, list[Finding]]:
    """Return the file of defaults, and what is found about it."""

    def found(state: State, message: str, fix: str = "") -> Finding:
        return Finding(area="configuration", subject="defaults", state=state, found=message, fix=fix)

    try:
        defaults = read_defaults(program)
    except Refusal as error:
        return NONE, [found("error", f"{error.file}: {one.headline}", one.fix) for one in error.problems]
    if defaults.file is None:
        message = "no kaito-iac.toml and no [tool.kaito-iac] in pyproject.toml: every command takes its options alone"
        return defaults, [found("info", message)]
    stated = ", ".join(f"{key}={_shown(value)}" for key, value in defaults.values.items())
    return defaults, [found("ok", f"{defaults.file}: {stated or 'nothing'}")]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "+".join(f"{name}:{str(on).lower()}" for name, on in value.items())
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def text(found: Sequence[Finding], page: Page) -> str:
    """Return the findings below the heading of their area."""
    parts = []
    for area, group in groupby(found, key=lambda one: one.area):
        parts.append(f"{HEADS[area]}\n" + "".join(_lines(one, page) for one in group))
    return "\n".join(parts)


def _lines(one: Finding, page: Page) -> str:
    mark = f"{one.state:<7}"
    shown = f"\x1b[{COLORS[one.state]}m{mark}\x1b[0m" if page.color else mark
    rows = wrap(line(f"{one.subject}: {one.found}"), page.width - 10, break_on_hyphens=False, break_long_words=False)
    out = [f"  {shown} {rows[0]}", *(f"{'':10}  {row}" for row in rows[1:])]
    fixes = wrap(line(f"fix: {one.fix}"), page.width - 12, break_on_hyphens=False, break_long_words=False) if one.fix else []
    out += [f"{'':12}{row}" for row in fixes]
    return "".join(f"{row}\n" for row in out)
