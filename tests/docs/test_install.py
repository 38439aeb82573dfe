"""Installing as the pages say it: every page begins with it, and a fresh environment follows the README to the letter."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kaito_iac.project_url import PROJECT_URL, install, pip_install

ROOT = Path(__file__).parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
FOR_USERS = sorted(set(EXTRAS) - {"all", "dev", "docs"})
APART = {"aws", "data"}
"""Extras that exclude another one, or are large and of use to few."""
NAMED = re.compile(r"git\+(https?://[^\s'\"`]+)")


def test_all_is_every_extra_for_users():
    """The extra `all` brings every other that is not for developers and can be beside the others."""
    assert EXTRAS["all"] == [f"kaito-iac[{','.join(name for name in FOR_USERS if name not in APART)}]"]


def test_page_lists_every_extra():
    """The page on installing has a row for every extra."""
    text = (ROOT / "docs" / "tutorial" / "install.md").read_text()
    assert [name for name in FOR_USERS if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize(
    "page",
    sorted(
        path for folder in ("how-to", "tutorial") for path in (ROOT / "docs" / folder).glob("*.md") if path.name != "install.md"
    ),
    ids=lambda path: path.name,
)
def test_page_begins_with_installing(page):
    """A how-to guide or tutorial says below its title how to install what it is about."""
    lines = page.read_text().splitlines()
    assert lines[0].startswith("# ")
    assert lines[2].startswith(f"Install: `{pip_install(('all',))}` ([other ways](")


def test_address_is_the_same_everywhere():
    """Every file that installs from the repository names its address as the package does."""
    done = subprocess.run(["git", "ls-files", "-z", "*.md", "*.yml", "*.yaml", "*.txt"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("needs a git checkout")
    found = {
        (name, address)
        for name in done.stdout.split("\0")
        if name and (ROOT / name).is_file()
        for address in NAMED.findall((ROOT / name).read_text(errors="replace"))
        if "kaito-iac" in address
    }
    assert len(found) > 20
    assert {address for _, address in found} == {PROJECT_URL}


def fresh(folder: Path) -> dict[str, str]:
    """Return the environment of a new user's shell, in which the address of the project leads to this checkout.

    What the package depends on comes from the environment of the tests instead of an index.
    """
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.file://{ROOT}.insteadOf",
        "GIT_CONFIG_VALUE_0": PROJECT_URL,
        "GIT_CONFIG_KEY_1": "safe.directory",
        "GIT_CONFIG_VALUE_1": "*",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_INDEX": "1",
        "PIP_QUIET": "2",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if "site-packages" in path),
    }


def commands(section: str) -> list[tuple[str, list[str]]]:
    """Return the commands of the console block of a section of the README, each with the lines shown below it."""
    text = (ROOT / "README.md").read_text().partition(f"## {section}\n")[2].partition("\n## ")[0]
    found: list[tuple[str, list[str]]] = []
    for line in re.search(r"```console\n(.*?)```", text, re.DOTALL)[1].splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def own_commands(template: str) -> list[str]:
    """Return the commands of the README of a project, without what is reported of them."""
    text = (ROOT / "templates" / template / "README.md").read_text()
    return [line.partition("  #")[0].strip() for line in re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1].splitlines()]


@pytest.mark.process
def test_a_new_user_follows_the_readme(tmp_path):
    """The commands under Install, and then those of the project's own README, run to the letter and print what is there."""
    if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("needs a git checkout")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(Path(sys.executable).resolve())
    environment = fresh(tmp_path)
    environment["PATH"] = f"{tmp_path / 'bin'}:{environment['PATH']}"
    asked = commands("Install")
    assert [command.split()[0] for command, _ in asked] == ["python3", "source", "pip", "kaito-iac", "kaito-iac"]
    asked += [("deactivate; cd my-models", []), *((line, []) for line in own_commands("quickstart-aks")[:2])]
    script = "".join(f"{command}\nprintf '\\036%s\\036' $?\n" for command, _ in asked)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["bash", "-s"], input=script, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=600, check=False
    )
    pieces = done.stdout.split("\036")
    printed = [(pieces[index].splitlines(), pieces[index + 1]) for index in range(0, len(pieces) - 1, 2)]
    assert [code for _, code in printed] == ["0"] * len(asked), done.stderr
    assert [lines for lines, _ in printed[:-1]] == [shown for _, shown in asked[:-1]], done.stderr
    assert printed[-1][0][-2:] == ["Problems", "  none"]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 120, "two minutes of a machine that has nothing else to do"
    requirement = (tmp_path / "my-models" / "requirements.txt").read_text()
    assert requirement == f"{install(('azure',))}\n"
