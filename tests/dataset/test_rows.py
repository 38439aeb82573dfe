"""Rows of data files: each with its line, what is no row as such, and never more than one in memory."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.dataset import rows
from kaito_iac.dataset.rows import BadRow, NoReader, Row, kind_of, kinds_in, rows_of

ENDS = True


def read(tmp_path: Path, name: str, content: str | bytes) -> list[Any]:
    """Return line and values of each row, or line and reason of what is none."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = rows_of(path, kind_of(path))
    return [(one.line, dict(one.values)) if isinstance(one, Row) else (one.line, one.why, one.ends) for one in found]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("a.jsonl", '{"a": 1}\n\n{"a": 2}', [(1, {"a": 1}), (3, {"a": 2})], id="JSON lines"),
        pytest.param("a.json", '\ufeff{"a": 1}\r\n', [(1, {"a": 1})], id="a byte order mark"),
        pytest.param("a.json", ' [\n {"a":\n 1},\n\n {"b": 2}]', [(2, {"a": 1}), (5, {"b": 2})], id="a list of objects"),
        pytest.param("a.json", "[]", [], id="an empty list"),
        pytest.param("a.json", "", [], id="an empty file"),
        pytest.param("a.json", '[{"a": 1},', [(1, {"a": 1}), (1, "the list does not end", ENDS)], id="a list without an end"),
        pytest.param("a.json", "[1]", [(1, "no JSON object; expected a list of objects", False)], id="a list of numbers"),
        pytest.param(
            "a.json", "[{,}]", [(1, "no JSON (Expecting property name enclosed in double quotes)", ENDS)], id="no JSON in it"
        ),
        pytest.param(
            "a.jsonl",
            b'{"a": "\xff"}\n7\n{"a"\n{"a": 1}\n',
            [
                (1, "no UTF-8 text", False),
                (2, "no JSON object; expected one object a line", False),
                (3, "no JSON (Expecting ':' delimiter); expected one object a line", False),
                (4, {"a": 1}),
            ],
            id="bad lines among good ones",
        ),
        pytest.param("a.csv", 'p,c\n"x\ny",1\nz,2\n', [(2, {"p": "x\ny", "c": "1"}), (4, {"p": "z", "c": "2"})], id="CSV"),
        pytest.param(
            "a.csv",
            "p,c\nx\ny,1\n",
            [(2, "1 cells; expected 2, as the first line names columns", False), (3, {"p": "y", "c": "1"})],
            id="a CSV row that is short",
        ),
        pytest.param("a.csv", b"p,c\nx,\xff\n", [(1, "no UTF-8 text", ENDS)], id="CSV that is no text"),
        pytest.param("a.csv", 'p,c\nx,"', [(2, "no CSV (unexpected end of data)", ENDS)], id="an open quote"),
        pytest.param("a.jsonl.gz", gzip.compress(b'{"a": 1}\n'), [(1, {"a": 1})], id="gzipped"),
        pytest.param(
            "a.jsonl.gz",
            gzip.compress(b'{"a": 1}\n')[:-9],
            [(1, {"a": 1}), (0, "the gzip file breaks off", ENDS)],
            id="broken gzip",
        ),
    ],
)
def test_rows(tmp_path: Path, name: str, content: str | bytes, told: list[Any]) -> None:
    """Each row comes with its line; what is none is reported with its line, and what is behind it is read where that can be."""
    assert read(tmp_path, name, content) == told


def test_a_row_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is longer than the bound ends the reading: it is not held."""
    monkeypatch.setattr(rows, "MOST_BYTES", 100)
    assert read(tmp_path, "a.jsonl", "x" * 200) == [(1, "a row of more than 100 bytes", ENDS)]


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=30), max_size=3), max_size=20), st.integers(1, 40))
def test_a_list_is_read_in_any_pieces(tmp_path_factory: pytest.TempPathFactory, found: list[Any], piece: int) -> None:
    """However the pieces of a file fall, its rows are the same."""
    path = tmp_path_factory.mktemp("list") / "a.json"
    path.write_text(json.dumps(found, indent=1))
    before = rows._CHUNK
    rows._CHUNK = piece  # type: ignore[misc]
    try:
        assert [dict(one.values) for one in rows_of(path, "json") if isinstance(one, Row)] == found
    finally:
        rows._CHUNK = before  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "kind", "kinds"),
    [
        ("train.JSONL", "json", ("json",)),
        ("csv-of-json.txt", "csv", ("csv", "json")),
        ("data.parquet", "parquet", ("parquet",)),
        ("data.txt", "", ()),
    ],
)
def test_kinds(name: str, kind: str, kinds: tuple[str, ...]) -> None:
    """A file is taken for what its name holds anywhere, as the tuning program does."""
    assert (kind_of(Path(name)), kinds_in(Path(name)), kind_of(Path(name), "csv")) == (kind, kinds, "csv")


def test_parquet_needs_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the message names what to install; an arrow file cannot be looked into at all."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(NoReader, match=r"^parquet files are read with pyarrow, which is not installed; pip install pyarrow$"):
        list(rows_of(tmp_path / "a.parquet", "parquet"))
    with pytest.raises(NoReader, match=r"^files of kind arrow cannot be looked into here; csv, json, jsonl and parquet can$"):
        list(rows_of(tmp_path / "a.arrow", "arrow"))


def test_parquet(tmp_path: Path) -> None:
    """Rows of a parquet file have numbers; one that is broken says so."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"messages": [[{"role": "user", "content": "a"}]] * 600})
    parquet.write_table(table, tmp_path / "a.parquet")
    found = list(rows_of(tmp_path / "a.parquet", "parquet"))
    assert (len(found), found[599]) == (600, Row(600, {"messages": [{"role": "user", "content": "a"}]}))
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no PAR1")
    (broken,) = rows_of(tmp_path / "b.parquet", "parquet")
    assert isinstance(broken, BadRow)
    assert broken.ends
