"""Modules and functions stay small, are called by their idea, and say what they know."""

from __future__ import annotations

import ast
from pathlib import PurePath
from typing import Any

MOST_LINES = 400
MOST_FUNCTION_LINES = 40
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "tools"}


def test_modules_are_short(modules: Any) -> None:
    """No module has more than 400 lines."""
    long = [f"{module.path}: {count} lines" for module in modules if (count := len(module.text.splitlines())) > MOST_LINES]
    assert long == [], "\n".join(long)


def test_most_modules_are_shorter(modules: Any) -> None:
    """Nine modules in ten have at most 250 lines."""
    short = [module for module in modules if len(module.text.splitlines()) <= 250]
    assert len(short) >= 0.9 * len(modules)


def test_functions_are_short(modules: Any) -> None:
    """No function has more than 40 lines, signature and docstring included."""
    long = []
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                if count > MOST_FUNCTION_LINES:
                    long.append(f"{module.path}:{node.lineno} {node.name}: {count} lines")
    assert long == [], "\n".join(long)


def test_modules_are_called_by_their_idea(modules: Any) -> None:
    """No module or package has a name that could mean anything."""
    assert [module.path for module in modules if VAGUE & {PurePath(part).stem for part in PurePath(module.path).parts}] == []


def test_modules_say_what_they_know(modules: Any) -> None:
    """Every module starts with a docstring that ends in a full stop."""
    silent = []
    for module in modules:
        said = ast.get_docstring(module.tree)
        if not said or not said.splitlines()[0].endswith((".", ":", "?")):
            silent.append(module.path)
    assert silent == []


def test_component_arguments_are_not_strings(modules: Any) -> None:
    """Modules of components do without the future import of annotations, which would break schema inference."""
    late = [module.path for module in modules if module.part == "components" and "__future__.annotations" in module.imported()]
    assert late == []
