"""Facts of the outside world are in the catalogue alone, each table with its date and where it comes from."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from kaito_iac.catalog.load import sizes

PACKAGE = Path(__file__).parents[2] / "kaito_iac"
TABLES = sorted((PACKAGE / "catalog" / "data").glob("*.json"))
BY_ENTRY = {"vllm.json": "engines", "resource_types.json": "versions", "reviewed_types.json": "note"}
"""Tables whose source is told beside each entry, by the versions of the packages that were read, or by who judged."""

NAMES = {
    "presets/names.py": "generated from the catalogue, for types",
    "testing_stacks.py": "names that random stacks are made of",
}
"""Modules that hold names of sizes and no facts of them."""


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_says_when_and_where_from(path: Path) -> None:
    """Every table has a date, and sources with dates of their own."""
    table = json.loads(path.read_text())
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", table["date"])
    assert table[BY_ENTRY.get(path.name, "sources")]


def test_sizes_are_typed_nowhere_else() -> None:
    """No module holds a table of VM sizes beside the catalogue: examples in help and messages name one at a time."""
    names = {size.name for size in sizes().values()}
    found = {}
    for path in PACKAGE.rglob("*.py"):
        told = [
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names
        ]
        if len(told) > 2 and path.relative_to(PACKAGE).as_posix() not in NAMES:
            found[path.relative_to(PACKAGE).as_posix()] = told
    assert found == {}
