"""Plans of head and base, as files, make a report: no engine, no credentials, and text of outsiders."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.cli.main import main

STREAMS = Path(__file__).parent / "streams"
Render = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Path]:
    """Writes the plan of a stream into a file."""

    def write(name: str) -> Path:
        main(["plan", "--events", str(STREAMS / f"{name}.jsonl.gz"), "--json"])
        file = tmp_path / f"{name}.json"
        file.write_text(capsys.readouterr().out)
        return file

    return write


@pytest.fixture
def render(capsys: pytest.CaptureFixture[str]) -> Render:
    """Return exit code and JSON of `report render`."""

    def ask(*words: object) -> tuple[int, dict[str, Any]]:
        code = main(["report", "render", *map(str, words), "--time", "2026-11-29", "--json"])
        return code, json.loads(capsys.readouterr().out)

    return ask


def test_scaled(plan: Callable[[str], Path], render: Render) -> None:
    """A set that grows is one update, reported by its nodes, with the problem that the plan has found."""
    code, report = render("--plan", plan("04-scale-preview"), "--base", plan("01-create-preview"))
    stack = report["stacks"][0]
    assert (code, stack["verdict"], stack["counts"], stack["offline"]) == (1, "refused", {"update": 1, "same": 10}, True)
    changed = [change for change in stack["changes"] if change["action"] != "same"]
    assert [(one["urn"].rpartition("::")[2], [row["path"] for row in one["differences"]]) for one in changed] == [
        ("npc-inferenceset", ["gpus", "nodes"])
    ]
    assert [finding["problem"]["code"] for finding in stack["findings"]] == ["KS223"]
    assert report["notes"] == [
        "compared from plan files: they contain GPUs, cost, quota, endpoints and problems, and no other properties"
    ]


def test_removed(plan: Callable[[str], Path], render: Render, tmp_path: Path) -> None:
    """What the head no longer has is lost by name; a gzipped file is read as it is."""
    head = tmp_path / "head.json.gz"
    head.write_bytes(gzip.compress(plan("10-delete-preview").read_bytes()))
    code, report = render("--plan", head, "--base", plan("01-create-preview"))
    stack = report["stacks"][0]
    assert (code, stack["counts"]) == (0, {"delete": 2, "update": 1, "same": 8})
    assert sorted(loss["change"]["urn"].rpartition("::")[2] for loss in stack["losses"]) == ["chat", "chat-workspace"]


def test_no_base(plan: Callable[[str], Path], render: Render) -> None:
    """Without a plan of the base everything is new."""
    code, report = render("--plan", plan("01-create-preview"))
    assert (code, report["stacks"][0]["counts"]) == (0, {"create": 11, "same": 0})


def test_equal(plan: Callable[[str], Path], render: Render) -> None:
    """Two equal plans change nothing."""
    file = plan("01-create-preview")
    code, report = render("--plan", file, "--base", file)
    assert (code, report["stacks"][0]["counts"], report["stacks"][0]["changes"]) == (0, {"same": 11}, [])


def test_stack_that_is_gone(plan: Callable[[str], Path], render: Render) -> None:
    """A stack that the base alone has is a hole with its name."""
    _, report = render("--plan", plan("16-policy-remediation"), "--base", plan("01-create-preview"))
    assert report["holes"] == ["arcade/dev: no plan of the head, which may have removed the stack"]


@pytest.mark.parametrize(
    ("content", "hole"),
    [
        pytest.param(None, "head.json: No such file or directory", id="no file"),
        pytest.param(b"{", "head.json: no plan of `kaito-iac plan --json`: top: Input should be", id="no JSON"),
        pytest.param(b'{"schema": 2}', "head.json: no plan of `kaito-iac plan --json`: schema: Input should be 1", id="version"),
        pytest.param(b"\x1f\x8b broken", "head.json: broken gzip", id="broken gzip"),
    ],
)
def test_unreadable(content: bytes | None, hole: str, render: Render, tmp_path: Path) -> None:
    """A file that is no plan is a hole with the reason; exit code 3."""
    file = tmp_path / "head.json"
    if content is not None:
        file.write_bytes(content)
    code, report = render("--plan", file)
    assert code == 3
    assert [found[: len(hole)] for found in report["holes"]] == [hole]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--base", "x.json"], "nothing to report; give --events, --digest or --plan", id="a base alone"),
        pytest.param(
            ["--events", "x", "--base", "x.json"], "--base goes with --plan, the plan of the head", id="a base of events"
        ),
    ],
)
def test_usage(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A base without a plan of the head compares nothing."""
    assert main(["report", "render", *words]) == 3
    assert told in capsys.readouterr().err
