"""Where the ledger lives: entries of main and of pull requests, and writers that meet."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Barrier, Thread

import pytest

from kaito_iac.cli.main import main
from kaito_iac.report.ledger_store import (
    Entry,
    FolderStore,
    GitStore,
    LedgerStore,
    ObjectStore,
    StoreError,
    store_of,
)

from .conftest import Stream, state


class Memory:
    """An object store in memory."""

    def __init__(self) -> None:
        self.found: dict[str, bytes] = {"readme.txt": b"no entry"}

    def list(self) -> Mapping[str, bytes]:
        return dict(self.found)

    def put(self, name: str, data: bytes) -> None:
        self.found[name] = data

    def delete(self, name: str) -> None:
        self.found.pop(name, None)


def git(*words: str | Path) -> None:
    subprocess.run(["git", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(params=["folder", "git", "objects"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], LedgerStore]:
    """Return a maker of stores that share one place, each as another writer has it."""
    if request.param == "folder":
        return lambda: FolderStore(tmp_path / "ledger")
    if request.param == "objects":
        memory = Memory()
        return lambda: ObjectStore(memory)
    git("init", "--quiet", "--bare", tmp_path / "remote.git")
    made: list[Path] = []

    def clone() -> LedgerStore:
        made.append(tmp_path / f"clone{len(made)}")
        git("init", "--quiet", made[-1])
        git("-C", made[-1], "remote", "add", "origin", tmp_path / "remote.git")
        return GitStore(made[-1])

    return clone


MAIN, PULL = Entry("main", "shop/prod"), Entry("pull-142", "shop/prod")


def test_entries(make: Callable[[], LedgerStore]) -> None:
    """Entries are written, written anew, seen by others, and removed with their pull request."""
    store, other = make(), make()
    assert dict(store.entries()) == {}
    store.remove("pull-142")
    store.write(MAIN, b"1")
    store.write(PULL, b"2")
    other.write(MAIN, b"3")
    other.write(MAIN, b"3")
    assert dict(store.entries()) == {MAIN: b"3", PULL: b"2"}
    store.remove("pull-142")
    assert dict(other.entries()) == {MAIN: b"3"}


def test_two_writers_lose_nothing(make: Callable[[], LedgerStore]) -> None:
    """Writers at once lose nothing."""
    stores = [make() for _ in range(4)]
    start = Barrier(len(stores))

    def write(number: int, store: LedgerStore) -> None:
        start.wait()
        store.write(Entry(f"pull-{number}", "shop/prod"), str(number).encode())

    threads = [Thread(target=write, args=pair) for pair in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(make().entries().values()) == [b"0", b"1", b"2", b"3"]


def test_names_lead_nowhere(make: Callable[[], LedgerStore]) -> None:
    """A stack with a name like a path is an entry like others."""
    entry = Entry("main", "../../etc/passwd@x\n")
    make().write(entry, b"1")
    assert dict(make().entries()) == {entry: b"1"}


def test_no_right_to_push(tmp_path: Path) -> None:
    """A branch that cannot be pushed to is reported."""
    git("init", "--quiet", tmp_path)
    git("-C", tmp_path, "remote", "add", "origin", tmp_path / "nowhere")
    with pytest.raises(StoreError, match=r"^git ls-remote: "):
        GitStore(tmp_path).write(MAIN, b"1")


def test_a_git_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that waits for something is given up, and the reason is reported."""
    waiting = tmp_path / "git"
    waiting.write_text("#!/bin/sh\nexec sleep 60\n")
    waiting.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("kaito_iac.report.ledger_store._SECONDS", 0.2)
    with pytest.raises(StoreError, match=r"^git [a-z-]+: no end after 0\.2 seconds$"):
        GitStore(tmp_path).write(MAIN, b"1")


QUOTA = """\
date: 2026-11-20
subscriptions:
  sub:
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {limit: 96, used: 0}
"""
POOL = """\
import pulumi
inputs = {"vmSize": "Standard_NC24ads_A100_v4", "count": %d, "location": "eastus"}
pulumi.CustomResource("azure-native:containerservice:AgentPool", "a100", inputs)
"""


def test_another_pull_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A change that fits alone and not with another open pull request is reported, until that one is closed."""
    program = tmp_path / "other"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: other\nruntime: python\n")
    store = ["--store", str(tmp_path / "ledger")]
    for owner, count in (("main", 1), ("pull-142", 3)):
        (program / "__main__.py").write_text(POOL % count + "\n" * count)  # another size: never the bytecode of a moment ago
        main(["plan", str(program), "--json"])
        (tmp_path / "plan.json").write_text(capsys.readouterr().out)
        assert main(["report", "ledger-write", str(tmp_path / "plan.json"), *store, "--owner", owner]) == 0
    (tmp_path / "quota.yaml").write_text(QUOTA)
    pool = state(
        "azure-native:containerservice:AgentPool", "p", {"vmSize": "Standard_NC24ads_A100_v4", "count": 3, "location": "eastus"}
    )
    Stream().step("create", None, pool).end().write(tmp_path / "events.jsonl")
    words = ["report", "render", "--events", str(tmp_path / "events.jsonl"), "--quota", str(tmp_path / "quota.yaml"), *store]
    capsys.readouterr()
    assert main([*words, "--owner", "pull-143"]) == 0
    told = "fits alone, not with pull-142: that adds 48 vCPUs, 24 are left [KQ161]"
    assert f"- ⚠ `StandardNCADSA100v4Family in eastus: {told}`" in capsys.readouterr().out
    assert main(["report", "ledger-remove", *store, "--owner", "pull-142"]) == 0
    main([*words, "--owner", "pull-143"])
    assert "KQ161" not in capsys.readouterr().out


def test_what_is_no_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no plan is not written."""
    (tmp_path / "plan.json").write_text("{}")
    words = ["report", "ledger-write", str(tmp_path / "plan.json"), "--store", str(tmp_path / "ledger"), "--owner", "main"]
    assert main(words) == 3
    assert "KQ112" in capsys.readouterr().err
    assert not (tmp_path / "ledger").exists()


@pytest.mark.parametrize(
    ("place", "store"),
    [
        pytest.param("git:", GitStore(Path("."), "kaito-iac-ledger"), id="the usual branch"),
        pytest.param("git:plans", GitStore(Path("."), "plans"), id="another branch"),
        pytest.param("plans", FolderStore(Path("plans")), id="a folder"),
        pytest.param("git", FolderStore(Path("git")), id="a folder called git"),
        pytest.param("d:/plans", FolderStore(Path("d:/plans")), id="a folder of a drive"),
    ],
)
def test_store_of_a_text(place: str, store: LedgerStore) -> None:
    """`git:` names a branch of the repository here, anything else a folder."""
    found = store_of(place)
    assert (type(found), vars(found)) == (type(store), vars(store))


@pytest.mark.parametrize("kind", ["file", "name"])
def test_what_is_no_folder(tmp_path: Path, kind: str) -> None:
    """A store that cannot be listed is an error, not a ledger without entries; one that is not there yet has none."""
    place = tmp_path / ("n" * 300 if kind == "name" else "ledger")
    if kind == "file":
        place.write_text("")
    with pytest.raises(StoreError):
        FolderStore(place).entries()
    assert FolderStore(tmp_path / "later").entries() == {}
