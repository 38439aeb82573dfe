"""Stacks and examples under the real engine: the preview is the plan, an update is followed by no change and leaves no secret."""

import json
import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.planning.plan import Plan, make_plan
from kaito_iac.planning.request import Program
from kaito_iac.testing import leaks

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
SECRETS = {"kubeconfig": "kubeconfig-d0nt-show-me"}
"""Stands in the credentials of every cluster."""
POOLS = '{"a100": {"instanceType": "Standard_NC24ads_A100_v4", "count": 2}}'
UPDATED = (
    "adapters",
    "aks-cluster",
    "autoscaled-set",
    "gateway",
    "karpenter-pool",
    "model-mirror",
    "operator-gpu-provisioner",
    "own-pod",
    "prefill-decode",
    "rag-qdrant",
    "tune-and-serve",
    "tune-on-volumes",
)
"""Examples that are also made on a cluster: together they hold every kind and every way to get nodes."""
OPEN = ("", "apps", "batch", "networking.k8s.io", "storage.k8s.io", "rbac.authorization.k8s.io", "helm.sh", "core")
"""Groups that every API server has, or that only the provider knows."""
REFERENCES = ROOT / "stacks" / "workloads" / "references.json"


def _row(name: str, config: dict[str, str], words: str) -> Any:
    folder = ROOT / "stacks" / name
    return pytest.param(name, folder, folder / "Pulumi.yaml", config, id=words)


def _example(name: str) -> Any:
    folder = EXAMPLES / name
    return pytest.param(f"../docs/examples/{name}", folder, folder / "Pulumi.yaml", {}, id=f"example {name}")


EXISTING = {"nodes": "existing", "nodeLabel": "apps=lab-gpu"}
STACKS = [
    pytest.param("quickstart", ROOT, ROOT / "Pulumi.yaml", EXISTING, id="quickstart on existing nodes"),
    _row("chat-and-docs", {}, "chat and docs"),
    _row("npc", {}, "characters of a game"),
    _row("platform", {"provisioner": "byo", "pools": POOLS}, "platform with pools"),
    _row("workloads", {}, "workloads on the platform"),
    _row("multi-team", {}, "several teams"),
    *map(_example, UPDATED),
]
PREVIEWED = [
    *STACKS,
    _row("platform", {}, "platform with gpu-provisioner"),
    *(_example(name) for name in sorted(path.parent.name for path in EXAMPLES.glob("*/__main__.py")) if name not in UPDATED),
]
needs_cluster = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
    ),
]


@dataclass(frozen=True)
class Prepared:
    """One program ready to run, and its plan."""

    engine: Any
    plan: Plan

    @property
    def namespaces(self) -> list[str]:
        """Gives the namespaces of its objects; those that it makes itself are not there before."""
        metadata = [resource.inputs["metadata"] for resource in self.plan.resources if "metadata" in resource.inputs]
        return sorted({one.get("namespace", "default") for one in metadata if isinstance(one.get("namespace", ""), str)})

    def made(self) -> set[str]:
        kinds = [resource for resource in self.plan.resources if resource.type == "kubernetes:core/v1:Namespace"]
        return {resource.inputs["metadata"]["name"] for resource in kinds}

    def foreign(self) -> set[str]:
        """Gives kind and group of its custom resources."""
        types = [re.fullmatch(r"kubernetes:([^/]+)/[^:]+:(\w+)", resource.type) for resource in self.plan.resources]
        return {f"{found[2]}.{found[1]}" for found in types if found and found[1] not in OPEN}


def prepared(cli: Any, row: tuple[str, Path, Path, dict[str, str]], kubeconfig: Path | None = None) -> Prepared:
    """Gives a program with what it needs around it: the simulated Azure, charts, the platform's outputs."""
    stack, program, project, config = row
    references = REFERENCES if stack == "workloads" else None
    plan = make_plan(Program(program, config=config, references=references))
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == []
    engine = cli(stack, project, config, kubeconfig)
    credentials = _marked(kubeconfig) if kubeconfig else "apiVersion: v1\nkind: Config\n"
    types = {resource.type for resource in plan.resources}
    adopted = "adopt_id" in (engine.program / "__main__.py").read_text()
    if adopted or any(type.startswith("azure-native:") for type in types):
        engine.with_azure(credentials, adopted=adopted)
    if "kubernetes:helm.sh/v3:Release" in types:
        engine.with_stub_charts()
    if references:
        for name, outputs in json.loads(references.read_text()).items():
            engine.with_stack(name.split("/")[1], outputs | {"kubeconfig": _secret(credentials)})
    return Prepared(engine, plan)


def _marked(kubeconfig: Path) -> str:
    """Gives the credentials of the cluster with a text that can be looked for."""
    return f"{kubeconfig.read_text()}# {SECRETS['kubeconfig']}\n"


def _secret(text: str) -> dict[str, str]:
    """Gives an output as a state with its secrets shown has it."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(text)}


@pytest.mark.parametrize(("stack", "program", "project", "config"), PREVIEWED)
def test_preview_is_the_plan(cli: Any, stack: str, program: Path, project: Path, config: dict[str, str]) -> None:
    """The CLI previews the same resources, with the same parents, as the offline plan; Azure is simulated, charts are stubs."""
    found = prepared(cli, (stack, program, project, config))
    names = {resource.urn: resource.name for resource in found.plan.resources}
    planned = [(resource.type, resource.name, names.get(resource.parent or "", "")) for resource in found.plan.resources]
    assert found.engine.tree() == sorted(planned)


READY = {
    "Workspace": "WorkspaceSucceeded",
    "RAGEngine": "RAGEngineSucceeded",
    "InferenceSet": "InferenceSetReady",
    "MultiRoleInference": "Ready",
    "ModelMirror": "Ready",
}
"""Kind to the condition of its success."""
KINDS = ",".join(READY).lower()


class Controller(threading.Thread):
    """Stands in for KAITO: says of every object of its kinds that it succeeded."""

    def __init__(self, namespaces: list[str]) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.namespaces = namespaces

    def run(self) -> None:
        while not self.done.wait(0.3):
            for namespace in self.namespaces:
                for found in json.loads(_kubectl("get", KINDS, "--namespace", namespace, "--output", "json") or "{}").get(
                    "items", ()
                ):
                    if not found.get("status", {}).get("conditions"):
                        self.succeed(found["kind"], found["metadata"])

    def succeed(self, kind: str, metadata: dict[str, str]) -> None:
        time = "2026-01-01T00:00:00Z"
        condition = {"type": READY[kind], "status": "True", "reason": "Ready", "message": "", "lastTransitionTime": time}
        phase = {"phase": "Ready", "modelPath": "/models"} if kind == "ModelMirror" else {}
        patch = json.dumps({"status": {"conditions": [condition], **phase}})
        place = ("--namespace", metadata["namespace"]) if "namespace" in metadata else ()
        _kubectl("patch", kind.lower(), metadata["name"], *place, "--subresource=status", "--type=merge", "--patch", patch)


def _kubectl(*words: str) -> str:
    return subprocess.run(["kubectl", "--kubeconfig", str(KUBECONFIG), *words], capture_output=True, text=True, timeout=60).stdout


def _lacking(foreign: set[str]) -> list[str]:
    """Gives the kinds that the API server does not serve."""
    rows = [line.split() for line in _kubectl("api-resources", "--no-headers").splitlines()]
    served = {f"{row[-1]}.{row[-3].rpartition('/')[0]}" for row in rows}
    return sorted(foreign - served)


@pytest.mark.parametrize(
    ("stack", "program", "project", "config"), [pytest.param(*row.values, id=row.id, marks=needs_cluster) for row in STACKS]
)
def test_update_is_followed_by_no_change(cli: Any, stack: str, program: Path, project: Path, config: dict[str, str]) -> None:
    """After an update neither preview nor refresh finds a difference, nothing holds credentials, and destroy leaves nothing."""
    found = prepared(cli, (stack, program, project, config), Path(str(KUBECONFIG)))
    if lacking := _lacking(found.foreign()):
        pytest.skip(f"the API server has no {', '.join(lacking)}")
    engine = found.engine
    # the guard of an operator looks at the whole cluster, which is not this test's alone; test_platform is about it
    engine.run("config", "set", "kaito-iac:defaults", json.dumps({"KaitoOperator": {"guard": False}}))
    brought = [name for name in found.namespaces if name not in found.made()]
    for name in brought:
        _kubectl("create", "namespace", name)
    kaito = Controller([*found.namespaces])
    kaito.start()
    shown: list[str] = []
    try:
        shown.append(engine.run("up", "--yes", "--skip-preview"))
        preview = engine.run("preview", "--json")
        changed = {
            step["urn"]: step.get("detailedDiff") or step.get("diffReasons")
            for step in json.loads(preview)["steps"]
            if step["op"] not in ("same", "read")
        }
        assert changed == {}
        shown.append(engine.run("refresh", "--yes", "--skip-preview", "--expect-no-changes"))
        shown += [preview, engine.run("stack", "export"), engine.run("stack", "output", "--json")]
    finally:
        engine.run("state", "unprotect", "--all", "--yes")
        shown.append(engine.run("destroy", "--yes", "--skip-preview"))
        kaito.done.set()
        kaito.join()
    assert leaks("".join([*shown, *engine.talk]), SECRETS) == []
    assert [_kubectl("get", KINDS, "--namespace", namespace, "--output", "name") for namespace in found.namespaces] == [
        "" for _ in found.namespaces
    ]
