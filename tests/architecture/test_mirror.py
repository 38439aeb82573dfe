"""Every module has tests at the same place below tests/, or is named with the test file that fails when it is emptied."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from .reach import reached

TESTS = Path(__file__).parents[1]
PACKAGE = Path(__file__).parents[2] / "kaito_iac"
TABLE = Path(__file__).parent / "mirror.json"
"""Module without a test file of its own to the test file that fails when the module is emptied: it takes names from it."""


BY_PROCESS = {
    "offline/child.py": "offline/test_process.py",
    "__main__.py": "cli/test_about.py",
    "explain/page.py": "presets/test_names.py",
}
"""Modules that run in a process of their own, or make a page that a test compares: the import is not in a test file."""


def mirrored(path: str) -> bool:
    """Return whether tests/<folder>/test_<module>.py, or one that goes on with an underscore, is there."""
    place, stem = TESTS / PurePosixPath(path).parent, PurePosixPath(path).stem
    return (place / f"test_{stem}.py").is_file() or any(place.glob(f"test_{stem}_*.py"))


@pytest.fixture(scope="module")
def unmirrored(modules: Any) -> dict[str, str]:
    """Return path and dotted name of the modules without a test file of their own."""
    return {
        module.path: module.name for module in modules if not module.path.endswith("__init__.py") and not mirrored(module.path)
    }


def nearest(unmirrored: Mapping[str, str], files: Sequence[Path]) -> dict[str, str]:
    """Return each module the test file that is the fewest imports away, one of its own room first."""
    seen = {file.relative_to(TESTS).as_posix(): reached(file) for file in files if "architecture" not in file.parts}
    found = {}
    for path, name in sorted(unmirrored.items()):
        room = PurePosixPath(path).parts[0]
        ways = [(steps[name] + (not file.startswith(f"{room}/")), file) for file, steps in seen.items() if name in steps]
        found[path] = BY_PROCESS.get(path) or (min(ways)[1] if ways else "")
    return found


def differences(unmirrored: Mapping[str, str], table: Mapping[str, str], files: Sequence[Path]) -> list[str]:
    """Return what is wrong with the table: modules that it leaves out, with a line to add, and entries that stand for none."""
    missing = {path: unmirrored[path] for path in unmirrored.keys() - table.keys()}
    near = nearest(missing, files) if missing else {}
    left_out = [
        f"{path}: add tests/{path.rpartition('/')[0]}/test_{PurePosixPath(path).stem}.py, "
        f'or "{path}": "{test or "the test file that fails without it"}" to mirror.json'
        for path, test in sorted(near.items())
    ]
    gone = sorted(path for path in table if not (PACKAGE / path).is_file())
    return left_out + [f"{path}: there is no such module" for path in gone]


def test_every_exemption_is_named(unmirrored: dict[str, str]) -> None:
    """The table names every module without a test file of its own, no other; KAITO_IAC_WRITE_GOLDEN=1 adds what is missing."""
    files = sorted(TESTS.rglob("test_*.py"))
    if os.environ.get("KAITO_IAC_WRITE_GOLDEN"):
        named = {path: test for path, test in json.loads(TABLE.read_text()).items() if path in unmirrored}
        found = named | nearest({path: unmirrored[path] for path in unmirrored.keys() - named.keys()}, files)
        TABLE.write_text(json.dumps(dict(sorted(found.items())), indent=2) + "\n")
    wrong = differences(unmirrored, json.loads(TABLE.read_text()), files)
    assert wrong == [], "\n".join(wrong)


def test_every_exemption_has_a_test_that_needs_it(unmirrored: dict[str, str]) -> None:
    """The test file that is named takes names from the module, itself or through what it tests, and so fails without it."""
    table = json.loads(TABLE.read_text())
    files = {file: reached(TESTS / file) if file and (TESTS / file).is_file() else {} for file in set(table.values())}
    wrong = [
        f"{path}: {table[path] or 'no test'}"
        for path, name in unmirrored.items()
        if path in table and path not in BY_PROCESS and name not in files.get(table[path], {})
    ]
    assert wrong == [], "\n".join(wrong)


def test_a_new_module_is_left_out_until_it_is_named() -> None:
    """A module that is neither mirrored nor named is an error, also where a test reaches it; so is a name without a module."""
    files = sorted((TESTS / "catalog").glob("test_*.py"))
    unmirrored = {"catalog/find.py": "kaito_iac.catalog.find"}
    (told,) = differences(unmirrored, {}, files)
    assert told.startswith('catalog/find.py: add tests/catalog/test_find.py, or "catalog/find.py": "catalog/test_')
    assert differences(unmirrored, {"catalog/find.py": "catalog/test_sizes.py"}, files) == []
    gone = {"catalog/find.py": "catalog/test_sizes.py", "catalog/gone.py": "catalog/test_sizes.py"}
    assert differences(unmirrored, gone, files) == ["catalog/gone.py: there is no such module"]


def test_a_module_without_a_test_is_found() -> None:
    """A module that no test file leads to has none to name."""
    files = sorted((TESTS / "catalog").glob("test_*.py"))
    names = {"catalog/planted.py": "kaito_iac.catalog.planted", "catalog/find.py": "kaito_iac.catalog.find"}
    found = nearest(names, files)
    assert (found["catalog/planted.py"], found["catalog/find.py"].startswith("catalog/")) == ("", True)
