"""Reads files within a bound, and replaces files whole: the only way in and out of the file system for what people write."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

MEBIBYTE: Final = 2**20
SETTINGS_BYTES: Final = MEBIBYTE
"""Longest file of settings that is read: presets, quota, policy configuration, projects, stacks, kubeconfigs."""
STATE_BYTES: Final = 256 * MEBIBYTE
"""Longest saved state that is read."""
PLAN_BYTES: Final = 64 * MEBIBYTE
"""Longest plan, report, manifest file or list of outputs that is read."""
PIPE_SECONDS: Final = 30.0
"""How long a pipe that has a name may be silent: whether a program will write into it is unknown."""
PIPE_END_SECONDS: Final = 600.0
"""How long such a pipe is read."""
GZIP: Final = b"\x1f\x8b"
"""What a gzipped file starts with."""


class FileError(ValueError):
    """Report in a clause why a file cannot be read or written; the caller names the file."""


class TooLong(FileError):
    """Report that a file is longer than what is read."""


def reason(error: OSError | ValueError) -> str:
    """Return why a file cannot be used, as a clause."""
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return "no UTF-8 text"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "no file name"


def read_bytes(path: Path, most: int = SETTINGS_BYTES) -> bytes:
    """Read a file of at most so many bytes; raises FileError, also for devices and pipes that never end."""
    try:
        if stat.S_ISFIFO(path.stat().st_mode):
            content = _piped(path, most)
        else:
            with path.open("rb") as stream:
                content = stream.read(most + 1)
    except (OSError, ValueError) as error:
        raise FileError(reason(error)) from None
    return _bounded(content, most)


def _piped(path: Path, most: int) -> bytes:
    """Read a pipe that has a name, such as one of a shell's `<(command)`; one that stays silent is not waited for without end."""
    import select
    from time import monotonic

    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    content, ends = bytearray(), monotonic() + PIPE_END_SECONDS
    try:
        while len(content) <= most:
            if not select.select([handle], [], [], PIPE_SECONDS)[0] or monotonic() > ends:
                raise FileError(f"a pipe that is silent for {PIPE_SECONDS:g} s, or does not end within {PIPE_END_SECONDS:g} s")
            try:
                piece = os.read(handle, 65536)
            except BlockingIOError:
                continue
            if not piece:
                break
            content += piece
    finally:
        os.close(handle)
    return bytes(content)


def read_stdin(most: int) -> bytes:
    """Read standard input, at most so many bytes; raises FileError, also when it is closed."""
    if sys.stdin is None:
        raise FileError("standard input is closed")
    return _bounded(sys.stdin.buffer.read(most + 1), most)


def unzipped(content: bytes, most: int) -> bytes:
    """Return what was read, unpacked where it is gzipped; raises FileError beyond so many bytes, or where it breaks off."""
    if content.startswith(GZIP):
        import gzip
        import zlib

        try:
            with gzip.open(io.BytesIO(content)) as stream:
                content = stream.read(most + 1)
        except (OSError, EOFError, zlib.error):
            raise FileError("broken gzip") from None
    return _bounded(content, most)


def _bounded(content: bytes, most: int) -> bytes:
    if len(content) > most:
        raise TooLong(f"file of more than {most:,} bytes")
    return content


def read_text(path: Path, most: int = SETTINGS_BYTES) -> str:
    """Read a text in UTF-8, with or without a byte order mark, of at most so many bytes; raises FileError."""
    try:
        return read_bytes(path, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(reason(error)) from None


def read_json(path: Path, most: int = SETTINGS_BYTES) -> Any:
    """Read JSON; raises FileError for what is none, for a key that is there twice in one object, and for NaN and infinity."""
    try:
        return json.loads(read_text(path, most), object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FileError(f"no JSON: {error.msg}: line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise FileError("no JSON: nested too deep") from None
    except FileError:
        raise
    except ValueError:  # more digits than Python reads
        raise FileError("no JSON: a number of too many digits") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise FileError(f"key {next(key for key in keys if keys.count(key) > 1)[:60]!r} a second time")
    return found


def _no_number(text: str) -> Any:
    raise FileError(f"no JSON: {text} is no number")


def write_folder(folder: Path, texts: Mapping[str, str], last: str) -> None:
    """Put files into a folder: all are written beside their places first, then moved, the one called `last` as the last.

    Raises OSError with the folder's name; until the first move nothing but a hidden folder is touched, and that goes again.
    """
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".kaito-iac-", dir=folder))
        try:
            for name, text in texts.items():
                _put(stage / name, text)
            for name in sorted(texts, key=lambda name: name == last):
                os.replace(stage / name, folder / name)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise OSError(error.errno, error.strerror, str(folder)) from error


def _put(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def copy_into(source: Path, folder: Path, name: str) -> None:
    """Put a copy of a file into a folder, whole or not at all; a link of that name is replaced, not followed."""
    folder.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".kaito-iac-", dir=folder))
    try:
        shutil.copyfile(source, stage / name)
        os.replace(stage / name, folder / name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep others that lock the same file waiting while it is read and changed; none where the system has no locks."""
    try:
        import fcntl

        handle = os.open(path.resolve().parent, os.O_RDONLY)
    except (ImportError, OSError, RuntimeError):
        yield
        return
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Replace a file whole, or leave it as it was; a link stays a link, a file keeps its mode. Raises FileError."""
    try:
        target = Path(os.path.realpath(path))
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        try:
            os.close(handle)
            _put(Path(name), text)
            os.chmod(name, _new_mode() if mode is None else mode)
            _keep_owner(name, target)
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except (OSError, ValueError) as error:
        raise FileError(reason(error)) from None


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _keep_owner(name: str, target: Path) -> None:
    """Give the new file the owner of the old one, where we may."""
    if hasattr(os, "chown") and target.exists():
        before = target.stat()
        with contextlib.suppress(OSError):
            os.chown(name, before.st_uid, before.st_gid)
