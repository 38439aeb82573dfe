"""Which Python runs a program: the one that Pulumi's Python host would take, for pip, uv and poetry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kaito_iac.offline.interpreter import Interpreter, of_program
from kaito_iac.planning.rehearsal import rehearse
from kaito_iac.planning.request import Program
from kaito_iac.project_url import pip_install

ROOT = Path(__file__).parents[2]


def environment(folder: Path) -> str:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    return str(folder / "bin" / "python")


def project(folder: Path, options: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: demo\nruntime: {{name: python, options: {{{options}}}}}\n")
    return folder


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)


@pytest.mark.parametrize(
    ("options", "files", "place"),
    [
        pytest.param("virtualenv: own", [], "repo/infra/own", id="pip, named"),
        pytest.param("toolchain: pip, virtualenv: ../own", [], "repo/own", id="pip, above the project"),
        pytest.param("toolchain: uv", [], "repo/infra/.venv", id="uv without any file"),
        pytest.param("toolchain: uv", ["repo/pyproject.toml"], "repo/.venv", id="uv beside pyproject.toml"),
        pytest.param("toolchain: uv", ["repo/uv.lock", "repo/infra/pyproject.toml"], "repo/.venv", id="uv beside the lock file"),
        pytest.param("toolchain: uv, virtualenv: own", ["repo/uv.lock"], "repo/infra/own", id="uv, named"),
        pytest.param("", ["repo/uv.lock"], "repo/.venv", id="uv, found by its lock file"),
    ],
)
def test_environment_of_a_project(options: str, files: list[str], place: str, tmp_path: Path) -> None:
    """The environment is the one that is named, or is beside the nearest file of the toolchain."""
    folder = project(tmp_path / "repo" / "infra", options)
    for name in files:
        (tmp_path / name).touch()
    missing = of_program(folder)
    assert (missing.own, missing.missing) == (True, str(tmp_path / place))
    python = environment(tmp_path / place)
    found = of_program(folder)
    assert (found.path, found.own, found.missing) == (python, False, "")


def test_variable_of_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """UV_PROJECT_ENVIRONMENT names the folder of uv, beside the lock file or absolute."""
    folder = project(tmp_path / "repo" / "infra", "toolchain: uv")
    (tmp_path / "repo" / "uv.lock").touch()
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "linux")
    assert of_program(folder).missing == str(tmp_path / "repo" / "linux")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(tmp_path / "far"))
    assert of_program(folder).missing == str(tmp_path / "far")


def test_how_to_add_the_package(tmp_path: Path) -> None:
    """What is to be installed is reported in the words of the toolchain."""
    python = environment(tmp_path / ".venv")
    project(tmp_path, "toolchain: uv")
    assert of_program(tmp_path).add == pip_install().replace("pip install", "uv add")
    project(tmp_path, "virtualenv: .venv")
    assert of_program(tmp_path).add == f"{python} -m {pip_install()}"


def test_poetry_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without poetry the folder `.venv` beside the project is its environment."""
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = project(tmp_path / "infra", "toolchain: poetry, virtualenv: other")
    assert of_program(folder) == Interpreter(sys.executable, own=True, missing=str(folder / ".venv"), toolchain="poetry")


def seen_by(python: str) -> None:
    """Let an environment see the packages of this one."""
    (packages,) = Path(python).parents[1].glob("lib/python*/site-packages")
    (packages / "others.pth").write_text("".join(f"{p}\n" for p in [ROOT, *(p for p in sys.path if p.endswith("site-packages"))]))
    (packages / "only_there.py").write_text("NAME = 'there'\n")


def runs_there(folder: Path) -> None:
    """Run a program that imports what only its own environment has."""
    seen_by(of_program(folder).path)
    (folder / "__main__.py").write_text("import pulumi, only_there\npulumi.export('where', only_there.NAME)\n")
    assert rehearse(Program(folder)).recording.exports["where"] == "there"


@pytest.mark.process
@pytest.mark.skipif(shutil.which("uv") is None, reason="no uv on PATH")
def test_program_of_uv(tmp_path: Path) -> None:
    """A program whose toolchain is uv runs in the environment that uv made."""
    folder = project(tmp_path / "infra", "toolchain: uv")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "demo"\nversion = "0"\n')
    command = ["uv", "venv", "--quiet", "--offline", "--python", sys.executable, str(tmp_path / ".venv")]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert of_program(folder).path == str(tmp_path / ".venv" / "bin" / "python")
    runs_there(folder)


@pytest.mark.process
@pytest.mark.skipif(shutil.which("poetry") is None, reason="no poetry on PATH")
def test_program_of_poetry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose toolchain is poetry runs in the environment that poetry keeps for its project."""
    for name in ("CACHE_DIR", "CONFIG_DIR", "DATA_DIR"):
        monkeypatch.setenv(f"POETRY_{name}", str(tmp_path / "poetry"))
    monkeypatch.setenv("POETRY_VIRTUALENVS_PATH", str(tmp_path / "environments"))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    folder = project(tmp_path / "infra", "toolchain: poetry")
    (tmp_path / "pyproject.toml").write_text("[tool.poetry]\npackage-mode = false\n")
    subprocess.run(["poetry", "env", "use", "--quiet", sys.executable], cwd=folder, check=True, env=dict(os.environ))
    assert Path(of_program(folder).path).is_relative_to(tmp_path / "environments")
    runs_there(folder)
