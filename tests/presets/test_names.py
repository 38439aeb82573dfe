"""Constants for editors to complete, and the script that writes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kaito_iac.catalog.find import size_problems
from kaito_iac.catalog.load import sizes
from kaito_iac.presets.files import preset_files
from kaito_iac.presets.names import Presets, Sizes

ROOT = Path(__file__).parents[2]


def constants(kind: type) -> dict[str, str]:
    return {name: value for name, value in vars(kind).items() if not name.startswith("_")}


def test_a_constant_for_every_preset() -> None:
    """Every shipped preset has one constant, and no constant names anything else."""
    assert sorted(constants(Presets).values()) == sorted(preset_files())


def test_a_constant_for_every_size_that_works() -> None:
    """Every size with NVIDIA GPUs that its cloud sells has one constant; those that never work have none."""
    usable = [name for name, size in sizes().items() if not size_problems(name, size.cloud, "size")]
    assert sorted(constants(Sizes).values()) == sorted(usable)


@pytest.mark.parametrize("kind", [Presets, Sizes])
def test_constants_are_names_of_python(kind: type) -> None:
    """Every constant is an upper-case name that Python takes."""
    assert [name for name in constants(kind) if not (name.isidentifier() and name.isupper())] == []


def test_generated_files_are_current() -> None:
    """Running the generator to check finds no stale file."""
    done = subprocess.run([sys.executable, "tools/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
