"""Where the ledger lives: a folder, a git branch of its own, or an object store, behind one interface.

An entry is the plan of one stack as `kaito-iac plan --json` writes it: of the main branch, or of an open pull request.
Every entry is a file of its own, so two writers of different entries never meet; of one entry the later writer wins.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar
from urllib.parse import quote

from kaito_iac.files import PLAN_BYTES, read_bytes, reason, write_folder

T = TypeVar("T")
_TRIES: Final = 6
_SECONDS: Final = 120
"""Longest time that git may take for one step."""
MAIN: Final = "main"


class StoreError(Exception):
    """Report that a store could not be read or written, and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Name of an entry: who holds it, and of which stack it is."""

    owner: str
    """`main`, or `pull-142`."""
    stack: str
    """project/stack."""

    @property
    def file(self) -> str:
        """Return the name of its file: no name of a stack leads out of the folder."""
        return f"{quote(self.owner, safe='')}@{quote(self.stack, safe='')}.json"

    @classmethod
    def of(cls, file: str) -> Entry | None:
        """Return the entry of a file's name; None for another file."""
        from urllib.parse import unquote

        owner, at, stack = file.removesuffix(".json").partition("@")
        return cls(unquote(owner), unquote(stack)) if at and file.endswith(".json") else None


class LedgerStore(Protocol):
    """A place for entries."""

    def entries(self) -> Mapping[Entry, bytes]:
        """Return every entry."""
        ...

    def write(self, entry: Entry, data: bytes) -> None:
        """Write an entry, whatever was there."""
        ...

    def remove(self, owner: str) -> None:
        """Remove every entry of an owner, such as a pull request that is closed."""
        ...


class FolderStore:
    """Entries as files of a folder, such as a shared disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> Mapping[Entry, bytes]:
        """Return every entry."""
        found = {}
        for path in self._files():
            entry = Entry.of(path.name)
            if entry is not None:
                found[entry] = self._guarded(path, lambda path: read_bytes(path, PLAN_BYTES))
        return found

    def write(self, entry: Entry, data: bytes) -> None:
        """Write an entry; a reader sees the old one or the new one, never half of it."""
        self._guarded(
            self._folder / entry.file, lambda path: write_folder(path.parent, {path.name: data.decode("utf-8")}, path.name)
        )

    def remove(self, owner: str) -> None:
        """Remove every entry of an owner."""
        for path in self._files():
            entry = Entry.of(path.name)
            if entry is not None and entry.owner == owner:
                self._guarded(path, lambda path: path.unlink(missing_ok=True))

    def _files(self) -> list[Path]:
        """Return the files of the folder, none where nothing was written yet; what is no folder that can be read is an error."""
        try:
            return [self._folder / name for name in sorted(os.listdir(self._folder))]
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise StoreError(f"{self._folder.name[:100] or self._folder}: {reason(error)}") from error

    @staticmethod
    def _guarded(path: Path, work: Callable[[Path], T]) -> T:
        """Do something with an entry; what the file system has against it is an error of the store."""
        try:
            return work(path)
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: {reason(error)}") from error


class Objects(Protocol):
    """As much of an object store as a ledger needs: clients of S3, Azure Blob and Google Cloud Storage are easily wrapped."""

    def list(self) -> Mapping[str, bytes]:
        """Return every object below the prefix, by name."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Write an object."""
        ...

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is no error."""
        ...


class ObjectStore:
    """Entries as objects."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def entries(self) -> Mapping[Entry, bytes]:
        """Return every entry."""
        found = ((Entry.of(name), data) for name, data in sorted(self._objects.list().items()))
        return {entry: data for entry, data in found if entry is not None}

    def write(self, entry: Entry, data: bytes) -> None:
        """Write an entry."""
        self._objects.put(entry.file, data)

    def remove(self, owner: str) -> None:
        """Remove every entry of an owner."""
        for entry in self.entries():
            if entry.owner == owner:
                self._objects.delete(entry.file)


class GitStore:
    """Entries as files of a branch that holds nothing else; everyone with push access may write."""

    def __init__(self, repository: Path, branch: str = "kaito-iac-ledger", remote: str = "origin") -> None:
        self._repository = repository
        self._branch = branch
        self._remote = remote

    def entries(self) -> Mapping[Entry, bytes]:
        """Return every entry of the branch as it is at the remote."""
        tip = self._fetch()
        if tip is None:
            return {}
        names = self._git("ls-tree", "--name-only", tip).decode().split()
        found = {name: entry for name in names if (entry := Entry.of(name)) is not None}
        return {entry: self._git("cat-file", "blob", f"{tip}:{name}") for name, entry in found.items()}

    def write(self, entry: Entry, data: bytes) -> None:
        """Write an entry: commit on top of the newest, push, and repeat when another writer was faster."""
        self._change({entry.file: data}, "")

    def remove(self, owner: str) -> None:
        """Remove every entry of an owner."""
        self._change({}, owner)

    def _change(self, written: Mapping[str, bytes], owner: str) -> None:
        for _ in range(_TRIES):
            tip = self._fetch()
            commit = self._commit(tip, written, owner)
            if commit is None:
                return
            done = self._run("push", "--quiet", self._remote, f"{commit}:refs/heads/{self._branch}")
            if done.returncode == 0:
                return
        raise StoreError(f"branch {self._branch} could not be pushed: {done.stderr.decode(errors='replace').strip()[-300:]}")

    def _commit(self, tip: str | None, written: Mapping[str, bytes], owner: str) -> str | None:
        """Return a commit with the change on top of a tip; None when nothing changes."""
        rows = dict(line.split(b"\t")[::-1] for line in self._git("ls-tree", tip).splitlines()) if tip else {}
        for name, data in written.items():
            blob = self._git("hash-object", "-w", "--stdin", data=data).decode().strip()
            rows[name.encode()] = f"100644 blob {blob}".encode()
        gone = [row for row in rows if owner and (entry := Entry.of(row.decode())) and entry.owner == owner]
        for row in gone:
            del rows[row]
        listing = b"".join(kind + b"\t" + path + b"\n" for path, kind in sorted(rows.items()))
        tree = self._git("mktree", data=listing).decode().strip()
        if tip and tree == self._git("rev-parse", f"{tip}^{{tree}}").decode().strip():
            return None
        if not tip and not rows:
            return None
        author = ("-c", "user.name=kaito-iac", "-c", "user.email=kaito-iac@localhost")
        message = f"Remove {owner}" if owner else f"Write {', '.join(written)}"
        parent = ("-p", tip) if tip else ()
        return self._git(*author, "commit-tree", tree, *parent, "-m", message).decode().strip()

    def _fetch(self) -> str | None:
        """Return the tip of the branch at the remote; None where there is none yet."""
        found = self._git("ls-remote", self._remote, f"refs/heads/{self._branch}").decode().split()
        if not found:
            return None
        self._git("fetch", "--quiet", "--no-tags", self._remote, f"refs/heads/{self._branch}")
        return self._git("rev-parse", "FETCH_HEAD").decode().strip()

    def _run(self, *words: str, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-C", str(self._repository), *words]
        silent = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        try:
            return subprocess.run(command, input=data, capture_output=True, check=False, env=silent, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise StoreError(f"git {words[0]}: no end after {_SECONDS} seconds") from None
        except OSError as error:
            raise StoreError(f"git: {reason(error)}") from error

    def _git(self, *words: str, data: bytes | None = None) -> bytes:
        done = self._run(*words, data=data)
        if done.returncode != 0:
            raise StoreError(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()[-300:]}")
        return done.stdout


def store_of(place: str) -> LedgerStore:
    """Return the store that a text names: `git:BRANCH` in the repository here, else a folder."""
    kind, colon, rest = place.partition(":")
    return GitStore(Path("."), rest or "kaito-iac-ledger") if colon and kind == "git" else FolderStore(Path(place))
