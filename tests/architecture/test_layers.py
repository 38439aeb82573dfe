"""Imports point one way: from judgement to resources to arithmetic to facts."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

import pytest

from .conftest import Module

LAYERS = (
    {"problem", "code", "files", "spelling", "project_url", "secrecy", "control"},
    {"catalog", "validation"},
    {"kubernetes", "kinds"},
    {"presets", "stack"},
    {"sizing"},
    {"demand", "admission", "readiness", "dataset"},
    {"quota"},
    {"rules"},
    {"errors", "resources", "resolve", "offline"},
    {"components"},
    {"planning", "program_declaration", "program_guard", "convert"},
    {"report"},
    {"explain", "templates", "doctor"},
    {"cli", "testing", "testing_stacks"},
    {"__main__"},
)
"""Lowest first. A module imports from lower rows, and from its own part."""

BESIDE = {
    ("resolve", "errors"): "a resolver ends in a SpecError",
    ("offline", "errors"): "the process of a program collects what components refuse and remark",
}
"""Imports within a row that go one way, and why."""

PURE = {
    "problem",
    "code",
    "files",
    "secrecy",
    "control",
    "catalog",
    "validation",
    "stack",
    "kubernetes",
    "presets",
    "sizing",
    "demand",
    "admission",
    "readiness",
    "dataset",
    "quota",
    "rules",
}
ADAPTERS = {"rules/pack.py", "stack/program.py", "stack/provider_types.py"}
"""The only modules of these rooms that know Pulumi: the served pack, and what a program registers."""

SDKS = {"pulumi", "pulumi_kubernetes", "pulumi_azure_native", "pulumi_policy"}
OUTSIDE = {"components", "presets", "policies", "stacks", "tests", "tools", "bench"}


def row(part: str) -> int:
    return next(index for index, parts in enumerate(LAYERS) if part in parts)


def test_every_part_has_a_layer(modules: Any) -> None:
    """Every package and module right below kaito_iac is in exactly one row, and every row is in use."""
    assert sorted({module.part for module in modules} - {"__init__"}) == sorted(set().union(*LAYERS))
    assert sum(map(len, LAYERS)) == len(set().union(*LAYERS))


def upward(modules: Iterable[Module]) -> list[str]:
    """Return the imports from the row of a module or a higher one, its own part and the listed exceptions apart."""
    wrong = []
    for module in modules:
        if module.part == "__init__":
            continue
        for name in sorted(module.imported()):
            root, _, rest = name.partition(".")
            part = rest.partition(".")[0]
            if root != "kaito_iac" or part == module.part or (module.part, part) in BESIDE:
                continue
            if row(part) >= row(module.part):
                wrong.append(f"{module.path} imports {name}")
    return wrong


def sdks_of(modules: Iterable[Module]) -> list[str]:
    """Return the imports of a Pulumi SDK where none is allowed."""
    return [
        f"{module.path} imports {name}"
        for module in modules
        if module.part in PURE and module.path not in ADAPTERS
        for name in sorted(module.imported())
        if name.partition(".")[0] in SDKS
    ]


def test_imports_point_down(modules: Any) -> None:
    """No module imports from its own row or a higher one, its own part and the listed exceptions apart."""
    wrong = upward(modules)
    assert wrong == [], "\n".join(wrong)


def planted(path: str, text: str) -> Module:
    """Return a module that is not there."""
    return Module(path, text, ast.parse(text))


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        pytest.param(
            "catalog/planted.py",
            "from kaito_iac.cli.app import app\n",
            ["catalog/planted.py imports kaito_iac.cli.app.app"],
            id="facts that import the command line",
        ),
        pytest.param(
            "admission/planted.py",
            "def later():\n    from kaito_iac.resolve.reading import Reader\n",
            ["admission/planted.py imports kaito_iac.resolve.reading.Reader"],
            id="a rule that imports a resolver, in a function",
        ),
        pytest.param(
            "quota/planted.py",
            "import kaito_iac.rules.rule\n",
            ["quota/planted.py imports kaito_iac.rules.rule"],
            id="a room that imports the one above it",
        ),
        pytest.param("sizing/planted.py", "from kaito_iac.catalog.find import find_model\n", [], id="arithmetic on facts"),
    ],
)
def test_a_planted_import_is_found(path: str, text: str, found: list[str]) -> None:
    """The guard finds an import that points up, at the top or in a function, and lets one that points down."""
    assert upward([planted(path, text)]) == found


def test_a_planted_sdk_is_found() -> None:
    """The guard finds a Pulumi SDK in a rule."""
    assert sdks_of([planted("rules/planted.py", "import pulumi\n")]) == ["rules/planted.py imports pulumi"]
    assert sdks_of([planted("components/planted.py", "import pulumi\n")]) == []


def test_exceptions_are_needed(modules: Any) -> None:
    """Every listed exception is used, and none is used the other way round."""
    used = {
        (module.part, name.split(".")[1]) for module in modules for name in module.imported() if name.startswith("kaito_iac.")
    }
    assert {pair for pair in BESIDE if pair not in used} == set()
    assert {pair for pair in BESIDE if pair[::-1] in used} == set()


def test_facts_and_arithmetic_know_no_pulumi(modules: Any) -> None:
    """Facts, presets, arithmetic and rules never import a Pulumi SDK, neither at the top nor later."""
    wrong = sdks_of(modules)
    assert wrong == [], "\n".join(wrong)


def test_rules_know_no_components(modules: Any) -> None:
    """Rules judge plain facts: they import neither components nor resolvers."""
    wrong = [
        f"{module.path} imports {name}"
        for module in modules
        if module.part == "rules"
        for name in sorted(module.imported())
        if name.startswith(("kaito_iac.components", "kaito_iac.resolve"))
    ]
    assert wrong == [], "\n".join(wrong)


def test_nothing_outside_is_imported(modules: Any) -> None:
    """Entry files, data, tests and tools beside the package are not imported by it."""
    wrong = [
        f"{module.path} imports {name}"
        for module in modules
        for name in sorted(module.imported())
        if name.partition(".")[0] in OUTSIDE
    ]
    assert wrong == [], "\n".join(wrong)
