"""Reads the YAML files that people write: one mapping, the line of every value, and problems instead of exceptions."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kaito_iac.files import SETTINGS_BYTES, FileError, read_text
from kaito_iac.kubernetes.builder import SETTINGS, Dialect, Unreadable
from kaito_iac.kubernetes.document import Document, read_one
from kaito_iac.problem import Problem

TOP: Final = "keys such as kind, name and why"
"""What presets have at the top."""


def read_yaml(
    text: str, name: str, *, code: str = "KS107", top: str = TOP, dialect: Dialect = SETTINGS, empty: bool = False
) -> tuple[Document | None, list[Problem]]:
    """Read a document whose top is a mapping; every problem names the file and a line.

    `top` says what is expected there; where `empty`, no document at all is an empty mapping.
    """
    if len(text.encode(errors="replace")) > SETTINGS_BYTES:
        return None, [Problem(code, name, f"file of more than {SETTINGS_BYTES:,} bytes", "a short YAML file")]
    try:
        document = read_one(text, dialect)
    except Unreadable as error:
        found = f"no YAML: {error.reason}" if error.syntax else error.reason
        return None, [Problem(code, f"{name}:{error.line}", found, "a YAML mapping")]
    if document.data is None and empty:
        document.data = {}
    if not isinstance(document.data, dict):
        return None, [Problem(code, f"{name}:1", "no mapping at the top", top)]
    repeated = [
        Problem(code, f"{name}:{line}", f"key {key[:60]} a second time", "every key once") for line, key in document.repeated
    ]
    return (None, repeated) if repeated else (document, [])


def load_yaml(
    path: Path, name: str, *, code: str, top: str, dialect: Dialect = SETTINGS, empty: bool = False
) -> tuple[Document | None, list[Problem]]:
    """Read a file as `read_yaml` reads its text; `name` is what problems call it."""
    try:
        text = read_text(path)
    except FileError as error:
        return None, [Problem(code, name, f"cannot be read ({error})", "a readable YAML file")]
    return read_yaml(text, name, code=code, top=top, dialect=dialect, empty=empty)
