"""What render writes is applied to a real API server once; a second time changes nothing."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from kaito_iac.planning.render import render
from kaito_iac.planning.request import Program

ROOT = Path(__file__).parents[2]
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
NAMESPACES = ("default", "models")
NEED_MORE = ("gateway", "karpenter-pool", "office-hours")
"""Examples with kinds of Istio, Karpenter and KEDA, which an API server with KAITO's CRDs alone does not have."""
PROGRAMS = [
    ROOT / "stacks/chat-and-docs",
    *sorted(path.parent for path in (ROOT / "docs/examples").glob("*/__main__.py") if path.parent.name not in NEED_MORE),
]

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
    ),
]


def kubectl(*words: str, text: str | None = None) -> str:
    command = ["kubectl", "--kubeconfig", str(KUBECONFIG), *words]
    done = subprocess.run(command, input=text or "", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("program", [pytest.param(path, id=path.name) for path in PROGRAMS])
def test_applied_twice_without_change(program: Path, tmp_path: Path) -> None:
    """Server-side apply of all files admits them; the second time nothing of what we own changes."""
    files = [str(path) for path in render(Program(program), folder=tmp_path).files if path.name != "kustomization.yaml"]
    named = [word for file in files for word in ("-f", file)]
    for namespace in NAMESPACES:
        kubectl(
            "apply",
            "--server-side",
            "-f",
            "-",
            text=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}),
        )
    try:
        first = _applied(named)
        time.sleep(1.1)  # times of managers are whole seconds
        assert _applied(named) == first
        assert len(first) == len(files) > 0
    finally:
        kubectl(
            "delete", "--ignore-not-found", "--timeout=90s", *named
        )  # a namespace that still goes takes the next one's objects


def _applied(named: list[str]) -> list[tuple[str, str, object]]:
    """Applies files, and gives kind, name and what the server notes of our manager: a change would be of another second."""
    kubectl("apply", "--server-side", "--field-manager", "kaito-iac-test", *named)
    found = json.loads(kubectl("get", *named, "--output", "json", "--show-managed-fields"))
    items = found["items"] if found["kind"] == "List" else [found]
    noted = [item["metadata"].get("managedFields", []) for item in items]  # of a bare Namespace nothing is anybody's
    ours = [[entry for entry in entries if entry["manager"] == "kaito-iac-test"] for entries in noted]
    assert [
        item["kind"] for item, entries in zip(items, ours, strict=True) if len(entries) != 1 and item["kind"] != "Namespace"
    ] == []
    return [(item["kind"], item["metadata"]["name"], entries) for item, entries in zip(items, ours, strict=True)]
