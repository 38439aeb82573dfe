"""Files are read within a bound and replaced whole."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import stat
import threading
from pathlib import Path

import pytest

from kaito_iac.files import FileError, TooLong, locked, read_bytes, read_json, read_stdin, read_text, unzipped, write_text


def refused(reading, path: Path, *args: int) -> str:
    with pytest.raises(FileError) as raised:
        reading(path, *args)
    return str(raised.value)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """Every reason is one clause, and nothing is read without end."""
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "latin").write_bytes(b"\xe9")
    (tmp_path / "long").write_bytes(b"x" * 11)
    assert {
        "missing": refused(read_text, tmp_path / "missing"),
        "folder": refused(read_text, tmp_path),
        "loop": refused(read_text, tmp_path / "loop"),
        "latin": refused(read_text, tmp_path / "latin"),
        "long": refused(read_text, tmp_path / "long", 10),
        "zero": refused(read_bytes, Path("/dev/zero"), 1000),
        "nul": refused(read_text, Path("a\0b")),
    } == {
        "missing": "No such file or directory",
        "folder": "Is a directory",
        "loop": "Too many levels of symbolic links",
        "latin": "no UTF-8 text",
        "long": "file of more than 10 bytes",
        "zero": "file of more than 1,000 bytes",
        "nul": "no file name",
    }


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    """A byte order mark is left out."""
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa")
    assert read_text(tmp_path / "a") == "a"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{", "no JSON: Expecting property name enclosed in double quotes: line 1 column 2", id="cut off"),
        pytest.param('{"a": {"b": 1, "b": 2}}', "key 'b' a second time", id="a key twice"),
        pytest.param("[NaN]", "no JSON: NaN is no number", id="no number"),
        pytest.param("[" * 100_000, "no JSON: nested too deep", id="deep"),
        pytest.param("9" * 5000, "no JSON: a number of too many digits", id="digits"),
    ],
)
def test_what_is_no_json(tmp_path: Path, text: str, told: str) -> None:
    """What is no JSON, or says something twice, is refused in a clause."""
    (tmp_path / "a.json").write_text(text)
    assert refused(read_json, tmp_path / "a.json") == told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    ("text", "most", "found"),
    [
        pytest.param("ab", 2, "ab", id="what comes through a pipe"),
        pytest.param("abc", 2, "file of more than 2 bytes", id="more than is read"),
        pytest.param(None, 2, "a pipe that is silent for 0.2 s, or does not end within 600 s", id="nothing"),
    ],
)
def test_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, most: int, found: str) -> None:
    """A pipe with a name is read to its end within the bound, and not waited for where no one writes."""
    monkeypatch.setattr("kaito_iac.files.PIPE_SECONDS", 0.2 if text is None else 30)
    os.mkfifo(tmp_path / "pipe")
    if text is not None:
        threading.Thread(target=(tmp_path / "pipe").write_text, args=(text,), daemon=True).start()
    with pytest.raises(FileError) if found != text else contextlib.nullcontext() as refused:
        assert read_text(tmp_path / "pipe", most) == found
    assert refused is None or str(refused.value) == found


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    """A file keeps its mode, a link stays a link, a new file has the mode of any new file, and nothing is left beside."""
    file, link = tmp_path / "quota.yaml", tmp_path / "link.yaml"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to("quota.yaml")
    write_text(link, "new")
    write_text(tmp_path / "fresh", "x")
    (tmp_path / "other").write_text("")
    assert (file.read_text(), link.is_symlink(), stat.S_IMODE(file.stat().st_mode)) == ("new", True, 0o600)
    assert (tmp_path / "fresh").stat().st_mode == (tmp_path / "other").stat().st_mode
    assert sorted(os.listdir(tmp_path)) == ["fresh", "link.yaml", "other", "quota.yaml"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the file as it was, and nothing beside it."""
    (tmp_path / "a").write_text("old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"^No space left on device$"):
        write_text(tmp_path / "a", "new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder that is not there, and a name that is too long, are one clause."""
    told = []
    for path in (tmp_path / "gone" / "a", tmp_path / ("x" * 300)):
        with pytest.raises(FileError) as raised:
            write_text(path, "x")
        told.append(str(raised.value))
    assert told == ["No such file or directory", "File name too long"]


def test_two_writers_at_once(tmp_path: Path) -> None:
    """The one that writes last wins whole: no reader ever sees half a file."""
    texts = [letter * 100_000 for letter in "abcd"]
    file = tmp_path / "a"
    write_text(file, texts[0])
    threads = [threading.Thread(target=lambda text=text: [write_text(file, text) for _ in range(10)]) for text in texts]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert file.read_text() in texts
    assert os.listdir(tmp_path) == ["a"]


def test_a_lock_keeps_others_waiting(tmp_path: Path) -> None:
    """Two who read and change a file at once lose nothing when both lock it."""
    file = tmp_path / "count"
    write_text(file, "0")

    def count() -> None:
        for _ in range(20):
            with locked(file):
                write_text(file, str(int(read_text(file)) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read_text() == "80"


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than asked for is taken from standard input, and a closed one is reported."""
    endless = io.BytesIO(b"x" * 11)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(endless))
    assert read_stdin(11) == b"x" * 11
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 12)))
    with pytest.raises(TooLong, match="file of more than 11 bytes"):
        read_stdin(11)
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(FileError, match="standard input is closed"):
        read_stdin(11)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(gzip.compress(bytes(10 * 2**20)), "file of more than 1,000 bytes", id="small, and large when unpacked"),
        pytest.param(bytes(1001), "file of more than 1,000 bytes", id="not packed, and too long"),
        pytest.param(gzip.compress(b"x" * 900)[:-9], "broken gzip", id="breaks off"),
        pytest.param(b"\x1f\x8bx", "broken gzip", id="none at all"),
    ],
)
def test_what_is_packed_is_bounded(content: bytes, told: str) -> None:
    """What a gzipped file holds counts by its length unpacked, and is never unpacked further than that."""
    with pytest.raises(FileError) as raised:
        unzipped(content, 1000)
    assert str(raised.value) == told
    assert unzipped(gzip.compress(b"x" * 1000), 1000) == unzipped(b"x" * 1000, 1000) == b"x" * 1000
