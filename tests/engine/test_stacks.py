"""Both stacks under the real engine: the preview is the plan, and an update is followed by no change."""

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.report.plan import make_plan

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
POOLS = '{"a100": {"instanceType": "Standard_NC24ads_A100_v4", "count": 2}}'
UPDATED = ("autoscaled-set", "model-mirror", "prefill-decode", "tune-and-serve")
"""Examples that are also made on a cluster: together they hold every kind of KAITO's but RAGEngine."""
STACKS = [
    pytest.param(
        "quickstart",
        ROOT,
        ROOT / "Pulumi.yaml",
        {"nodes": "existing", "nodeLabel": "apps=lab-gpu"},
        id="quickstart on existing nodes",
    ),
    pytest.param(
        "chat-and-docs", ROOT / "stacks/chat-and-docs", ROOT / "stacks/chat-and-docs/Pulumi.yaml", {}, id="chat and docs"
    ),
    *(
        pytest.param(f"../docs/examples/{name}", EXAMPLES / name, EXAMPLES / name / "Pulumi.yaml", {}, id=f"example {name}")
        for name in UPDATED
    ),
]
REFERENCES = ROOT / "stacks" / "workloads" / "references.json"
PREVIEWED = [
    *STACKS,
    *(
        pytest.param(
            name, ROOT / "stacks" / name, ROOT / "stacks" / name / "Pulumi.yaml", config, id=f"stack {name} {words}".strip()
        )
        for name, config, words in (
            ("npc", {}, ""),
            ("multi-team", {}, ""),
            ("platform", {}, ""),
            ("platform", {"provisioner": "byo", "pools": POOLS}, "with pools"),
            ("workloads", {}, ""),
        )
    ),
    *(
        pytest.param(f"../docs/examples/{name}", EXAMPLES / name, EXAMPLES / name / "Pulumi.yaml", {}, id=f"example {name}")
        for name in sorted(path.parent.name for path in EXAMPLES.glob("*/__main__.py"))
        if name not in UPDATED
    ),
]
needs_cluster = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
    ),
]


@pytest.mark.parametrize(("stack", "program", "project", "config"), PREVIEWED)
def test_preview_is_the_plan(cli: Any, stack: str, program: Path, project: Path, config: dict[str, str]) -> None:
    """The CLI previews the same resources, with the same parents, as the offline plan; Azure is simulated, charts are stubs."""
    references = REFERENCES if stack == "workloads" else None
    plan = make_plan(program, config=config, references=references)
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == []
    names = {resource.urn: resource.name for resource in plan.resources}
    planned = sorted((resource.type, resource.name, names.get(resource.parent or "", "")) for resource in plan.resources)
    engine = cli(stack, project, config)
    types = {resource.type for resource in plan.resources}
    if any(type.startswith("azure-native:") for type in types) or "adoptId" in (program / "__main__.py").read_text():
        engine.with_azure("apiVersion: v1\nkind: Config\n")
    if "kubernetes:helm.sh/v3:Release" in types:
        engine.with_stub_charts()
    if references:
        for name, outputs in json.loads(references.read_text()).items():
            engine.with_stack(name.split("/")[1], outputs)
    assert engine.tree() == planned


READY = {
    "Workspace": "WorkspaceSucceeded",
    "RAGEngine": "RAGEngineSucceeded",
    "InferenceSet": "InferenceSetReady",
    "MultiRoleInference": "Ready",
    "ModelMirror": "Ready",
}
"""Kind to the condition of its success."""
OWNED = ("default", "models")
"""Namespaces of the programs."""


class Controller(threading.Thread):
    """Stands in for KAITO: says of every object of its kinds that it succeeded."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.3):
            for kind, namespace in ((kind, namespace) for kind in READY for namespace in OWNED):
                for found in _kubectl("get", kind.lower(), "--namespace", namespace, "--output", "name").split():
                    condition = {
                        "type": READY[kind],
                        "status": "True",
                        "reason": "Ready",
                        "message": "",
                        "lastTransitionTime": "2026-01-01T00:00:00Z",
                    }
                    phase = {"phase": "Ready", "modelPath": "/models"} if kind == "ModelMirror" else {}
                    patch = json.dumps({"status": {"conditions": [condition], **phase}})
                    _kubectl("patch", found, "--namespace", namespace, "--subresource=status", "--type=merge", "--patch", patch)


def _kubectl(*words: str) -> str:
    return subprocess.run(["kubectl", "--kubeconfig", str(KUBECONFIG), *words], capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize(
    ("stack", "program", "project", "config"), [pytest.param(*row.values, id=row.id, marks=needs_cluster) for row in STACKS]
)
def test_update_is_followed_by_no_change(cli: Any, stack: str, program: Path, project: Path, config: dict[str, str]) -> None:
    """After an update neither preview nor refresh finds a difference, the state holds no token, and destroy leaves nothing."""
    engine = cli(stack, project, config, Path(str(KUBECONFIG)))
    _kubectl("create", "namespace", "models")
    kaito = Controller()
    kaito.start()
    try:
        engine.run("up", "--yes", "--skip-preview")
        preview = json.loads(engine.run("preview", "--json"))
        changed = {
            step["urn"]: step.get("detailedDiff") or step.get("diffReasons") for step in preview["steps"] if step["op"] != "same"
        }
        assert changed == {}
        engine.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
        assert "HF_TOKEN" not in engine.run("stack", "export")
    finally:
        engine.run("destroy", "--yes", "--skip-preview")
        kaito.done.set()
        kaito.join()
    kinds = ",".join(READY).lower()
    assert [_kubectl("get", kinds, "--namespace", namespace, "--output", "name") for namespace in OWNED] == ["", ""]
