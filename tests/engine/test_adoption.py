"""Objects that run come under components on a real engine and a real API server: same uid, no replacement, kept by a destroy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STANDIN = Path(__file__).parent / "standins" / "cluster_provider.py"
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG", "")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.cluster,
    pytest.mark.skipif(not KUBECONFIG or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG, or no kubectl"),
]
MODEL = {"inference": {"preset": {"name": "phi-4-mini-instruct"}}}
SELECTOR = {"labelSelector": {"matchLabels": {"apps": "chat"}}}
OBJECTS: dict[str, dict[str, Any]] = {
    "Workspace": {"resource": SELECTOR, **MODEL},
    "InferenceSet": {"spec": {**SELECTOR, "replicas": 1, "template": MODEL}},
    "RAGEngine": {
        "spec": {
            "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
            "inferenceService": {"url": "https://llm.example.com/v1/chat/completions", "contextWindowSize": 8192},
            "storage": {"persistentVolume": {"persistentVolumeClaim": "docs", "mountPath": "/mnt/data"}},
        }
    },
}
PROGRAM = """\
import os

import pulumi

import kaito_iac as kaito

space = "{space}"
adopt = {{"object": f"{{space}}/it", **{more}}} if os.environ.get("ADOPT") else None
pool = kaito.GpuNodePool("lab", kind="existing", instance_type="Standard_NC24ads_A100_v4", labels={{"apps": "chat"}}, count=9)
common = dict(name="it", namespace=space, wait=False, adopt=adopt)
served = dict(preset=os.environ.get("PRESET", "phi-4-mini-instruct"), node_pool=pool, benchmark=True, **common)
if "{kind}" == "Workspace":
    kaito.KaitoWorkspace("chat", **served)
elif "{kind}" == "InferenceSet":
    kaito.KaitoInferenceSet("chat", service=False, **served)
else:
    kaito.KaitoRagEngine("chat", llm="https://llm.example.com/v1", context_window=8192, storage={{"claim": "docs"}}, **common)
"""


def kubectl(*words: str, data: Any = None) -> str:
    text = None if data is None else json.dumps(data)
    done = subprocess.run(["kubectl", "--kubeconfig", KUBECONFIG, *words], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def space() -> Iterator[str]:
    """Return a namespace of the test's own."""
    name = f"adopt-{uuid.uuid4().hex[:8]}"
    kubectl("create", "namespace", name)
    yield name
    kubectl("delete", "namespace", name, "--wait=false")


class Stack:
    """A program with a stack of its own, and the object that runs already."""

    def __init__(self, folder: Path, space: str, kind: str) -> None:
        self.folder, self.space, self.kind = folder, space, kind
        (folder / "Pulumi.yaml").write_text("name: adopting\nruntime: python\n")
        self.write()
        tools = folder / "tools"
        if shutil.which("pulumi-resource-kubernetes") is None:
            tools.mkdir()
            (tools / "pulumi-resource-kubernetes").write_text(f'#!/bin/sh\nexec "{sys.executable}" -u "{STANDIN}"\n')
            (tools / "pulumi-resource-kubernetes").chmod(0o755)
        path = [str(tools), str(Path(sys.executable).parent), os.environ["PATH"]]
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join(path),
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "x",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "KUBECONFIG": KUBECONFIG,
            "PYTHONPATH": str(ROOT),
        }
        made = {"apiVersion": "kaito.sh/v1beta1", "kind": kind, "metadata": {"name": "it", "namespace": space}, **OBJECTS[kind]}
        kubectl("apply", "-f", "-", data=made)
        self.run("stack", "init", "dev")

    def write(self, more: str = "{}") -> None:
        (self.folder / "__main__.py").write_text(PROGRAM.format(space=self.space, kind=self.kind, more=more))

    def run(self, *words: str, code: int = 0, **environment: str) -> str:
        done = subprocess.run(
            ["pulumi", *words, "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert (done.returncode == 0) == (code == 0), done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def live(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(kubectl("get", f"{self.kind}.v1beta1.kaito.sh", "it", "-n", self.space, "-o", "json"))
        return found


@pytest.fixture
def running(tmp_path: Path, space: str) -> Any:
    """Makes an object of a kind with kubectl, and a program that would make the same."""
    missing = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    return lambda kind: Stack(tmp_path, space, kind)


@pytest.mark.parametrize("kind", list(OBJECTS))
def test_taken_over(kind: str, running: Any) -> None:
    """The object keeps its uid and its specification, nothing is replaced, and without the argument there is nothing to do."""
    stack = running(kind)
    before = stack.live
    assert "already exists" in stack.run("up", "--yes", "--skip-preview", code=1)
    stack.run("destroy", "--yes", "--skip-preview")
    told = stack.run("preview", ADOPT="1")
    assert f"{stack.space}/it exists and is taken over" in told
    assert "replace" not in told.replace("never replaced", "")
    stack.run("up", "--yes", "--skip-preview", ADOPT="1")
    after = stack.live
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert {key: after.get(key) for key in OBJECTS[kind]} == {key: before.get(key) for key in OBJECTS[kind]}
    stack.run("preview", "--expect-no-changes", ADOPT="1")
    stack.run("preview", "--expect-no-changes")
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.live["metadata"]["uid"] == before["metadata"]["uid"]


def test_deleted_where_said(running: Any) -> None:
    """Where `delete` says so, a destroy deletes it."""
    stack = running("Workspace")
    stack.write("{'delete': True}")
    stack.run("up", "--yes", "--skip-preview", ADOPT="1")
    stack.run("destroy", "--yes", "--skip-preview")
    assert kubectl("get", "workspaces.kaito.sh", "-n", stack.space, "-o", "name") == ""


def test_refused(running: Any) -> None:
    """What Helm manages, and another model than the one that runs, is refused by the preview; by force Helm's is taken."""
    stack = running("Workspace")
    told = stack.run("preview", code=1, ADOPT="1", PRESET="phi-4")
    assert "inference.preset.name" in told
    assert "is 'phi-4-mini-instruct', this program writes 'phi-4': it cannot change without a restart" in told
    kubectl("annotate", "workspaces.kaito.sh", "it", "-n", stack.space, "meta.helm.sh/release-name=models")
    assert "is managed by Helm (models), which would change it back or delete it" in stack.run("preview", code=1, ADOPT="1")
    stack.write("{'force': True}")
    uid = stack.live["metadata"]["uid"]
    stack.run("up", "--yes", "--skip-preview", ADOPT="1")
    assert stack.live["metadata"]["uid"] == uid


def test_no_such_object(running: Any) -> None:
    """An object that is not there is an error of the preview."""
    stack = running("Workspace")
    kubectl("delete", "workspaces.kaito.sh", "it", "-n", stack.space)
    assert "does not exist" in stack.run("preview", code=1, ADOPT="1")
