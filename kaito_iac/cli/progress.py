"""Progress of what takes longer than a second: counting on a terminal, one line anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final, TextIO

from kaito_iac.cli.escape import line
from kaito_iac.cli.invocation import quiet
from kaito_iac.cli.terminal import is_terminal
from kaito_iac.secrecy import KNOWN

PATIENCE: Final = 1.0
"""Seconds of silence."""
PAUSE: Final = 0.2
"""Seconds between two counts."""


class Counter:
    """Report how many are done, on stderr."""

    def __init__(self, what: str, stream: TextIO) -> None:
        self._what = what
        self._stream = stream
        self._watched = is_terminal(stream)
        self._next: float | None = monotonic() + PATIENCE
        self._shown = False

    def __call__(self, done: int) -> None:
        """Hear that so many are done."""
        if self._next is None or monotonic() < self._next:
            return
        self._shown = True
        if self._watched:
            self._stream.write(f"\r{self._what}: {done:,} so far")
            self._next = monotonic() + PAUSE
        else:
            self._stream.write(f"{self._what}: {done:,} so far, more to come\n")
            self._next = None
        self._stream.flush()

    def end(self) -> None:
        """Clear the count from the terminal."""
        if self._shown and self._watched:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


@contextmanager
def patience(what: str, stream: TextIO) -> Iterator[None]:
    """Report on stderr what is going on when it takes longer than a second."""
    if quiet():
        yield
        return
    from threading import Timer

    def say() -> None:
        stream.write(f"{KNOWN.masked(line(what))}\n")
        stream.flush()

    timer = Timer(PATIENCE, say)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
