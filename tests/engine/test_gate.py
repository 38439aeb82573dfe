"""The readiness gate in a program under the real engine, with this test in the place of KAITO's controllers."""

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

pytest.importorskip("kubernetes")
KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
pytestmark = [
    pytest.mark.engine,
    pytest.mark.cluster,
    pytest.mark.skipif(
        KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
    ),
]
SPACE = "gate-engine"
LONG_AGO = "2026-01-01T00:00:00Z"
PROGRAM = """
import os
from pathlib import Path

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
provider = pulumi.ProviderResource("kubernetes", "lab", {"kubeconfig": pulumi.Output.secret(Path(os.environ["LAB"]).read_text())})
inside = pulumi.ResourceOptions(provider=provider)
args = {"preset": "phi-4", "instance_type": "Standard_NC24ads_A100_v4", "namespace": "gate-engine", "wait": False}
if config.get_bool("adapter"):
    args["adapters"] = [{"name": "a", "image": "example.azurecr.io/a:1"}]
chat = kaito.KaitoWorkspace("chat", args | {"labels": {"team": config.get("team") or "a"}}, inside)
gate = kaito.ReadinessGate("gate", {"workload": chat})
pulumi.export("endpoint", gate.endpoint)
"""


def kubectl(*words: str, stdin: Any = None) -> str:
    text = None if stdin is None else json.dumps(stdin)
    done = subprocess.run(
        ["kubectl", "--kubeconfig", str(KUBECONFIG), *words], input=text, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def condition(type_: str, status: str, reason: str, message: str, generation: int) -> dict[str, Any]:
    return {
        "type": type_,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": LONG_AGO,
        "observedGeneration": generation,
    }


def say(status: str, generation: int) -> None:
    """Writes the summary of the Workspace as KAITO would."""
    told = condition("WorkspaceSucceeded", status, "Said", "said by the test", generation)
    patch = json.dumps({"status": {"conditions": [told]}})
    kubectl("patch", "workspace", "chat", "-n", SPACE, "--subresource=status", "--type=merge", "-p", patch)


def refuse(message: str) -> None:
    """Makes a NodeClaim that the cloud refuses."""
    labels = {"kaito.sh/workspace": "chat", "kaito.sh/workspacenamespace": SPACE, "gate-engine": "yes"}
    reference = {"group": "kaito.sh", "kind": "KaitoNodeClass", "name": "default"}
    requirement = {"key": "karpenter.sh/nodepool", "operator": "In", "values": ["kaito"]}
    spec = {"nodeClassRef": reference, "requirements": [requirement]}
    metadata = {"name": "wsgateengine", "labels": labels}
    kubectl("create", "-f", "-", stdin={"apiVersion": "karpenter.sh/v1", "kind": "NodeClaim", "metadata": metadata, "spec": spec})
    patch = json.dumps({"status": {"conditions": [condition("Launched", "Unknown", "LaunchFailed", message, 1)]}})
    kubectl("patch", "nodeclaim", "wsgateengine", "--subresource=status", "--type=merge", "-p", patch)


@pytest.fixture
def engine(cli: Any, tmp_path: Path, monkeypatch: Any) -> Any:
    """Return the CLI on the program; the environment names no cluster, only the provider does."""
    folder = tmp_path / "gated"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "Pulumi.yaml").write_text("name: gated\nruntime: {name: python}\n")
    monkeypatch.setenv("LAB", str(KUBECONFIG))
    kubectl("create", "namespace", SPACE)
    made = cli(str(folder), folder / "Pulumi.yaml", {})
    yield made
    made.run("cancel", "--yes")
    made.run("destroy", "--yes", "--skip-preview")
    kubectl("delete", "nodeclaim", "-l", "gate-engine=yes")


def up(engine: Any, generation: int) -> tuple[str, bool]:
    """Update, and set the Workspace ready when the gate has reported that it waits; return the output and whether it did."""
    started = start(engine)
    waited = wait_for(started, ": waiting for ")
    if waited:
        say("True", generation)
    out, _ = started.communicate(timeout=120)
    assert started.returncode == 0, out
    return out, waited


def start(engine: Any, what: str = "up") -> Any:
    words = ["pulumi", what, "--yes", "--skip-preview", "--non-interactive"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(words, cwd=engine.program, env=engine.environment, text=True, start_new_session=True, **streams)


def wait_for(started: Any, words: str) -> bool:
    """Reads the output until the words; states whether they came."""
    return any(words in line for line in started.stdout)


def steps(engine: Any) -> dict[str, str]:
    preview = json.loads(engine.run("preview", "--json"))
    return {step["urn"].rpartition("::")[2]: step["op"] for step in preview["steps"] if step["op"] != "same"}


def opened(engine: Any) -> list[Any]:
    """Return the inputs of the gate's Stash in the state."""
    found = json.loads(engine.run("stack", "export"))["deployment"]["resources"]
    return [one["inputs"]["input"] for one in found if one["type"] == "pulumi:index:Stash"]


def test_the_gate_through_the_life_of_a_workload(engine: Any) -> None:
    """A refused quota fails the update with its cause; killed and failed waits are waited for again; only a changed
    specification waits anew; the state holds nothing of the kubeconfig; a killed destroy goes on."""
    refuse("QuotaExceeded: 24 of 24 vCPUs")
    said = engine.run("up", "--yes", "--skip-preview", fails=True)
    assert (
        "before hook \"gate-ready\" failed: ReadinessGate 'gate': 1 problem\n"
        "      NodeClaim/wsgateengine: quota refused: Launched: LaunchFailed: QuotaExceeded: 24 of 24 vCPUs [KO450]\n"
        "        fix: ask for more vCPUs of this family in this region"
    ) in said
    assert opened(engine) == []
    kubectl("delete", "nodeclaim", "wsgateengine")

    killed = start(engine)
    assert wait_for(killed, ": waiting for ")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)
    engine.run("cancel", "--yes")
    assert opened(engine) == []

    assert up(engine, 1)[1]
    (first,) = opened(engine)
    assert (first["kind"], first["namespace"], first["name"], first["generation"]) == ("Workspace", SPACE, "chat", 1)
    endpoint = json.loads(engine.run("stack", "output", "endpoint", "--json"))
    assert endpoint["url"] == f"http://chat.{SPACE}.svc.cluster.local/v1"

    assert steps(engine) == {}
    began = time.monotonic()
    assert not up(engine, 1)[1]
    assert time.monotonic() - began < 60

    engine.run("config", "set", "team", "b")
    assert set(steps(engine)) == {"chat-workspace"}
    assert not up(engine, 1)[1]

    engine.run("config", "set", "adapter", "true")
    assert steps(engine) == {"chat-workspace": "update", "gate-opened": "update"}
    assert up(engine, 2)[1]
    (second,) = opened(engine)
    assert (second["uid"], second["generation"]) == (first["uid"], 2)

    state = engine.run("stack", "export")
    for secret in ("client-key-data", "client-certificate-data", "BEGIN CERTIFICATE"):
        assert secret not in state

    kubectl("patch", "workspace", "chat", "-n", SPACE, "--type=merge", "-p", '{"metadata":{"finalizers":["gate.test/held"]}}')
    stopped = start(engine, "destroy")
    assert wait_for(stopped, "chat-workspace deleting")
    os.killpg(stopped.pid, signal.SIGKILL)
    stopped.communicate(timeout=60)
    engine.run("cancel", "--yes")
    kubectl("patch", "workspace", "chat", "-n", SPACE, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    engine.run("destroy", "--yes", "--skip-preview")
    assert kubectl("get", "workspace,configmap", "-n", SPACE, "-o", "name").split() == ["configmap/kube-root-ca.crt"]


GUARDED = """
import os

import pulumi

import kaito_iac as kaito

hook = kaito.operator_guard("operator", kubeconfig=os.environ["GUARDED"])
guarded = pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_delete=[hook]))
pulumi.Stash("operator", input="the chart", opts=guarded)
"""


class ApiServer(BaseHTTPRequestHandler):
    """Simulates the API server of a cluster that no one else uses."""

    workspaces: ClassVar[list[Any]] = []

    def do_GET(self) -> None:
        items = self.workspaces if self.path.partition("?")[0].endswith("/workspaces") else []
        body = json.dumps({"items": items}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_the_operator_is_not_removed_while_it_is_needed(cli: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """Destroy without the program is refused by Pulumi, with a workload in the cluster by the guard, and works without one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), ApiServer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    config = {
        "current-context": "it",
        "clusters": [{"name": "it", "cluster": {"server": f"http://127.0.0.1:{server.server_address[1]}"}}],
        "users": [{"name": "it", "user": {"token": "t"}}],
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
    }
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    folder = tmp_path / "guarded"
    folder.mkdir()
    (folder / "__main__.py").write_text(GUARDED)
    (folder / "Pulumi.yaml").write_text("name: guarded\nruntime: {name: python}\n")
    monkeypatch.setenv("GUARDED", str(tmp_path / "kubeconfig"))
    engine = cli(str(folder), folder / "Pulumi.yaml", {})
    engine.run("up", "--yes", "--skip-preview")
    engine.run("destroy", "--yes", "--skip-preview", fails=True)
    ApiServer.workspaces = [{"metadata": {"name": "chat", "namespace": "models"}}]
    said = engine.run("destroy", "--yes", "--skip-preview", "--run-program", fails=True)
    assert (
        "before hook \"operator-guard\" failed: 'operator' cannot be removed: 1 problem\n"
        "      Workspace/chat in models: still there; the operator cannot go before it [KO478]\n"
        "        fix: destroy it first, with the stack that made it: without its operator nothing removes its nodes"
    ) in said
    ApiServer.workspaces = []
    engine.run("destroy", "--yes", "--skip-preview", "--run-program")
    assert json.loads(engine.run("stack", "export"))["deployment"].get("resources") in (None, [])
    server.shutdown()
    server.server_close()
