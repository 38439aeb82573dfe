"""The KAITO release that is judged by: the catalogue's default, or the one given to a command."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from kaito_iac.catalog.load import DEFAULT_VERSION, versions

VARIABLE: Final = "KAITO_IAC_KAITO_VERSION"
"""Environment variable with the release, which programs and policy packs that are run inherit."""


def judged_release() -> str:
    """Return the release that everything is predicted for."""
    return named_release() or DEFAULT_VERSION


def named_release() -> str | None:
    """Return the release that was named; None: none was, or one that is not described: the default is used."""
    named = os.environ.get(VARIABLE)
    return named if named and named in versions() else None


def judged_since(release: str) -> bool:
    """Return whether the release that is judged by is one, or a later one; candidates of a release count as it."""
    return numbers(judged_release()) >= numbers(release)


@cache
def numbers(release: str) -> tuple[int, ...]:
    """Return the three numbers of a release of KAITO, without what marks a candidate."""
    return tuple(int(part) for part in re.findall(r"\d+", release)[:3])


@contextmanager
def judging_by(release: str | None) -> Iterator[None]:
    """Judge by a release inside the block; None changes nothing."""
    if release is None:
        yield
        return
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = release
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def judged_releases() -> tuple[str, ...]:
    """Return the releases that can be judged by, newest first: those whose charts or estimator are described."""
    found = [name for name, release in versions().items() if release.kind != "aks-add-on"]
    return tuple(sorted(found, key=numbers, reverse=True))
