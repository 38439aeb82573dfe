"""Reads the rows of a data file one after the other, within a bound, with the line each begins at."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from kaito_iac.files import GZIP

EXTENSIONS: Final = ("csv", "json", "parquet", "arrow", "webdataset")
"""What KAITO 0.12's tuning program looks for in a file's name; jsonl holds json."""
MOST_BYTES: Final = 16 * 2**20
"""Longest row that is read."""
_CHUNK: Final = 2**16
_BLANK: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    line: int
    """Line of a text file at which it begins; of a parquet file its number."""
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """Something in the place of a row that is none."""

    line: int
    why: str
    ends: bool = False
    """Whether nothing can be read behind it."""


class NoReader(Exception):
    """Report that files of a kind cannot be looked into here, and why."""


def kind_of(path: Path, extension: str = "") -> str:
    """Return the kind that the tuning program takes a file for: as configured, else by its name; empty for none."""
    if extension:
        return extension
    name = path.name.lower()
    return next((kind for kind in EXTENSIONS if kind in name), "")


def kinds_in(path: Path) -> tuple[str, ...]:
    """Return every kind that a file's name holds: the tuning program takes any of them."""
    return tuple(kind for kind in EXTENSIONS if kind in path.name.lower())


def rows_of(path: Path, kind: str) -> Iterator[Row | BadRow]:
    """Return the rows of a file; raises NoReader for kinds that cannot be looked into, OSError for what cannot be read."""
    if kind == "parquet":
        yield from _parquet(path)
        return
    if kind not in ("csv", "json"):
        raise NoReader(f"files of kind {kind or 'unknown'} cannot be looked into here; csv, json, jsonl and parquet can")
    with path.open("rb") as stream:
        packed = stream.read(2) == GZIP
    opened: Any = gzip.open(path, "rb") if packed else path.open("rb")
    with opened as stream:
        try:
            if kind == "json":
                yield from _json(stream)
            else:
                with io.TextIOWrapper(stream, "utf-8-sig", "strict", newline="") as text:
                    yield from _csv(text)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield BadRow(0, "the gzip file breaks off", ends=True)


def _json(stream: IO[bytes]) -> Iterator[Row | BadRow]:
    """Return the rows of JSON lines, or of one JSON list of objects."""
    start = stream.peek(_CHUNK) if hasattr(stream, "peek") else b""
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        with io.TextIOWrapper(stream, "utf-8-sig", "strict") as text:
            yield from _json_list(text)
    else:
        yield from _json_lines(stream)


def _json_lines(stream: IO[bytes]) -> Iterator[Row | BadRow]:
    line = 0
    while text := stream.readline(MOST_BYTES + 1):
        line += 1
        if len(text) > MOST_BYTES:
            yield BadRow(line, f"a row of more than {MOST_BYTES:,} bytes", ends=True)
            return
        if line == 1:
            text = text.removeprefix(b"\xef\xbb\xbf")
        if text.strip():
            yield _row(line, text)


def _row(line: int, text: bytes) -> Row | BadRow:
    try:
        found = json.loads(text)
    except UnicodeDecodeError:
        return BadRow(line, "no UTF-8 text")
    except (ValueError, RecursionError) as error:
        return BadRow(line, f"no JSON ({getattr(error, 'msg', 'too deep')}); expected one object a line")
    return Row(line, found) if isinstance(found, dict) else BadRow(line, "no JSON object; expected one object a line")


def _json_list(stream: io.TextIOWrapper) -> Iterator[Row | BadRow]:
    """Return the objects of a list without holding more than one of them."""
    decoder, line = json.JSONDecoder(), 1
    held = stream.read(_CHUNK)
    line += held[: held.index("[")].count("\n")
    held = held[held.index("[") + 1 :]
    while True:
        try:
            held, passed = _next(held, stream)
        except UnicodeDecodeError:
            yield BadRow(line, "no UTF-8 text", ends=True)
            return
        line += passed
        if not held or held[0] == "]":
            if not held:
                yield BadRow(line, "the list does not end", ends=True)
            return
        try:
            found, end, held = _decoded(decoder, held, stream)
        except (ValueError, RecursionError) as error:
            yield BadRow(line, f"no JSON ({getattr(error, 'msg', 'too long or too deep')})", ends=True)
            return
        yield Row(line, found) if isinstance(found, dict) else BadRow(line, "no JSON object; expected a list of objects")
        line += held[:end].count("\n")
        held = held[end:]


def _next(held: str, stream: io.TextIOWrapper) -> tuple[str, int]:
    """Skip blanks and commas; return what follows, and the line ends that were passed."""
    passed = 0
    while True:
        rest = held.lstrip(f"{_BLANK},")
        passed += held[: len(held) - len(rest)].count("\n")
        if rest:
            return rest, passed
        held = stream.read(_CHUNK)
        if not held:
            return "", passed


def _decoded(decoder: json.JSONDecoder, held: str, stream: io.TextIOWrapper) -> tuple[Any, int, str]:
    """Decode the next value, reading as much more as it needs: twice as much each time."""
    more = _CHUNK
    while True:
        try:
            found, end = decoder.raw_decode(held)
            return found, end, held
        except json.JSONDecodeError:
            added = stream.read(more)
            if not added or len(held) > MOST_BYTES:
                raise
            held, more = held + added, more * 2


@contextmanager
def _long_fields() -> Iterator[None]:
    before = csv.field_size_limit(MOST_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _csv(stream: IO[str]) -> Iterator[Row | BadRow]:
    reader = csv.reader(stream, strict=True)
    line = 1
    with _long_fields():
        try:
            names = next(reader, [])
            line = reader.line_num + 1
            for cells in reader:
                if len(cells) == len(names):
                    yield Row(line, dict(zip(names, cells, strict=True)))
                elif cells:
                    yield BadRow(line, f"{len(cells)} cells; expected {len(names)}, as the first line names columns")
                line = reader.line_num + 1
        except UnicodeDecodeError:
            yield BadRow(line, "no UTF-8 text", ends=True)
        except csv.Error as error:
            yield BadRow(line, f"no CSV ({error})", ends=True)


def _parquet(path: Path) -> Iterator[Row | BadRow]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise NoReader("parquet files are read with pyarrow, which is not installed; pip install pyarrow") from None
    number = 0
    try:
        with ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=256):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(number, values)
    except ArrowException as error:
        yield BadRow(number + 1, f"no parquet ({str(error).splitlines()[0][:120]})", ends=True)
