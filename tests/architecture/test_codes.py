"""Every problem code is in the table, in use, and provoked by a test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.code import CODES
from kaito_iac.explain.code import explain_code

TESTS = Path(__file__).parents[1]
CODE = re.compile(r"\bK[SQNO]\d{3}\b")
RANGES = {"S": range(101, 400), "Q": range(101, 200), "N": range(301, 400), "O": range(401, 500)}


@pytest.fixture(scope="module")
def used(modules: Any) -> dict[str, set[str]]:
    """Gives the modules that each code is used in."""
    found: dict[str, set[str]] = {}
    for module in modules:
        if module.path != "code.py":
            for code in CODE.findall(module.text):
                found.setdefault(code, set()).add(module.path)
    return found


def test_every_code_in_use_is_in_the_table(used: dict[str, set[str]]) -> None:
    """No module makes up a code."""
    made_up = [f"{code}: {', '.join(sorted(paths))}" for code, paths in sorted(used.items()) if code not in CODES]
    assert made_up == [], "\n".join(made_up)


def test_every_code_of_the_table_is_in_use(used: dict[str, set[str]]) -> None:
    """No code of the table stands for nothing."""
    unused = [f"{code}: {title}" for code, title in CODES.items() if code not in used]
    assert unused == [], "\n".join(unused)


def test_every_code_is_provoked() -> None:
    """Every code appears in what a test expects."""
    seen: set[str] = set()
    for path in TESTS.rglob("*"):
        if path.is_file() and "architecture" not in path.parts and path.suffix not in (".pyc", ".png"):
            seen |= set(CODE.findall(path.read_text(errors="replace")))
    unprovoked = [f"{code}: {title}" for code, title in CODES.items() if code not in seen]
    assert unprovoked == [], "\n".join(unprovoked)


def test_every_code_is_explained() -> None:
    """Every code has a reason, an example and a fix; what no rule or cause gives stands in kaito_iac/explain/notes.toml."""
    found = map(explain_code, CODES)
    lacking = [f"{one.code}: {one.title}" for one in found if not (one.why.endswith(".") and one.example and one.fix)]
    assert lacking == [], "\n".join(lacking)


def test_codes_and_titles() -> None:
    """A code is K, the letter of its area and three digits of the area's range; titles differ; the table is sorted."""
    assert [code for code in CODES if not CODE.fullmatch(code) or int(code[2:]) not in RANGES[code[1]]] == []
    assert len(set(CODES.values())) == len(CODES)
    assert [code for code, title in CODES.items() if len(title) < 10 or title.endswith(".")] == []
    assert list(CODES) == sorted(CODES, key=lambda code: ("SQNO".index(code[1]), code))
