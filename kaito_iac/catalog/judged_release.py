"""The KAITO release that is judged by: the catalogue's default, or the one that a command was told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kaito_iac.catalog.load import DEFAULT_VERSION, versions

_TOLD: ContextVar[str | None] = ContextVar("kaito_release", default=None)


def judged_release() -> str:
    """Return the release that everything is predicted for."""
    return _TOLD.get() or DEFAULT_VERSION


def told_release() -> str | None:
    """Return the release that somebody named; None: nobody did, and the default is judged by."""
    return _TOLD.get()


@contextmanager
def judging_by(release: str | None) -> Iterator[None]:
    """Judge by a release inside the block; None changes nothing."""
    if release is None:
        yield
        return
    token = _TOLD.set(release)
    try:
        yield
    finally:
        _TOLD.reset(token)


def judged_releases() -> tuple[str, ...]:
    """Return the releases that can be judged by, newest first: those whose charts or estimator are described."""
    found = [name for name, release in versions().items() if release.kind != "aks-add-on"]
    return tuple(sorted(found, key=lambda name: [int(part) for part in name.partition("-")[0].split(".")], reverse=True))
