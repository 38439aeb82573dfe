"""Which values of a stack's configuration are secret, known before its program runs, whatever else is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kaito_iac.offline import config, project
from kaito_iac.offline.recording import Refusal


def secret_values(program: Path, stack: str, overrides: Mapping[str, str]) -> tuple[Any, ...]:
    """Return every value that is secret: declared so, or set for a key that the stack's file keeps encrypted.

    A project that cannot be read has none that are known; then what is set on the command line counts as secret.
    """
    try:
        found = project.load(program)
    except (Refusal, OSError):
        return tuple(overrides.values())
    try:
        return tuple(_secrets(found, stack, overrides))
    except (Refusal, OSError):
        return tuple(overrides.values())


def _secrets(found: project.Project, stack: str, overrides: Mapping[str, str]) -> Iterator[Any]:
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
    shown = config.text(value)
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
