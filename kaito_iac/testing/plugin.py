"""Fixtures for pytest: the plan of a program, and a snapshot of it. Loaded by pytest where kaito-iac is installed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pytest

if TYPE_CHECKING:
    from kaito_iac.planning.plan import Plan

FOLDER: Final = "__snapshots__"
"""Folder of the snapshots, beside the test."""
WIDTH: Final = 100
"""Columns of a snapshot."""
UPDATE: Final = "--kaito-update"


class PlanOf(Protocol):
    """Makes the plan of a program, once for the same arguments."""

    def __call__(self, program: str | os.PathLike[str] | Callable[[], Any] | None = None, **options: Any) -> Plan:
        """Return the plan of a folder, relative to the root of the tests, or of a function; options are those of `plan`."""


class Snapshot(Protocol):
    """Compares a plan with its snapshot."""

    def __call__(self, plan: Plan, name: str = "") -> None:
        """Fail when the plan is not that of its snapshot; `name` distinguishes several snapshots of one test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes snapshots, and the setting with the folder of the program."""
    group = parser.getgroup("kaito-iac")
    group.addoption(UPDATE, action="store_true", default=False, help="Write the snapshots of plans anew.")
    parser.addini("kaito_program", "Folder of the stack program that kaito_plan plans, relative to the root.", default=".")


@pytest.fixture(scope="session")
def kaito_plan(request: pytest.FixtureRequest) -> PlanOf:
    """Return a function that makes plans: `kaito_plan(stack="prod")`; the same question is answered once in a session."""
    root = request.config.rootpath
    made: dict[str, Plan] = {}

    def make(program: str | os.PathLike[str] | Callable[[], Any] | None = None, **options: Any) -> Plan:
        from kaito_iac.planning.library import plan

        if callable(program):
            return plan(program, **options)
        folder = root / (request.config.getini("kaito_program") if program is None else program)
        key = f"{folder} {sorted(options.items())!r}"
        if key not in made:
            made[key] = plan(folder, **options)
        return made[key]

    return make


@pytest.fixture
def kaito_snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Return a function that compares a plan with the text of an earlier one, in `__snapshots__` beside the test."""
    update = bool(request.config.getoption(UPDATE))
    taken: set[Path] = set()

    def compare(plan: Plan, name: str = "") -> None:
        __tracebackhide__ = True
        path = _path(request, name)
        if path in taken:
            pytest.fail(f"two snapshots of one name: {path.name}; give each a name", pytrace=False)
        taken.add(path)
        shown = plan.text(width=WIDTH).rstrip("\n") + "\n"
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(shown, encoding="utf-8")
        elif not path.is_file():
            pytest.fail(f"no snapshot {FOLDER}/{path.name} yet; `pytest {UPDATE}` writes it", pytrace=False)
        elif (before := path.read_text(encoding="utf-8")) != shown:
            changed = unified_diff(before.splitlines(), shown.splitlines(), "snapshot", "plan", lineterm="", n=2)
            message = "\n".join(changed)
            pytest.fail(f"the plan has changed; `pytest {UPDATE}` accepts it:\n{message}", pytrace=False)

    return compare


def _path(request: pytest.FixtureRequest, name: str) -> Path:
    """Return the file of a snapshot: module, test and name."""
    words = [request.path.stem, request.node.name, *([name] if name else [])]
    return request.path.parent / FOLDER / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', '.'.join(words)).strip('-')}.txt"
