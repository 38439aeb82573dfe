"""Lines of events: long ones are passed over, and what does not end is given up."""

from __future__ import annotations

import gzip
import io

import pytest

from kaito_iac.stack import event_line
from kaito_iac.stack.event_line import lines


class Endless(io.RawIOBase):
    """A device without an end."""

    def __init__(self, piece: bytes) -> None:
        self._piece = piece

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:
        data = (self._piece * (len(target) // len(self._piece) + 1))[: len(target)]
        target[:] = data
        return len(data)


@pytest.fixture(autouse=True)
def bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_line, "MOST_LINE_BYTES", 1_000)
    monkeypatch.setattr(event_line, "MOST_SKIPPED_BYTES", 5_000_000)
    monkeypatch.setattr(event_line, "MOST_BYTES", 9_000_000)
    monkeypatch.setattr(event_line, "MOST_LINES", 200_000)


@pytest.mark.parametrize("packed", [False, True])
def test_a_long_line_is_empty(packed: bool) -> None:
    """A line that is too long comes as an empty one, and the next one is read."""
    data = b"a\n" + b"x" * 3_000_000 + b"\nb\n"
    assert list(lines(io.BytesIO(gzip.compress(data) if packed else data))) == [b"a\n", b"\n", b"b\n"]


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        pytest.param(b"\x00", "no end within 5,000,000 bytes", id="one line without an end"),
        pytest.param(b"{}" * 40 + b"\n", "no end within 9,000,000 bytes", id="lines without an end"),
        pytest.param(b"\n", "no end within 200,000 lines", id="empty lines without an end"),
    ],
)
def test_no_end(piece: bytes, told: str) -> None:
    """What does not end is given up, in words that a report has for the file."""
    with pytest.raises(OSError, match="no end within") as error:
        for _ in lines(io.BufferedReader(Endless(piece))):
            pass
    assert error.value.strerror == told
