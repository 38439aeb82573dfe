"""`make quick` chooses the tests of what changed, and ends in time."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def tool() -> Any:
    spec = spec_from_file_location("changed_tests", ROOT / "tools" / "changed_tests.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        pytest.param("kaito_iac/code.py", [], id="a table that the architecture tests read"),
        pytest.param("kaito_iac/convert/older.py", ["tests/convert/test_older.py"], id="a module with its own test"),
        pytest.param("kaito_iac/convert/unfit.py", ["tests/convert/test_decide.py"], id="a module of the mirror"),
        pytest.param("tests/convert/test_name.py", ["tests/convert/test_name.py"], id="a test"),
        pytest.param("tests/convert/conftest.py", [], id="what tests share"),
        pytest.param("presets/phi/phi-4.yaml", ["tests/presets"], id="data"),
        pytest.param("LICENSE", [], id="anything else"),
    ],
)
def test_tests_of_a_file(file: str, tests: list[str]) -> None:
    """The narrowest tests of a file, never those of a whole room for a module."""
    module = tool()
    mirror = {"convert/unfit.py": "convert/test_decide.py"}
    assert list(module.tests_of([file], mirror)) == tests


def test_tests_that_begin_too_late_are_skipped() -> None:
    """With --within a test that has not begun in time is skipped, and the reason says who runs it."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "--within", "0", "tests/convert/test_name.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not begun within 0 s: `make check` runs it" in done.stdout
    assert "passed" not in done.stdout
