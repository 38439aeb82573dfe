"""Pipelines for users: valid by the platforms' own schemas, pinned, with the least rights, and no forked code with a token."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kaito_iac.cli.main import main

ROOT = Path(__file__).parents[2] / "pipelines"
WORKFLOWS = sorted(path for path in (ROOT / "github").glob("*.yml") if path.name != "action.yml")
FILES = sorted(path for path in ROOT.rglob("*") if path.suffix in (".yml", ".sh"))
USES = re.compile(r"uses:\s*(\S+)(.*)")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        pytest.param("vendor.github-workflows", WORKFLOWS, id="GitHub workflows"),
        pytest.param("vendor.github-actions", [ROOT / "github" / "action.yml"], id="GitHub action"),
        pytest.param("vendor.gitlab-ci", sorted((ROOT / "gitlab").glob("*.yml")), id="GitLab"),
        pytest.param("vendor.azure-pipelines", sorted((ROOT / "azure-devops").glob("*.yml")), id="Azure DevOps"),
    ],
)
def test_files_fit_the_schema(schema: str, files: list[Path]) -> None:
    """Every file is valid by the schema of its platform."""
    assert files
    extra = {
        "vendor.gitlab-ci": ["--data-transform", "gitlab-ci"],
        "vendor.azure-pipelines": ["--data-transform", "azure-pipelines", "--regex-variant", "python"],
    }.get(schema, [])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *extra, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned(path: Path) -> None:
    """Every action is named by a commit, with its version in a comment; our own comes from the repository."""
    found = [(use, comment) for use, comment in USES.findall(path.read_text()) if not use.startswith("./")]
    wrong = [
        use for use, comment in found if not (re.search(r"@[0-9a-f]{40}$", use) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment))
    ]
    assert found
    assert wrong == []


RIGHTS = {
    "pull-request.yml": {
        "preview": {"contents": "read", "id-token": "write"},
        "comment": {"contents": "read", "pull-requests": "write", "security-events": "write"},
    },
    "fork-plan.yml": {"plan": None},
    "fork-post.yml": {"comment": {"contents": "read", "actions": "read", "pull-requests": "write"}},
    "drift.yml": {"drift": {"contents": "read", "id-token": "write", "issues": "write"}},
}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_the_least(path: Path) -> None:
    """A job has what it needs and no more; no checkout keeps the token."""
    flow = yaml.safe_load(path.read_text())
    assert flow["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in flow["jobs"].items()} == RIGHTS[path.name]
    assert all("timeout-minutes" in job for job in flow["jobs"].values())
    checkouts = [step for job in flow["jobs"].values() for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_nothing_of_a_fork_runs_with_a_token() -> None:
    """No workflow uses pull_request_target, and the one that writes to forks checks nothing out."""
    for path in WORKFLOWS:
        assert "pull_request_target" not in path.read_text()
    assert "checkout" not in (ROOT / "github" / "fork-post.yml").read_text()
    assert "secrets." not in (ROOT / "github" / "fork-plan.yml").read_text()


def test_no_expression_inside_a_script() -> None:
    """What comes from a pull request reaches scripts as variables, never as part of their text."""
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_option_exists(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every option that a pipeline gives `kaito-iac report` is one of the command's."""
    used = re.findall(r"kaito-iac report (run|merge|post)((?:[^\n]|\\\n|\n\s+--)*)", path.read_text())
    used += [("run", text) for text in re.findall(r"words(?:\+)?=\(([^\n]*)\)", path.read_text())]
    for command, rest in used:
        main(["report", command, "--help"])
        known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)) - known == set(), path.name


@pytest.mark.parametrize("path", [ROOT / "shell" / "report.sh"], ids=lambda path: path.name)
def test_shell_parses(path: Path) -> None:
    """The script is one that bash can read."""
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, check=False).returncode == 0
