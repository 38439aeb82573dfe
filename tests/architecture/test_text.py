"""Tracked files hold nothing of a machine and no host of a package registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("home", "Users", "root", "work", "opt/build", r"opt/\w*venv", "private/var")
HOSTS = (
    r"py" r"pi\.org",
    r"python" r"hosted\.org",
    r"registry\.npm" r"js\.org",
    r"proxy\.go" r"lang\.org",
    r"crates" r"\.io/api",
)
MACHINE = re.compile(rf"(?<![\w.$}}~/-])/(?:{'|'.join(FOLDERS)})/[\w.]")
REGISTRY = re.compile("|".join(HOSTS))


def lines(tracked: tuple[Path, ...], wanted: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked:
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if wanted.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


def test_no_path_of_a_machine(tracked: tuple[Path, ...]) -> None:
    """No tracked file names a folder that only one machine has."""
    found = lines(tracked, MACHINE)
    assert found == [], "\n".join(found)


def test_no_host_of_a_registry(tracked: tuple[Path, ...]) -> None:
    """No tracked file names the host of a package registry: where packages come from is the user's choice."""
    found = lines(tracked, REGISTRY)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("cd /home/me/x", True, id="a home"),
        pytest.param("path: '/Users/me'", True, id="a home on a Mac"),
        pytest.param("run /opt/testvenv/bin/python", True, id="an interpreter of one machine"),
        pytest.param("/opt/kaito/models", False, id="a path inside a pod"),
        pytest.param("/workspace/chat_templates", False, id="another path inside a pod"),
        pytest.param("https://example.com/home/me", False, id="part of an address"),
        pytest.param("~/work/x", False, id="anybody's home"),
    ],
)
def test_what_a_path_of_a_machine_is(line: str, found: bool) -> None:
    """Absolute paths of homes and build folders are found; those inside pods and addresses are not."""
    assert bool(MACHINE.search(line)) == found
