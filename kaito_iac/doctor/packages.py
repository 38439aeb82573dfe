"""The Python that runs, and whether the packages beside kaito-iac are of versions that fit together."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Final

from kaito_iac.doctor.finding import Finding, numbers
from kaito_iac.doctor.tool import installed
from kaito_iac.offline.interpreter import of_program
from kaito_iac.project_url import pip_install

OLDEST: Final = (3, 11)
_REQUIREMENT: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?([^;]*)(?:;.*extra *== *['\"]([\w-]+)['\"])?")
_BOUND: Final = re.compile(r"(>=|<=|==|!=|<|>)\s*([\d.]+)")
NOT_FOR_USERS: Final = {"dev", "docs", "all"}


def packages(program: Path) -> Iterator[Finding]:
    """Report the interpreter, the environment of the program, and every package that is out of its bounds."""
    found = platform.python_version()
    if sys.version_info < OLDEST:
        yield Finding(area="packages", subject="python", state="error", found=f"{found}; 3.11 is the oldest", fix="use 3.11")
    else:
        yield Finding(area="packages", subject="python", state="ok", found=f"{found}, {sys.prefix}")
    yield from _environment(program)
    yield from _bounds()


def _environment(program: Path) -> Iterator[Finding]:
    own = of_program(program)
    if own.missing:
        source = {"uv": "uv.lock", "poetry": "poetry.lock"}.get(own.toolchain, "requirements.txt")
        message = f"{own.missing}, which Pulumi.yaml names, does not exist; `pulumi up` makes it of {source}"
        pip = f"python3 -m venv {own.missing} && {own.missing}/bin/pip install -r requirements.txt"
        fix = {"uv": "uv sync", "poetry": "poetry install"}.get(own.toolchain, pip)
        yield Finding(area="packages", subject="environment", state="warning", found=message, fix=fix)
    elif not own.own:
        yield Finding(area="packages", subject="environment", state="ok", found=f"the program runs with {own.path}")


def _bounds() -> Iterator[Finding]:
    try:
        stated = requires("kaito-iac") or []
    except PackageNotFoundError:
        message = "runs from its sources, so that no versions are stated"
        yield Finding(area="packages", subject="kaito-iac", state="info", found=message)
        return
    missing: dict[str, list[str]] = {}
    for text in stated:
        row = _REQUIREMENT.match(text)
        if row is None or row[3] in NOT_FOR_USERS:
            continue
        name, bounds, extra = row[1], row[2], row[3]
        there = installed(name)
        if there is None:
            missing.setdefault(extra or "", []).append(name)
        elif not fits(there, bounds):
            fix = f'pip install "{name}{bounds.strip()}"'
            message = f"{there}; kaito-iac needs {bounds.strip()}"
            yield Finding(area="packages", subject=name, state="error", found=message, fix=fix)
        elif extra is None:
            yield Finding(area="packages", subject=name, state="ok", found=there)
    for extra, names in missing.items():
        message = f"not installed: {', '.join(names)}"
        fix = pip_install((extra,) if extra else ())
        state, subject = ("info", f"extra {extra}") if extra else ("error", "kaito-iac")
        yield Finding(area="packages", subject=subject, state=state, found=message, fix=fix)  # type: ignore[arg-type]  # read from a table


def fits(found: str, bounds: str) -> bool:
    """Return whether a version is within bounds such as `>=3,<4`."""
    have = numbers(found)

    def holds(sign: str, bound: tuple[int, ...]) -> bool:
        size = max(len(have), len(bound))
        left, right = (part + (0,) * (size - len(part)) for part in (have, bound))
        return {
            ">=": left >= right,
            "<=": left <= right,
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            ">": left > right,
        }[sign]

    return all(holds(sign, numbers(bound)) for sign, bound in _BOUND.findall(bounds))
