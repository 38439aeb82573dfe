"""The fixtures for pytest, in test runs of their own, and the example that users copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "tested-program"
TESTS = """
import kaito_iac as kaito


def program():
    kaito.KaitoWorkspace("chat", preset="phi-4", instance_type="SIZE")


def test_folder(kaito_plan, kaito_snapshot):
    kaito_snapshot(kaito_plan("shop"))


def test_function(kaito_plan, kaito_snapshot):
    kaito_snapshot(kaito_plan(program, project="own"))


def test_twice(kaito_plan, kaito_snapshot):
    kaito_snapshot(kaito_plan("shop"), "a")
    kaito_snapshot(kaito_plan("shop"), "a")


def test_same_question(kaito_plan):
    assert kaito_plan("shop") is kaito_plan("shop")
    assert kaito_plan("shop", stack="prod") is not kaito_plan("shop")
"""
A100 = "Standard_NC24ads_A100_v4"


def pytest_in(folder: Path, *words: str) -> tuple[int, str]:
    """Runs pytest with the plugin alone; gives its exit code and what it says."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "kaito_iac.testing.plugin", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a program and tests of it."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    line = f'kaito.KaitoWorkspace("chat", preset="phi-4", instance_type="{A100}")\n'
    (tmp_path / "shop" / "__main__.py").write_text(f"import kaito_iac as kaito\n{line}")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_shop.py").write_text(TESTS.replace("SIZE", A100))
    return tmp_path


def test_snapshots(folder: Path) -> None:
    """A snapshot is missing, written, the same, and different; each says what to do."""
    code, said = pytest_in(folder)
    assert code == 1
    assert "no snapshot __snapshots__/test_shop.test_folder.txt yet; `pytest --kaito-update` writes it" in said
    code, said = pytest_in(folder, "--kaito-update")
    assert "two snapshots of one name: test_shop.test_twice.a.txt; give each a name" in said
    assert sorted(path.name for path in (folder / "__snapshots__").iterdir()) == [
        "test_shop.test_folder.txt",
        "test_shop.test_function.txt",
        "test_shop.test_twice.a.txt",
    ]
    (folder / "test_shop.py").write_text(TESTS.replace("SIZE", "Standard_NC96ads_A100_v4"))
    code, said = pytest_in(folder, "-k", "folder or function or same")
    assert (code, "1 failed, 2 passed" in said) == (1, True)
    assert "the plan has changed; `pytest --kaito-update` accepts it:" in said
    assert "\n-  chat        Standard_NC24ads_A100_v4" in said
    assert "\n+  chat        Standard_NC96ads_A100_v4" in said


def test_the_example(tmp_path: Path) -> None:
    """The example's tests pass as they are; a program that changes fails them with the reason."""
    copy = tmp_path / "tested-program"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (copy / "Pulumi.yaml").read_text().replace("virtualenv: ../../../.venv", f"virtualenv: {sys.prefix}")
    (copy / "Pulumi.yaml").write_text(settings)
    code, said = pytest_in(copy)
    assert (code, said.splitlines()[-1].partition(" in ")[0]) == (0, "7 passed")
    (copy / "Pulumi.yaml").write_text(settings.replace("default: 2", "default: 9"))
    code, said = pytest_in(copy)
    assert code == 1
    assert "up to 9 H100 GPUs (9 NVIDIA H100); at most 8 are allowed" in said
    assert "up to 45,859 USD a month; at most 11,000 are allowed" in said


def test_pytest_finds_it() -> None:
    """The distribution names the plugin, so pytest loads it where kaito-iac is installed."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["project"]["entry-points"]["pytest11"] == {"kaito-iac": "kaito_iac.testing.plugin"}
