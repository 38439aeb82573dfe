"""The files by which a repository is run: valid by the platforms' own schemas, pinned, with the least rights."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
USES = re.compile(r"uses:\s*(\S+)(.*)")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        pytest.param("vendor.github-workflows", ".github/workflows/*.yml", id="workflows"),
        pytest.param("vendor.dependabot", ".github/dependabot.yml", id="dependabot"),
        pytest.param("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml", id="issue forms"),
    ],
)
def test_files_fit_the_schema(schema: str, files: str) -> None:
    """Every file is valid by the schema of its platform."""
    found = sorted(ROOT.glob(files))
    assert found
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, found)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned(path: Path) -> None:
    """Every action is named by a commit, with its version in a comment."""
    found = USES.findall(path.read_text())
    wrong = [
        use for use, comment in found if not (re.search(r"@[0-9a-f]{40}$", use) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment))
    ]
    assert found
    assert wrong == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_the_least(path: Path) -> None:
    """A workflow reads the repository and no more, unless a job says so; no job keeps the token in the checkout."""
    flow = yaml.safe_load(path.read_text())
    assert flow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in flow["jobs"].values())
    checkouts = [step for job in flow["jobs"].values() for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_an_action_without_a_commit_is_found() -> None:
    """The guard on pinned actions sees a tag."""
    assert USES.findall("- uses: actions/checkout@v4") == [("actions/checkout@v4", "")]


def test_workflows_run_what_ci_runs() -> None:
    """The checks of a pull request are `.ci/run` and targets of the Makefile, nothing else."""
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())
    runs = [step["run"] for job in flow["jobs"].values() for step in job["steps"] if "run" in step]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert "bash .ci/run" in runs
    assert [run for run in runs if run != "bash .ci/run" and not run.startswith(("make ", 'make "$VERSIONS"'))] == []
    assert {"lowest", "latest", "wheel"} <= targets
    pythons = flow["jobs"]["check"]["strategy"]["matrix"]["python"]
    text = (ROOT / "pyproject.toml").read_text()
    assert all(f'"Programming Language :: Python :: {version}"' in text for version in pythons)


@pytest.mark.parametrize("folder", ["components", "policies"])
def test_entry_files_are_short(folder: str) -> None:
    """What a Pulumi command is pointed at is an entry file of 15 lines at most; the code is in the package."""
    listed = subprocess.run(["git", "ls-files", f"{folder}/*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split()]
    assert files
    assert [str(path) for path in files if path.name != "__main__.py" or len(path.read_text().splitlines()) > 15] == []


def test_pytest_takes_what_the_makefile_gives_it() -> None:
    """Every target that calls pytest gives it options that it knows."""
    lines = re.findall(r"-m pytest +(.*)$", (ROOT / "Makefile").read_text().replace("'", ""), re.MULTILINE)
    words = [word for line in lines for word in line.split() if word.startswith("-") and word != "-n"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "tests/fuzz/test_guided.py", *dict.fromkeys(words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "tests/fuzz" in " ".join(lines)) == (0, True), done.stderr
