"""Stacks and examples under the real engine: the preview is the plan, an update is followed by no change and leaves no secret."""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
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
        """Return the namespaces of its objects; those that it makes itself are not there before."""
        metadata = [resource.inputs["metadata"] for resource in self.plan.resources if "metadata" in resource.inputs]
        return sorted({one.get("namespace", "default") for one in metadata if isinstance(one.get("namespace", ""), str)})

    def made(self) -> set[str]:
        kinds = [resource for resource in self.plan.resources if resource.type == "kubernetes:core/v1:Namespace"]
        return {resource.inputs["metadata"]["name"] for resource in kinds}

    def foreign(self) -> set[str]:
        """Return kind and group of its custom resources."""
        types = [re.fullmatch(r"kubernetes:([^/]+)/[^:]+:(\w+)", resource.type) for resource in self.plan.resources]
        return {f"{found[2]}.{found[1]}" for found in types if found and found[1] not in OPEN}


def prepared(cli: Any, row: tuple[str, Path, Path, dict[str, str]], kubeconfig: Path | None = None) -> Prepared:
    """Return a program with what it needs around it: the simulated Azure, charts, the platform's outputs."""
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
    """Return the credentials of the cluster with a text that can be looked for."""
    return f"{kubeconfig.read_text()}# {SECRETS['kubeconfig']}\n"


def _secret(text: str) -> dict[str, str]:
    """Return an output as a state with its secrets shown has it."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(text)}


@pytest.mark.parametrize(("stack", "program", "project", "config"), PREVIEWED)
def test_preview_is_the_plan(cli: Any, stack: str, program: Path, project: Path, config: dict[str, str]) -> None:
    """The CLI previews the same resources, with the same parents, as the offline plan; Azure is simulated, charts are stubs."""
    found = prepared(cli, (stack, program, project, config))
    names = {resource.urn: resource.name for resource in found.plan.resources}
    planned = [(resource.type, resource.name, names.get(resource.parent or "", "")) for resource in found.plan.resources]
    assert found.engine.tree() == sorted(planned)


READY = {
    "Workspace.kaito.sh": "WorkspaceSucceeded",
    "RAGEngine.kaito.sh": "RAGEngineSucceeded",
    "InferenceSet.kaito.sh": "InferenceSetReady",
    "MultiRoleInference.kaito.sh": "Ready",
    "ModelMirror.kaito.sh": "Ready",
    "Gateway.gateway.networking.k8s.io": "Programmed",
    "NodePool.karpenter.sh": "Ready",
}
"""Kind and group to the condition of its success."""
KINDS = ",".join(kind.lower() for kind in READY if kind.endswith(".kaito.sh"))
OPEN_KINDS = {"APIKey.kaito.sh": ("v1alpha1", "apikeys")}
"""Kinds whose schema is not published with KAITO: the test brings them without one where the API server has none."""


class Controller(threading.Thread):
    """Simulates KAITO, for the gateway's controller and for Karpenter: says of every object that it succeeded."""

    def __init__(self, kinds: set[str], namespaces: list[str]) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.places = {*namespaces, ""}
        self.kinds = ",".join(sorted(kinds & READY.keys()))

    def run(self) -> None:
        while self.kinds and not self.done.wait(1):
            seen = json.loads(_kubectl("get", self.kinds, "--all-namespaces", "--output", "json") or "{}")
            ours = (one for one in seen.get("items", ()) if one["metadata"].get("namespace", "") in self.places)
            for found in ours:
                condition = READY[f"{found['kind']}.{found['apiVersion'].partition('/')[0]}"]
                known = found.get("status", {}).get("conditions") or ()
                if not any(one["type"] == condition and one["status"] == "True" for one in known):
                    self.succeed(found, condition)

    def succeed(self, found: dict[str, Any], condition: str) -> None:
        kind, metadata = found["kind"], found["metadata"]
        time = "2026-01-01T00:00:00Z"
        told = {"type": condition, "status": "True", "reason": "Ready", "message": "", "lastTransitionTime": time}
        more = {
            "ModelMirror": {"phase": "Ready", "modelPath": "/models"},
            "NodePool": {"nodes": found.get("spec", {}).get("replicas")},
        }
        patch = json.dumps({"status": {"conditions": [told], **more.get(kind, {})}})
        place = ("--namespace", metadata["namespace"]) if "namespace" in metadata else ()
        full = f"{kind.lower()}.{found['apiVersion'].partition('/')[0]}"
        _kubectl("patch", full, metadata["name"], *place, "--subresource=status", "--type=merge", "--patch", patch)


def _kubectl(*words: str, given: Any = None) -> str:
    command = ["kubectl", "--kubeconfig", str(KUBECONFIG), *words]
    text = None if given is None else json.dumps(given)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, input=text).stdout


def _lacking(foreign: set[str]) -> list[str]:
    """Return the kinds that the API server does not serve."""
    rows = [line.split() for line in _kubectl("api-resources", "--no-headers").splitlines()]
    served = {f"{row[-1]}.{row[-3].rpartition('/')[0]}" for row in rows}
    return sorted(foreign - served)


def _bring(kind: str, version: str, plural: str) -> None:
    """Serves a kind that takes anything."""
    name, _, group = kind.partition(".")
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    versions = [{"name": version, "served": True, "storage": True, "schema": schema}]
    names = {"kind": name, "plural": plural, "singular": name.lower()}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": versions}
    metadata = {"name": f"{plural}.{group}"}
    crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": metadata, "spec": spec}
    _kubectl("apply", "--filename", "-", given=crd)
    _kubectl("wait", "--for=condition=Established", f"crd/{plural}.{group}", "--timeout=30s")


@pytest.fixture
def open_kinds() -> Iterator[None]:
    """Brings the kinds without a published schema, and takes away what it brought."""
    brought = [kind for kind in OPEN_KINDS if _lacking({kind})]
    for kind in brought:
        _bring(kind, *OPEN_KINDS[kind])
    yield
    for kind in brought:
        _kubectl("delete", "crd", f"{OPEN_KINDS[kind][1]}.{kind.partition('.')[2]}")


@pytest.mark.usefixtures("open_kinds")
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
    wanted = [name for name in found.namespaces if name not in found.made()]
    brought = [name for name in wanted if _kubectl("create", "namespace", name)]
    kaito = Controller(found.foreign(), found.namespaces)
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
        engine.run("cancel", "--yes")  # of an update that took too long
        engine.run("state", "unprotect", "--all", "--yes")
        shown.append(engine.run("destroy", "--yes", "--skip-preview"))
        kaito.done.set()
        kaito.join()
        for name in brought:
            _kubectl("delete", "namespace", name, "--timeout=50s")
    assert leaks("".join([*shown, *engine.talk]), SECRETS) == []
    assert [_kubectl("get", KINDS, "--namespace", namespace, "--output", "name") for namespace in found.namespaces] == [
        "" for _ in found.namespaces
    ]
