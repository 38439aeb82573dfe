"""Two plans compared: what a fork may run, without engine, cluster or credentials."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kaito_iac.cli.main import main

PROGRAM = """\
import pulumi
inputs = {{"vmSize": "Standard_NC24ads_A100_v4", "count": {count}, "location": "eastus"}}
pulumi.CustomResource("azure-native:containerservice:AgentPool", "{name}", inputs)
"""


def write(folder: Path, name: str, count: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM.format(name=name, count=count))


def git(folder: Path, *words: str) -> None:
    author = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", "-C", str(folder), *author, *words], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("name", "count", "told"),
    [
        pytest.param(
            "a100",
            3,
            ["`shop/dev` changes · +1 GPU (2 → 3 A100) · +2,681 USD/month (5,363 → 8,044) · quota not judged (no quota file)"],
            id="scaled",
        ),
        pytest.param(
            "gpus",
            2,
            [
                "`shop/dev` changes · ±0 GPUs (2 → 2 A100) · ±0 USD/month (5,363 → 5,363) · quota not judged (no quota file)",
                "aliases=[pulumi.Alias(name='a100')]",
                "⚠ **deleted** `a100` (`AgentPool`)",
            ],
            id="renamed",
        ),
    ],
)
def test_base_and_head(name: str, count: int, told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan of the target branch is subtracted from that of the pull request, and the branch itself is left alone."""
    program = tmp_path / "infra"
    write(program, "a100", 2)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "base")
    write(program, name, count)
    main(["report", "run", str(program), "--offline", "--base", "main"])
    comment = capsys.readouterr().out
    assert [one for one in told if one not in comment] == []
    assert "two plans were compared, not the cloud" in comment
    left = subprocess.run(["git", "-C", str(tmp_path), "worktree", "list"], capture_output=True, text=True, check=True)
    assert len(left.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--offline"], "--offline compares two plans; name the target branch with --base", id="no base"),
        pytest.param(["--base", "main"], "--base needs a git repository", id="no repository"),
    ],
)
def test_refused(words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing for a comparison is reported, and nothing runs."""
    write(tmp_path / "infra", "a100", 2)
    assert main(["report", "run", str(tmp_path / "infra"), *words]) == 3
    assert capsys.readouterr().err == f"kaito-iac: {told}\n"
