"""Plans that are written into the ledger: each under its own stack, and nothing when one of them is none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main


def plan(folder: Path, stack: str) -> str:
    folder.mkdir()
    text = {"schema": 1, "project": "shop", "stack": stack, "made": "2026-06-30", "complete": True, "demands": []}
    (folder / "plan.json").write_text(json.dumps(text))
    return str(folder / "plan.json")


def write(store: Path, *files: str) -> ExitCode:
    return main(["report", "ledger-write", *files, "--store", str(store), "--owner", "main"])


def test_files_of_one_name(tmp_path: Path) -> None:
    """Two plans in files of one name are two entries, each with its own plan."""
    store = tmp_path / "store"
    assert write(store, plan(tmp_path / "a", "dev"), plan(tmp_path / "b", "prod")) == ExitCode.OK
    found = {name: json.loads((store / name).read_text())["stack"] for name in os.listdir(store)}
    assert found == {"main@shop%2Fdev.json": "dev", "main@shop%2Fprod.json": "prod"}


def test_a_folder_is_no_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in the place of a plan is refused, and nothing is written."""
    file = plan(tmp_path / "a", "dev")
    assert write(tmp_path / "store", file, str(tmp_path / "a")) == ExitCode.REFUSED
    assert f"{tmp_path / 'a'}: a folder; expected the file of a plan [KQ112]" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def test_a_store_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the file system has against the ledger is one line."""
    (tmp_path / "store").write_text("no folder")
    assert write(tmp_path / "store", plan(tmp_path / "a", "dev")) == ExitCode.REFUSED
    (told,) = capsys.readouterr().err.splitlines()
    assert told == f"kaito-iac: {tmp_path / 'store' / 'main@shop%2Fdev.json'}: File exists"


def test_a_link_in_the_store(tmp_path: Path) -> None:
    """An entry that is a link to a file elsewhere is replaced, not followed."""
    store = tmp_path / "store"
    store.mkdir()
    (tmp_path / "elsewhere").write_text("mine")
    (store / "main@shop%2Fdev.json").symlink_to(tmp_path / "elsewhere")
    assert write(store, plan(tmp_path / "a", "dev")) == ExitCode.OK
    assert ((tmp_path / "elsewhere").read_text(), (store / "main@shop%2Fdev.json").is_symlink()) == ("mine", False)
