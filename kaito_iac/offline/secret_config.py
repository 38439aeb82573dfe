"""Which values of a stack's configuration are secret, known before its program runs, whatever else is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.files import FileError, read_bytes
from kaito_iac.offline.interpreter import project_file
from kaito_iac.offline.recording import Refusal

if TYPE_CHECKING:
    from kaito_iac.offline.project import Project

_SECRET: Final = re.compile(rb"sec(?:ure|ret)|stackConfigDir|[\\\x00]")
"""What a file must hold to make a value secret, to have its stack's file elsewhere, or to spell one of these otherwise."""
_DECLARED: Final = re.compile(rb"^config:[ \t]*\n[ \t]+[\w.:-]+:\s", re.MULTILINE)
"""Declarations: the same key may instead name the folder of the stacks' files."""


def secret_values(program: Path, stack: str, overrides: Mapping[str, str]) -> tuple[Any, ...]:
    """Return every value that is secret: declared so, or set for a key that the stack's file keeps encrypted.

    A project that cannot be read has none that are known; then what is set on the command line counts as secret.
    """
    if not overrides and not _may_be_secret(program, stack):
        return ()
    from kaito_iac.offline import project  # YAML is loaded only where there is something to read

    try:
        found = project.load(program)
    except (Refusal, OSError):
        return tuple(overrides.values())
    try:
        return tuple(_secrets(found, stack, overrides))
    except (Refusal, OSError):
        return tuple(overrides.values())


def _may_be_secret(program: Path, stack: str) -> bool:
    """Report whether the files of a stack hold a word without which nothing in them is secret."""
    file = project_file(program)
    if file is None:
        return False
    try:
        text = read_bytes(file)
        of_stack = file.parent / f"Pulumi.{stack}.yaml"
        of_both = text + (read_bytes(of_stack) if of_stack.is_file() else b"")
    except (OSError, FileError):
        return True
    return bool(_SECRET.search(of_both)) or text.count(b"config") != len(_DECLARED.findall(text))


def _secrets(found: Project, stack: str, overrides: Mapping[str, str]) -> Iterator[Any]:
    from kaito_iac.offline import config

    reader = config.Reader(found)
    given = reader.stack_file(stack)
    given |= {reader.full(key): reader.override(reader.full(key), value) for key, value in overrides.items()}
    for key, declared in found.config.items():
        list(reader.declare(given, str(key), declared, stack))
    for key, value in given.items():
        if key not in reader.secret:
            continue
        for text in _texts(value):
            if text not in reader.encrypted:
                yield text


def _texts(value: Any) -> Iterator[str]:
    """Return a value as a program sees it, and every text in one that is JSON."""
    from kaito_iac.offline.go_yaml import text

    shown = text(value)
    yield shown
    if shown[:1] in "[{":
        try:
            inner = json.loads(shown)
        except ValueError:
            return
        yield from _leaves(inner)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
