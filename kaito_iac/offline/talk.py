"""What a program prints: passed on to standard error, with known secrets masked and what a terminal obeys written out."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from typing import Final

from kaito_iac.control import written_out
from kaito_iac.secrecy import KNOWN

_LONGEST: Final = 1 << 16
"""Bytes of a line that are waited for."""
_CHUNK: Final = 1 << 16
_LAST_SECONDS: Final = 2.0
"""How long what is left is waited for once the process has ended."""


class Talk:
    """Standard output and error of a process: a pipe that is read, masked and made safe to show."""

    def __init__(self) -> None:
        self._reader: int | None = None
        self._thread: threading.Thread | None = None
        self.descriptor: int = subprocess.DEVNULL
        """What the process is given."""
        if not _is_open(2):
            return
        self._reader, self.descriptor = os.pipe()

    def started(self) -> None:
        """Close our copy of the writing end, and pass on what comes."""
        if self._reader is None:
            return
        os.close(self.descriptor)
        self._thread = threading.Thread(target=_pass_on, args=(self._reader,), daemon=True, name="kaito-iac talk")
        self._thread.start()

    def failed(self) -> None:
        """Close both ends: the process did not start."""
        if self._reader is not None:
            os.close(self.descriptor)
            os.close(self._reader)
            self._reader = None

    def ended(self) -> None:
        """Wait for what the process still wrote."""
        if self._thread is not None:
            self._thread.join(_LAST_SECONDS)


def _pass_on(reader: int) -> None:
    """Write out whole lines as they come; a secret that is split over two reads is masked as a whole."""
    rest = b""
    with contextlib.suppress(OSError):
        while data := os.read(reader, _CHUNK):
            rest += data
            if b"\n" not in data and len(rest) < _LONGEST:
                continue
            lines, end, rest = rest.rpartition(b"\n")
            if not end:
                lines, rest = rest, b""
            _say(lines + end)
        _say(rest)
    with contextlib.suppress(OSError):
        os.close(reader)


def _say(data: bytes) -> None:
    text = written_out(KNOWN.masked(data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")))
    view = memoryview(text.encode("utf-8", "replace"))
    while view:
        view = view[os.write(2, view) :]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
