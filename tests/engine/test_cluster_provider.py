"""Stacks on the default Kubernetes provider keep their objects when they move to the provider of their cluster.

The engine is real; Azure is simulated, and the provider `kubernetes` simulates the one that asks a cluster. The last test
has the real provider and an API server.
"""

import json
import os
import shutil
import subprocess
import sys
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.engine
HERE = Path(__file__).parent
CREDENTIALS = """\
apiVersion: v1
kind: Config
current-context: models
clusters: [{name: models, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: models, context: {cluster: models, user: u}}]
users: [{name: u, user: {token: t}}]
"""
OFF = "kaito-iac:clusterProvider"
MOVING = """\
import kaito_iac as kaito

cluster = kaito.KaitoCluster("models", location="eastus", protect=False)
pool = kaito.GpuNodePool("a100", cluster=cluster, instance_type="Standard_NC24ads_A100_v4", count=1)
kaito.KaitoWorkspace("chat", preset="phi-4", node_pool=pool, namespace="{space}", wait=False)
"""


@pytest.fixture
def stack(tmp_path: Path, cli_class: Any) -> Any:
    """Return the program on an empty simulated Azure, updated as earlier versions registered it: on the default provider."""
    missing = [tool for tool in ("pulumi", "pulumi-language-python") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    program, home, plugins = (tmp_path / name for name in ("program", "home", "plugins"))
    shutil.copytree(HERE / "programs" / "own_cluster", program)
    for folder in (home, plugins):
        folder.mkdir()
    plugin = plugins / "pulumi-resource-kubernetes"
    plugin.write_text(f'#!/bin/sh\nexec {sys.executable} -u {HERE / "kubernetes_standin.py"} "$@"\n')
    plugin.chmod(0o755)
    made = cli_class(program, home, tmp_path / "no-kubeconfig")
    made.with_azure(CREDENTIALS)
    made.environment["PATH"] = f"{plugins}{os.pathsep}{made.environment['PATH']}"
    made.run("stack", "init", "dev")
    made.run("config", "set", OFF, "false")
    made.run("up", "--yes", "--skip-preview")
    return made  # Azure and Kubernetes are files of this test: nothing outlives it


def steps(stack: Any) -> list[tuple[str, str]]:
    """Return what the preview would do, and to what; nothing for what stays."""
    found = json.loads(stack.run("preview", "--json"))["steps"]
    return sorted((step["op"], step["urn"].rpartition("::")[2]) for step in found if step["op"] != "same")


def providers(stack: Any) -> set[str]:
    """Return the providers of the objects in the state, by name."""
    found = json.loads(stack.run("stack", "export"))["deployment"]["resources"]
    objects = [one for one in found if one["type"].startswith("kubernetes:")]
    assert len(objects) >= 3
    return {one["provider"].split("::")[-2].partition("_")[0] for one in objects}


def test_nothing_is_replaced_unasked(stack: Any) -> None:
    """The next preview shows the provider and nothing else; the update keeps every object, and nothing differs afterwards."""
    assert providers(stack) == {"default"}
    assert steps(stack) == []
    stack.run("config", "rm", OFF)
    assert steps(stack) == [("create", "models-kubernetes")]
    stack.run("up", "--yes", "--skip-preview")
    assert providers(stack) == {"models-kubernetes"}
    assert steps(stack) == []


def test_a_default_provider_that_the_stack_configures_stays(stack: Any) -> None:
    """A stack that configures its default provider keeps it, and another cluster in its kubeconfig is no reason to replace."""
    stack.run("config", "rm", OFF)
    stack.run("config", "set", "kubernetes:context", "elsewhere")
    assert steps(stack) == []


def test_another_cluster_replaces_what_is_asked_for(stack: Any) -> None:
    """Where both providers name a cluster and they differ, the engine replaces: only when the stack asks for the move."""
    elsewhere = yaml.safe_load(CREDENTIALS)
    elsewhere["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:2"
    stack.run("config", "set", "kubernetes:kubeconfig", json.dumps(elsewhere))
    stack.run("up", "--yes", "--skip-preview")
    stack.run("config", "rm", OFF)
    assert steps(stack) == []
    stack.run("config", "set", OFF, "true")
    assert ("replace", "chat-workspace") in steps(stack)


@pytest.mark.cluster
def test_real_provider_keeps_the_object(tmp_path: Path, cli: Any) -> None:
    """With the real provider on an API server the object has the uid that it had when it moves to the provider of its cluster."""
    kubeconfig = os.environ.get("KAITO_IAC_TEST_KUBECONFIG", "")
    if not kubeconfig or shutil.which("kubectl") is None:
        pytest.skip("no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH")
    space = f"moving-{uuid.uuid4().hex[:8]}"
    folder = tmp_path / "moving"
    folder.mkdir()
    (folder / "__main__.py").write_text(MOVING.format(space=space))
    (folder / "Pulumi.yaml").write_text("name: moving\nruntime: {name: python}\n")
    made = cli(str(folder), folder / "Pulumi.yaml", {OFF: "false"}, Path(kubeconfig))
    made.with_azure(Path(kubeconfig).read_text())
    kubectl = partial(subprocess.run, check=True, capture_output=True, text=True, timeout=60)
    ask = ("kubectl", "--kubeconfig", kubeconfig)
    uid = (*ask, "get", "workspaces.kaito.sh", "chat", "-n", space, "-o", "jsonpath={.metadata.uid}")
    kubectl((*ask, "create", "namespace", space))
    try:
        made.run("up", "--yes", "--skip-preview")
        before = kubectl(uid).stdout
        assert steps(made) == []
        made.run("config", "rm", OFF)
        assert steps(made) == [("create", "models-kubernetes")]
        made.run("up", "--yes", "--skip-preview")
        assert steps(made) == []
        assert kubectl(uid).stdout == before
    finally:
        made.run("destroy", "--yes", "--skip-preview")
        kubectl((*ask, "delete", "namespace", space, "--wait=false"))
