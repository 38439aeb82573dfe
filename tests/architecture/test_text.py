"""Tracked files hold nothing of a machine and no host of a package registry."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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
TICKET = re.compile(r"#\d|\bissue \d")
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


def numbered(tracked: Iterable[Path]) -> list[str]:
    """Return the ids and docstrings of tests that hold the number of a ticket, or of nothing but themselves."""
    found = []
    for path in tracked:
        for node in ast.walk(ast.parse(path.read_text())):
            texts: list[Any] = []
            if isinstance(node, ast.Call):
                texts = [word.value.value for word in node.keywords if word.arg == "id" and isinstance(word.value, ast.Constant)]
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                texts = [ast.get_docstring(node) or ""]
            found += [f"{path.name}: {text}" for text in texts if TICKET.search(str(text))]
    return found


def test_no_ticket_numbers(tracked: tuple[Path, ...], tmp_path: Path) -> None:
    """Ids and docstrings of tests say what holds, not which ticket asked for it."""
    found = numbered(path for path in tracked if path.suffix == ".py" and "tests" in path.parts)
    assert found == [], "\n".join(found)
    (tmp_path / "test_planted.py").write_text('def test_a(): "It works again (#12)."\npytest.param(1, id="#1")\n')
    assert numbered([tmp_path / "test_planted.py"]) == ["test_planted.py: It works again (#12).", "test_planted.py: #1"]


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


def asks_a_message(node: ast.AST) -> bool:
    """Return whether a piece of code decides by what is in the words of a finding."""
    words = ("found", "accepted", "headline")
    if isinstance(node, ast.Compare):
        sides = [side for side in (node.left, *node.comparators) if isinstance(side, ast.Attribute) and side.attr in words]
        texts = any(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops)
        return bool(sides) and texts
    call = node.func if isinstance(node, ast.Call) else None
    named = isinstance(call, ast.Attribute) and call.attr in ("startswith", "endswith")
    return named and isinstance(call.value, ast.Attribute) and call.value.attr in words


def test_no_decision_by_the_words_of_a_finding(modules: Any) -> None:
    """What a program decides by has a field of its own: `code`, `path`, `severity` or `cause`, never the text for people."""
    wrong = [f"{module.path}:{node.lineno}" for module in modules for node in ast.walk(module.tree) if asks_a_message(node)]
    assert wrong == []
    assert asks_a_message(ast.parse("'retired' in problem.found", mode="eval").body)
    assert asks_a_message(ast.parse("problem.found.startswith('x')", mode="eval").body)
