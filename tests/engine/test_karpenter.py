"""A pool of Karpenter under the real engine on an API server that has Karpenter's kinds; Karpenter itself is simulated."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.cluster,
    pytest.mark.skipif(
        KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
    ),
]
PROJECT = Path(__file__).parent / "programs" / "karpenter_pool" / "Pulumi.yaml"
OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
KINDS = (
    ("karpenter.sh", "v1", "NodePool", "nodepools"),
    ("karpenter.azure.com", "v1beta1", "AKSNodeClass", "aksnodeclasses"),
)


def _kubectl(*words: str, given: str | None = None) -> str:
    command = ["kubectl", "--kubeconfig", str(KUBECONFIG), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, input=given).stdout


@pytest.fixture
def kinds() -> Iterator[None]:
    """Brings Karpenter's kinds without their schemas, where the API server has none, and takes away what it brought."""
    brought = []
    for group, version, kind, plural in KINDS:
        name = f"{plural}.{group}"
        if not _kubectl("get", "crd", name, "--output", "name"):
            served = {"name": version, "served": True, "storage": True, "subresources": {"status": {}}}
            spec = {
                "group": group,
                "scope": "Cluster",
                "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                "versions": [{**served, "schema": {"openAPIV3Schema": OPEN}}],
            }
            crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": name}}
            _kubectl("apply", "--filename", "-", given=json.dumps({**crd, "spec": spec}))
            _kubectl("wait", "--for=condition=Established", f"crd/{name}", "--timeout=30s")
            brought.append(name)
    yield
    for name in brought:
        _kubectl("delete", "crd", name)


class Karpenter(threading.Thread):
    """Simulates Karpenter: says that the pool has its nodes, one after the other."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.5):
            seen = _kubectl("get", "nodepool", "kaito-iac-a100", "--ignore-not-found", "--output", "json")
            if seen:
                nodes = min(json.loads(seen).get("status", {}).get("nodes", 0) + 1, 2)
                patch = json.dumps({"status": {"nodes": nodes}})
                _kubectl("patch", "nodepool", "kaito-iac-a100", "--subresource=status", "--type=merge", "--patch", patch)


def _ops(preview: str) -> dict[str, str]:
    steps = json.loads(preview)["steps"]
    return {step["urn"].rpartition("::")[2]: step["op"] for step in steps if step["op"] != "same"}


@pytest.mark.usefixtures("kinds")
def test_nodes_that_karpenter_keeps(cli: Any) -> None:
    """An update waits for the nodes and is followed by no change; another size makes the pool anew; destroy leaves nothing."""
    engine = cli("../tests/engine/programs/karpenter_pool", PROJECT, {}, Path(str(KUBECONFIG)))
    karpenter = Karpenter()
    karpenter.start()
    try:
        engine.run("up", "--yes", "--skip-preview")
        made = json.loads(_kubectl("get", "nodepool", "kaito-iac-a100", "--output", "json"))
        assert made["status"] == {"nodes": 2}
        assert _ops(engine.run("preview", "--json")) == {}
        engine.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
        engine.run("config", "set", "size", "Standard_NC48ads_A100_v4")
        assert set(_ops(engine.run("preview", "--json"))) == {"a100", "a100-nodes"}
        engine.run("up", "--yes", "--skip-preview")
        anew = json.loads(_kubectl("get", "nodepool", "kaito-iac-a100", "--output", "json"))
        assert anew["metadata"]["uid"] != made["metadata"]["uid"]
    finally:
        engine.run("destroy", "--yes", "--skip-preview")
        karpenter.done.set()
        karpenter.join()
    assert _kubectl("get", "nodepools,aksnodeclasses", "--output", "name") == ""
