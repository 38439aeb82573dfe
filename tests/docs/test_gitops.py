"""The examples for Argo CD, Flux and the Pulumi operator: whole files, and commands that do what the page says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaito_iac.planning.render import render
from kaito_iac.planning.request import Program
from kaito_iac.readiness.find_workload import FAILED_JOB
from kaito_iac.readiness.ready import SUMMARY

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "examples" / "gitops"
PROGRAM = ROOT / "docs" / "examples" / "tested-program"


def documents(path: str) -> dict[str, Any]:
    """Return the documents of a file by their kind."""
    return {one["kind"]: one for one in yaml.safe_load_all((FOLDER / path).read_text())}


@pytest.fixture
def shell(tmp_path: Path) -> Any:
    """Runs a command of an example in a copy of a program, with kaito-iac on PATH; gives exit code and output."""
    folder = tmp_path / "program"
    shutil.copytree(PROGRAM, folder, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    settings = (folder / "Pulumi.yaml").read_text().replace("  options:\n    virtualenv: ../../../.venv\n", "")
    (folder / "Pulumi.yaml").write_text(settings)
    (folder / "Pulumi.prod.yaml").write_text("config: {}\n")
    tool = tmp_path / "bin" / "kaito-iac"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m kaito_iac.cli.main "$@"\n')
    tool.chmod(0o755)
    python = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{tool.parent}{os.pathsep}{python}{os.pathsep}{os.environ['PATH']}",
    }

    def run(command: list[str], files: dict[str, str] | None = None) -> tuple[int, str, str]:
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


def test_files_are_whole() -> None:
    """Each file holds the kinds that its tool reads."""
    assert set(documents("argo-cd/application.yaml")) == {"Application"}
    assert set(documents("argo-cd/argocd-cm.yaml")) == {"ConfigMap"}
    assert set(documents("argo-cd/plugin.yaml")) == {"ConfigManagementPlugin"}
    assert set(documents("flux/kustomization.yaml")) == {"GitRepository", "Kustomization"}
    assert set(documents("pulumi-operator/stack.yaml")) == {"ServiceAccount", "ClusterRoleBinding", "Stack"}


def test_health_is_what_kaito_reports() -> None:
    """The health checks ask for the conditions and reasons that `kaito-iac wait` asks for."""
    lua = documents("argo-cd/argocd-cm.yaml")["ConfigMap"]["data"]["resource.customizations.health.kaito.sh_Workspace"]
    (checks,) = documents("flux/kustomization.yaml")["Kustomization"]["spec"]["healthCheckExprs"]
    for text in (lua, checks["current"], checks["inProgress"], checks["failed"]):
        assert SUMMARY["Workspace"] in text
    for text in (lua, checks["inProgress"], checks["failed"]):
        assert "workspaceFailed" in FAILED_JOB
        assert "workspaceFailed" in text


def test_the_gate_of_the_pulumi_operator(shell: Any) -> None:
    """The init container lets a program pass that fits, and ends with the reasons where it does not."""
    spec = documents("pulumi-operator/stack.yaml")["Stack"]["spec"]["workspaceTemplate"]["spec"]["podTemplate"]["spec"]
    (gate,) = spec["initContainers"]
    code, out, err = shell([*gate["command"], *gate["args"]])
    assert (code, "GPU nodes" in out, "[KQ" in out) == (0, True, False), out + err
    small = (PROGRAM / "quota.yaml").read_text().replace("limit: 160", "limit: 40")
    code, out, _ = shell([*gate["command"], *gate["args"]], {"quota.yaml": small})
    assert (code, "[KQ102]" in out) == (1, True)


def test_the_plugin_of_argo_cd(shell: Any, tmp_path: Path) -> None:
    """The plugin prints the objects that `render` writes, and nothing else; a program with errors is a failed sync."""
    generate = documents("argo-cd/plugin.yaml")["ConfigManagementPlugin"]["spec"]["generate"]
    code, out, err = shell([*generate["command"], *generate["args"]])
    assert code == 0, err
    rendered = render(Program(tmp_path / "program"), tmp_path / "rendered")
    files = [yaml.safe_load(path.read_text()) for path in rendered.files if path.name != "kustomization.yaml"]
    assert list(yaml.safe_load_all(out)) == files
    assert [one["kind"] for one in files][-1] == "Workspace"
    broken = "import kaito_iac as kaito\nkaito.KaitoWorkspace('chat', preset='phi-5')\n"
    code, out, err = shell([*generate["command"], *generate["args"]], {"__main__.py": broken})
    assert (code != 0, out) == (True, "")


def test_the_image_has_what_the_examples_use() -> None:
    """The image installs the wheel of this project with extras that it has."""
    import tomllib

    text = (FOLDER / "pulumi-operator" / "Containerfile").read_text()
    extras = text.rpartition("[")[2].partition("]")[0].split(",")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(extras) <= set(settings["project"]["optional-dependencies"])
    assert "kaito_iac-*.whl" in text
