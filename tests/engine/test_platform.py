"""Platform and workloads of the repository under the real engine: simulated Azure, a real API server, charts of this test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STANDIN = ROOT.parent / "shared" / "lab" / "azure_native_standin"
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
PYTHON = os.environ.get("AZURE_STANDIN_PYTHON", "")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.cluster,
    pytest.mark.skipif(KUBECONFIG is None, reason="no KAITO_IAC_TEST_KUBECONFIG"),
    pytest.mark.skipif(not STANDIN.is_dir(), reason="needs the simulated Azure in ../shared/lab beside the checkout"),
    pytest.mark.skipif(
        shutil.which(PYTHON) is None, reason="needs AZURE_STANDIN_PYTHON, a Python with the simulated Azure's packages"
    ),
]
CHARTS = (("workspace", "0.12.0"), ("ragengine", "0.12.0"), ("gpu-provisioner", "0.4.4"))
READY = {"workspace": "WorkspaceSucceeded", "inferenceset": "InferenceSetReady", "ragengine": "RAGEngineSucceeded"}
"""Kind to the condition of its success."""
WORKLOADS = ("chat-workspace", "contracts-adapter-workspace", "docs-ragengine", "summaries-inferenceset")
PLATFORM = (
    "models-group",
    "models-cluster",
    "kaito-identity",
    "kaito-role-contributor",
    "kaito-provisioner-federation",
    "kaito-gpu-provisioner",
    "kaito-workspace",
    "kaito-ragengine",
    "kaito-guard",
)
"""The platform in the order it is made."""


def kubectl(*words: str) -> str:
    return subprocess.run(["kubectl", "--kubeconfig", str(KUBECONFIG), *words], capture_output=True, text=True, timeout=60).stdout


class Controller(threading.Thread):
    """Simulates KAITO in one namespace: says of every object of its kinds that it succeeded."""

    def __init__(self, namespace: str) -> None:
        super().__init__(daemon=True)
        self.namespace, self.done = namespace, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.3):
            for kind, condition in READY.items():
                for found in kubectl("get", kind, "-n", self.namespace, "-o", "name").split():
                    told = {"type": condition, "status": "True", "reason": "Ready", "message": ""}
                    patch = {"status": {"conditions": [{**told, "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
                    kubectl("patch", found, "-n", self.namespace, "--subresource=status", "--type=merge", "-p", json.dumps(patch))


def write_charts(place: Path) -> None:
    """Writes charts with one object each."""
    for name, version in CHARTS:
        templates = place / name / "templates"
        templates.mkdir(parents=True)
        (place / name / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
        config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"chart": name}}
        (templates / "config.yaml").write_text(json.dumps(config))


def deleted(text: str, names: tuple[str, ...]) -> list[str]:
    """Return which of the names were deleted, in that order."""
    lines = [line.split() for line in text.splitlines() if " deleted " in line and line.strip().startswith("-")]
    return [words[2] for words in lines if words[2] in names]


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Any) -> Any:
    """Prepares stack dev of platform and of workloads in one backend, under names of this test alone."""
    own = f"pf-{uuid.uuid4().hex[:8]}"
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "kaito-iac-keep-crds").write_text(f"#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m kaito_iac.cli.keep_crds\n")
    (tools / "kaito-iac-keep-crds").chmod(0o755)
    for name, value in {
        "PATH": os.pathsep.join([str(tools), str(STANDIN), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "AZURE_STANDIN_PYTHON": PYTHON,
        "AZURE_STANDIN_STATE": str(tmp_path / "azure.json"),
        "AZURE_STANDIN_KUBECONFIG": str(KUBECONFIG),
    }.items():
        monkeypatch.setenv(name, value)
    operator = {
        "chartSource": "charts",
        "provisionerChartSource": "charts",
        "namespace": own,
        "ragNamespace": f"{own}-rag",
        "provisionerNamespace": f"{own}-gpu",
        "timeoutMinutes": 2,
    }
    made = []
    for stack, defaults in (
        ("platform", {"KaitoOperator": operator}),
        ("workloads", {"KaitoNamespace": {"name": f"{own}-team"}}),
    ):
        settings = {"kaito-iac:defaults": json.dumps(defaults)}
        made.append(cli(stack, ROOT / "stacks" / stack / "Pulumi.yaml", settings, tmp_path / "no-kubeconfig"))
    write_charts(made[0].program / "charts")
    kaito = Controller(f"{own}-team")
    kaito.start()
    yield *made, own, tmp_path / "azure.json"
    kaito.done.set()
    kaito.join()
    kubectl("delete", "namespace", own, f"{own}-rag", f"{own}-gpu", f"{own}-team", "--ignore-not-found", "--wait=false")


def test_life_of_platform_and_workloads(stacks: Any) -> None:
    """Both go up and stay as they are; destroy takes workloads, then the operator, which its guard holds, then the cluster."""
    platform, workloads, own, azure = stacks
    for engine in (platform, workloads):
        engine.run("up", "--yes", "--skip-preview")
        engine.run("preview", "--expect-no-changes")
        engine.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert kubectl("get", "workspace", "-n", f"{own}-team", "-o", "name").split() == [
        "workspace.kaito.sh/chat",
        "workspace.kaito.sh/contracts-adapter",
    ]
    for engine in (platform, workloads):
        assert "client-key-data" not in engine.run("stack", "export")

    said = platform.run("destroy", "--yes", "--skip-preview", "--run-program", fails=True)
    assert "'kaito-guard' cannot be removed" in said
    assert f"Workspace/chat in {own}-team: still there; the operator cannot go before it [KO478]" in said

    gone = deleted(workloads.run("destroy", "--yes", "--skip-preview"), WORKLOADS)
    assert sorted(gone) == sorted(WORKLOADS)
    assert gone.index("chat-workspace") < gone.index("contracts-adapter-workspace"), "an adapter outlives who uses it"

    platform.run("destroy", "--yes", "--skip-preview", fails=True)
    kept = kubectl("get", "configmap", "workspace", "ragengine", "-n", own, "--ignore-not-found", "-o", "name")
    assert kept == "configmap/workspace\n", "Pulumi deletes nothing below the guard without the program"
    defaults = json.loads(platform.run("config", "get", "kaito-iac:defaults"))
    unguarded = {"KaitoCluster": {"protect": False}, "KaitoOperator": {**defaults["KaitoOperator"], "guard": False}}
    platform.run("config", "set", "kaito-iac:defaults", json.dumps(unguarded))
    platform.run("up", "--yes", "--skip-preview")
    assert deleted(platform.run("destroy", "--yes", "--skip-preview"), PLATFORM) == list(reversed(PLATFORM))
    assert json.loads(azure.read_text()) == {}
    spaces = (own, f"{own}-rag", f"{own}-gpu", f"{own}-team")
    assert kubectl("get", "namespace", *spaces, "--ignore-not-found", "-o", "name") == ""
