"""Importing the package is cheap, and gives every public name when it is asked for."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kaito_iac

from .test_layers import ADAPTERS, PURE

ROOT = Path(__file__).parents[2]
HEAVY = ("pydantic", "pulumi_kubernetes", "pulumi_azure_native", "pulumi_policy", "yaml", "grpc", "pulumi", "rich", "click")


def loaded(program: str) -> list[str]:
    """Return which of the heavy packages a program has loaded in a process of its own."""
    told = f"import sys; {program}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.split("\n")[-2].split()


@pytest.mark.parametrize(
    ("program", "heavy"),
    [
        pytest.param("import kaito_iac", [], id="the package"),
        pytest.param("import kaito_iac; dir(kaito_iac)", [], id="listing its names"),
        pytest.param("import kaito_iac.sizing.fit as f; f.fits('phi-4')", [], id="sizing"),
        pytest.param("from kaito_iac import fit, Query; fit(Query(model='phi-4', size='x'))", [], id="sizing by public names"),
        pytest.param("from kaito_iac.presets.files import find_file; find_file('phi-4')", [], id="finding a preset"),
        pytest.param("from kaito_iac import Presets, Sizes", [], id="constants"),
        pytest.param(
            "import kaito_iac.presets.load as p; p.read_preset(p.preset_files()['phi-4'])",
            ["yaml"],
            id="reading a preset",
        ),
        pytest.param("import kaito_iac.testing", [], id="helpers for tests"),
    ],
)
def test_what_is_loaded(program: str, heavy: list[str]) -> None:
    """Nothing heavy is loaded before it is needed."""
    assert loaded(program) == heavy


@pytest.mark.parametrize(
    "name", [name for name in kaito_iac.__all__ if name.startswith("Kaito")] + ["GpuNodePool", "Workspace", "SpecError"]
)
def test_what_components_load(name: str) -> None:
    """Components and kinds load the Pulumi SDK, and no SDK of a provider."""
    assert {"pulumi_kubernetes", "pulumi_azure_native", "pydantic"} & set(loaded(f"from kaito_iac import {name}")) == set()


def test_a_plan_without_packs_and_quota_loads_no_rule() -> None:
    """What plans a program loads pydantic and the rules only where a pack or a quota file asks for them."""
    assert "pydantic" not in loaded("from kaito_iac.planning.plan import make_plan")


def test_pure_modules_load_no_pulumi(modules: Any) -> None:
    """Facts, presets, arithmetic and rules can be imported where no Pulumi SDK is installed."""
    pure = [module.name for module in modules if module.part in PURE and module.path not in ADAPTERS]
    assert {"rules", "admission", "demand", "quota", "stack", "readiness"} <= {name.split(".")[1] for name in pure}
    program = f"[sys.modules.__setitem__(name, None) for name in ('pulumi', 'pulumi_policy')]; import {', '.join(pure)}"
    assert {"grpc", "pulumi_kubernetes", "pulumi_azure_native"} & set(loaded(program)) == set()


@pytest.mark.parametrize("name", kaito_iac.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Every name of `__all__` can be had and is shown by `dir`."""
    assert getattr(kaito_iac, name) is not None
    assert name in dir(kaito_iac)


def test_an_unknown_name_is_refused() -> None:
    """A name that the package does not have is refused as Python refuses it."""
    with pytest.raises(AttributeError) as raised:
        kaito_iac.Nothing  # noqa: B018
    assert str(raised.value) == "module 'kaito_iac' has no attribute 'Nothing'"
    with pytest.raises(AttributeError) as raised:
        kaito_iac.KaitoWorkspac  # noqa: B018
    assert str(raised.value) == "module 'kaito_iac' has no attribute 'KaitoWorkspac'; did you mean 'KaitoWorkspace'?"


def test_editors_see_what_is_there() -> None:
    """The imports that type checkers read name the same things, from the same modules, as the lazy look-up."""
    tree = ast.parse((ROOT / "kaito_iac" / "__init__.py").read_text())
    shown = {
        alias.asname: (node.module or "").removeprefix("kaito_iac.")
        for block in tree.body
        if isinstance(block, ast.If)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown == kaito_iac._HOMES
    assert list(kaito_iac._MODULES) == sorted(kaito_iac._MODULES)


def test_tests_are_no_part_of_the_package() -> None:
    """From elsewhere the package can be imported and tests, presets, stacks and tools cannot."""
    program = (
        "import importlib.util as u, kaito_iac; "
        "print([n for n in ('kaito_iac.tests', 'kaito_iac.bench', 'kaito_iac.tools', 'kaito_iac.stacks') if u.find_spec(n)])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[]\n"


def test_public_names_are_listed_once_and_the_same() -> None:
    """What `__all__` says, what is loaded lazily, and what type checkers see are the same names."""
    text = Path(kaito_iac.__file__).read_text()
    told = re.findall(r"^    from \S+ import (\w+) as \1$", text, re.MULTILINE)
    assert sorted(told) == sorted(kaito_iac.__all__) == sorted(kaito_iac._HOMES)
