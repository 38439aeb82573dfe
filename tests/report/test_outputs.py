"""Files of a report: all of them or none, never through a link, never over a file of others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main
from kaito_iac.report.assemble import stack_report
from kaito_iac.report.model import Report
from kaito_iac.report.outputs import FILES, write_all
from kaito_iac.stack.events import read_events

from .conftest import Stream, state

POOL = {"vmSize": "Standard_NC24ads_A100_v4", "count": 1, "agentPoolName": "a", "location": "eastus"}


@pytest.fixture
def report(stream: Stream) -> Report:
    pool = state("azure-native:containerservice:AgentPool", "a", POOL)
    return Report(stacks=(stack_report(read_events(stream.step("create", None, pool).end().lines)),))


def test_written_and_written_again(report: Report, tmp_path: Path) -> None:
    """A folder gets every format, and a later report replaces them; other files stay."""
    (tmp_path / "notes.txt").write_text("mine")
    assert write_all(report, tmp_path) == write_all(report, tmp_path) == tuple(str(tmp_path / name) for name in FILES.values())
    assert sorted(os.listdir(tmp_path)) == sorted([*FILES.values(), "notes.txt"])
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "fits"


@pytest.mark.parametrize(("name", "text"), [("summary.md", "mine"), ("report.json", "{}"), ("report.json", '[{"schema": 1}]')])
def test_a_file_of_others(report: Report, tmp_path: Path, name: str, text: str) -> None:
    """A file that no earlier report wrote is not replaced, and nothing is written beside it."""
    (tmp_path / name).write_text(text)
    with pytest.raises(FileExistsError) as error:
        write_all(report, tmp_path)
    found = str(error.value)
    assert found == f"[Errno 17] no file of an earlier report; name another folder: {str(tmp_path / name)!r}"
    assert ((tmp_path / name).read_text(), os.listdir(tmp_path)) == (text, [name])


def test_a_link(report: Report, tmp_path: Path) -> None:
    """A link to a file elsewhere is not followed, also where an earlier report is beside it."""
    (tmp_path / "elsewhere").write_text("mine")
    folder = tmp_path / "out"
    write_all(report, folder)
    (folder / "comment.md").unlink()
    (folder / "comment.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_all(report, folder)
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_one_line(stream: Stream, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says in one line what it does not write over, and what it does not read to its end."""
    (tmp_path / "events.jsonl").write_bytes(
        b"".join(stream.step("same", state("a:b:C", "x", {}), state("a:b:C", "x", {})).end().lines)
    )
    (tmp_path / "comment.md").write_text("mine")
    command = ["report", "render", "--events", str(tmp_path / "events.jsonl")]
    assert main([*command, "-o", str(tmp_path)]) == ExitCode.REFUSED
    told = f"kaito-iac: cannot write {tmp_path / 'comment.md'}: no file of an earlier report; name another folder\n"
    assert capsys.readouterr().err == told
    assert main([*command, "--description", "/dev/zero"]) == ExitCode.REFUSED
    assert capsys.readouterr().err == "kaito-iac: cannot read /dev/zero: file of more than 1,048,576 bytes\n"
