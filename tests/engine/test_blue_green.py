"""A Workspace replaced blue/green under the real engine: the new one first, then what uses its endpoint, the old one last."""

import json
import os
import re
import shutil
import subprocess
import threading
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
SPACE = "blue-green-engine"
PROGRAM = """
import pulumi

import kaito_iac as kaito

config, place = pulumi.Config(), {"namespace": "blue-green-engine"}
token = pulumi.Output.from_input("hf")
args = {"instance_type": "Standard_NC24ads_A100_v4", "context": 8192, "timeout_minutes": 1}
args["replacement"] = config.get("replacement") or "blueGreen"
chat = kaito.KaitoWorkspace("chat", {**place, **args, "preset": config.require("preset"), "access_secret": token})
kaito.KaitoRagEngine("docs", {**place, "llm": chat.endpoint, "instance_type": "Standard_D8s_v5"})
endpoints = {"chat": {"endpoint": chat.endpoint, "models": ["chat"]}}
kaito.InferenceGateway("edge", {**place, "endpoints": endpoints, "auth": "none", "expose": "cluster", "wait": False})
pulumi.export("chat", chat.endpoint)
"""
STEP = re.compile(r"\s*(\+\+|--|\+|-|~)\s+(\S+)\s+(\S+) (created|updated|deleted)( replacement| original)?\b")


def kubectl(*words: str) -> str:
    return subprocess.run(["kubectl", "--kubeconfig", str(KUBECONFIG), *words], capture_output=True, text=True, timeout=60).stdout


class Controller(threading.Thread):
    """Simulates KAITO: says of every Workspace and RAGEngine that it succeeded."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done, self.idle = threading.Event(), threading.Event()

    def run(self) -> None:
        told = {"status": "True", "reason": "Ready", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}
        while not self.done.wait(0.3):
            for kind, type_ in (("workspace", "WorkspaceSucceeded"), ("ragengine", "RAGEngineSucceeded")):
                patch = json.dumps({"status": {"conditions": [{**told, "type": type_}]}})
                for found in () if self.idle.is_set() else kubectl("get", kind, "-n", SPACE, "-o", "name").split():
                    kubectl("patch", found, "-n", SPACE, "--subresource=status", "--type=merge", "--patch", patch)


@pytest.fixture
def engine(cli: Any, tmp_path: Path) -> Any:
    """Return the CLI on the program, with a controller of KAITO's while it lasts; destroy leaves nothing."""
    folder = tmp_path / "moved"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "Pulumi.yaml").write_text("name: moved\nruntime: {name: python}\n")
    kubectl("create", "namespace", SPACE)
    made = cli(str(folder), folder / "Pulumi.yaml", {"preset": "phi-4-mini-instruct"}, Path(str(KUBECONFIG)))
    kaito = Controller()
    kaito.start()
    made.kaito = kaito
    try:
        yield made
    finally:
        kaito.idle.clear()
        made.run("destroy", "--yes", "--skip-preview")
        kaito.done.set()
        kaito.join()
    left = kubectl("get", "workspace,ragengine,httproute,configmap", "-n", SPACE, "-o", "name").split()
    assert left in ([], ["configmap/kube-root-ca.crt"])


def steps(engine: Any) -> list[str]:
    """Updates, and gives what was done to which object, in the order it was finished."""
    found = map(STEP.match, engine.run("up", "--yes", "--skip-preview").splitlines())
    return [f"{row[3]} {row[4]}{row[5] or ''}" for row in found if row]


def served(engine: Any) -> tuple[str, str, str, list[str]]:
    """Return who the endpoint, the route and the RAG engine call, and which Workspaces there are."""
    url = json.loads(engine.run("stack", "output", "--json"))["chat"]["url"]
    route = json.loads(kubectl("get", "httproute", "edge-chat", "-n", SPACE, "-o", "json"))["spec"]["rules"][0]["backendRefs"][0]
    rag = json.loads(kubectl("get", "ragengine", "docs", "-n", SPACE, "-o", "json"))["spec"]["inferenceService"]["url"]
    there = kubectl("get", "workspace", "-n", SPACE, "-o", "jsonpath={.items[*].metadata.name}").split()
    return _service(url), route["name"], _service(rag), there


def _service(url: str) -> str:
    return url.removeprefix("http://").partition(".")[0]


def no_change(engine: Any) -> bool:
    changes = {step["op"] for step in json.loads(engine.run("preview", "--json"))["steps"]}
    return changes == {"same"}


def test_replacement_moves_the_endpoint(engine: Any) -> None:
    """A new preset makes a Workspace of another name, moves gateway and RAG engine there, then removes the old one."""
    engine.run("up", "--yes", "--skip-preview")
    blue, *others = served(engine)
    assert others == [blue, blue, [blue]]
    assert no_change(engine)
    engine.run("config", "set", "preset", "phi-4")
    done = steps(engine)
    assert (done[0], done[-1]) == ("chat-workspace created replacement", "chat-workspace deleted original")
    assert sorted(done[1:-1]) == ["docs-ragengine updated", "edge-chat-route updated"]
    green, *others = served(engine)
    assert others == [green, green, [green]]
    assert green != blue
    assert no_change(engine)
    engine.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")


def test_a_failed_replacement_leaves_the_old_one(engine: Any) -> None:
    """Where the new Workspace cannot be made, the old one stays and everything still points to it."""
    engine.run("up", "--yes", "--skip-preview")
    blue = served(engine)
    engine.run("config", "set", "preset", "phi-4")
    kubectl("create", "quota", "closed", "-n", SPACE, "--hard=count/workspaces.kaito.sh=1")
    engine.run("up", "--yes", "--skip-preview", fails=True)
    assert (served(engine)[1:3], served(engine)[3]) == (blue[1:3], blue[3])
    kubectl("delete", "quota", "closed", "-n", SPACE)
    engine.run("up", "--yes", "--skip-preview")
    green, *others = served(engine)
    assert others == [green, green, [green]]
    assert no_change(engine)


def test_one_that_never_gets_ready_leaves_the_old_one(engine: Any) -> None:
    """Where the new Workspace is made and does not answer, the old one stays until it does, over as many updates as it takes."""
    engine.run("up", "--yes", "--skip-preview")
    blue = served(engine)
    engine.run("config", "set", "preset", "phi-4")
    engine.kaito.idle.set()
    for _ in range(2):
        engine.run("up", "--yes", "--skip-preview", fails=True)
        assert served(engine)[1:3] == blue[1:3]
        assert blue[0] in served(engine)[3]
    engine.kaito.idle.clear()
    engine.run("up", "--yes", "--skip-preview")
    green, *others = served(engine)
    assert others == [green, green, [green]]
    assert no_change(engine)


def test_changing_the_mode_is_a_replacement(engine: Any) -> None:
    """From blueGreen to recreate the name loses its suffix: the old Workspace goes first, and the endpoint moves."""
    engine.run("up", "--yes", "--skip-preview")
    (urn,) = (
        one["urn"]
        for one in json.loads(engine.run("stack", "export"))["deployment"]["resources"]
        if "chat-workspace" in one["urn"]
    )
    engine.run("up", "--yes", "--skip-preview", "--replace", urn, fails=True)  # the name is still taken
    engine.run("config", "set", "replacement", "recreate")
    done = steps(engine)
    assert done.index("chat-workspace deleted original") < done.index("chat-workspace created replacement")
    assert served(engine) == ("chat", "chat", "chat", ["chat"])
    assert no_change(engine)
