"""Which modules a test file imports, directly and through others: emptied, each of them makes the file fail."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kaito_iac

ROOT = Path(__file__).parents[2]
HOMES = kaito_iac._HOMES
"""Public name to its module: `kaito.KaitoWorkspace` imports that module, and `import kaito_iac` none."""


def module_names() -> frozenset[str]:
    """Return the dotted names of all modules of the package."""
    files = (ROOT / "kaito_iac").rglob("*.py")
    return frozenset(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files)


@cache
def imported(file: Path) -> frozenset[str]:
    """Return the modules of the package that a file takes names from."""
    text = file.read_text()
    return frozenset(name for name in _names(ast.parse(text), "TYPE_CHECKING" in text) if name in MODULES)


def _names(tree: ast.Module, has_typing: bool) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    typed = {id(inner) for node in nodes if _is_typing(node) for inner in ast.walk(node)} if has_typing else set()
    imports = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    short = {alias.asname or alias.name for alias in imports if alias.name == "kaito_iac"}
    for node in nodes if not typed else (node for node in nodes if id(node) not in typed):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
                if node.module == "kaito_iac" and alias.name in HOMES:
                    yield f"kaito_iac.{HOMES[alias.name]}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in short:
            if node.attr in HOMES:
                yield f"kaito_iac.{HOMES[node.attr]}"


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def file_of(name: str) -> Path:
    """Return the file of a module."""
    path = ROOT.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def reached(test: Path) -> dict[str, int]:
    """Return the modules that a test file and the conftest files above it lead to, with the number of imports in between."""
    starts = [test, *(folder / "conftest.py" for folder in test.parents if ROOT in folder.parents)]
    found: dict[str, int] = {}
    queue = deque((name, 1) for file in starts if file.is_file() for name in sorted(imported(file)))
    while queue:
        name, steps = queue.popleft()
        if name in found or name == "kaito_iac":
            continue
        found[name] = steps
        queue.extend((other, steps + 1) for other in sorted(imported(file_of(name))))
    return found


MODULES = module_names()
