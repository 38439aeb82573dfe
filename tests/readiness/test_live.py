"""`kaito-iac wait` and `leftovers` against a real API server, with this test in the place of KAITO's controllers."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIG_DFL, SIGINT
from signal import signal as restore
from typing import Any

import pytest
import yaml

KUBECONFIG = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
SPACE = "gate-live"
LONG_AGO = "2026-01-01T00:00:00Z"
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        KUBECONFIG is None or shutil.which("kubectl") is None, reason="no KAITO_IAC_TEST_KUBECONFIG with kubectl on PATH"
    ),
]


def kubectl(*words: str, stdin: Any = None) -> str:
    text = None if stdin is None else json.dumps(stdin)
    done = subprocess.run(
        ["kubectl", "--kubeconfig", str(KUBECONFIG), *words], input=text, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 or words[0] == "delete", done.stderr
    return done.stdout


def create(kind: str, name: str, version: str, *, status: Any = None, **fields: Any) -> None:
    """Creates an object, and writes its status as a controller would."""
    metadata = {"name": name, **fields.pop("metadata", {})}
    kubectl("apply", "--server-side", "-f", "-", stdin={"apiVersion": version, "kind": kind, "metadata": metadata, **fields})
    if status:
        place = ["-n", metadata["namespace"]] if "namespace" in metadata else []
        kubectl("patch", kind, name, *place, "--subresource=status", "--type=merge", "-p", json.dumps({"status": status}))


def condition(type_: str, status: str, reason: str = "Said", message: str = "", generation: int = 1) -> dict[str, Any]:
    return {
        "type": type_,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": LONG_AGO,
        "observedGeneration": generation,
    }


PENDING = condition("WorkspaceSucceeded", "False", "workspacePending", "workspace is waiting for inference workload readiness")


def workspace(name: str, *conditions: dict[str, Any], **metadata: Any) -> None:
    resource = {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": name}}}
    create(
        "Workspace",
        name,
        "kaito.sh/v1beta1",
        metadata={"namespace": SPACE, **metadata},
        resource=resource,
        inference={"preset": {"name": "phi-4"}},
        status={"conditions": list(conditions), "targetNodeCount": 1} if conditions else None,
    )


def claim(name: str, owner: str, *conditions: dict[str, Any]) -> None:
    labels = {"kaito.sh/workspace": owner, "kaito.sh/workspacenamespace": SPACE, "gate-live": "yes"}
    spec = {
        "nodeClassRef": {"group": "kaito.sh", "kind": "KaitoNodeClass", "name": "default"},
        "requirements": [{"key": "karpenter.sh/nodepool", "operator": "In", "values": ["kaito"]}],
    }
    status = {"conditions": list(conditions)}
    create("NodeClaim", name, "karpenter.sh/v1", metadata={"labels": labels}, spec=spec, status=status)


def pod(name: str, owner: str, *statuses: dict[str, Any]) -> None:
    """Makes a pod that stays pending, in the place of a kubelet's."""
    labels = {"kaito.sh/workspace": owner}
    metadata = {"namespace": SPACE, "labels": labels, "annotations": {"lab.kaito/hold": "true"}}
    spec = {"containers": [{"name": "chat", "image": "example/app:1"}], "nodeName": "lab-gpu-0"}
    create("Pod", name, "v1", metadata=metadata, spec=spec, status={"containerStatuses": list(statuses)} if statuses else None)


def waiting(reason: str, message: str, restarts: int = 0) -> dict[str, Any]:
    return {
        "name": "chat",
        "image": "example/app:1",
        "imageID": "",
        "ready": False,
        "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": message}},
    }


@pytest.fixture(autouse=True)
def space() -> Iterator[None]:
    """Return an empty namespace, and removes what a test made."""
    create("Namespace", SPACE, "v1")
    yield
    kubectl("delete", "nodeclaim", "-l", "gate-live=yes", "--wait=false")
    for name in kubectl("get", "workspace", "-n", SPACE, "-o", "name").split():
        kubectl("patch", name, "-n", SPACE, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    kubectl("delete", "workspace,pod,event,serviceaccount", "--all", "-n", SPACE, "--force", "--grace-period=0", "--wait=true")


def command(
    *words: str, kubeconfig: str | None = KUBECONFIG, signal: Callable[[Any], None] | None = None
) -> tuple[int, str, list[str]]:
    """Runs kaito-iac; gives its exit code, its answer, and what it reported meanwhile."""
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "PYTHONPATH": str(Path(__file__).parents[2]), "NO_COLOR": "1"}
    started = subprocess.Popen(
        [sys.executable, "-m", "kaito_iac.cli.main", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=lambda: restore(SIGINT, SIG_DFL),  # a job in the background of a shell ignores it
    )
    if signal:
        signal(started)
    out, said = started.communicate(timeout=90)
    return started.returncode, out, said.splitlines()


def after_first_line(act: Callable[[], None]) -> Callable[[Any], None]:
    """Return a step that acts when the command has reported that it waits."""

    def step(started: Any) -> None:
        first = started.stderr.readline()
        assert ": waiting for " in first, first
        act()

    return step


def test_ready_when_the_controller_says_so() -> None:
    """The wait goes on until the condition holds for the present specification, and says each step once."""
    workspace("chat", PENDING, condition("NodesReady", "False"))

    def act() -> None:
        claim(
            "wsgatelive1", "chat", condition("Launched", "Unknown", "AwaitingReconciliation", "object is awaiting reconciliation")
        )
        workspace("chat", condition("WorkspaceSucceeded", "True", "workspaceSucceeded", "workspace succeeds"))

    code, out, said = command("wait", "workspace/chat", "-n", SPACE, signal=after_first_line(act))
    assert (code, out) == (0, f"Workspace/chat in {SPACE}: ready\n")
    assert said[-1] == f"Workspace/chat in {SPACE}: ready"


def test_quota_is_told_within_seconds() -> None:
    """A NodeClaim that has been refused for long ends the wait at once, as JSON with every field."""
    workspace("chat", PENDING, condition("NodesReady", "False"))
    claim("wsgatelive1", "chat", condition("Launched", "Unknown", "LaunchFailed", "QuotaExceeded: 24 of 24 vCPUs"))
    code, out, _ = command("wait", "--all", "-n", SPACE, "--json")
    (found,) = json.loads(out)
    assert (code, found["state"], found["budgetSeconds"]) == (1, "hopeless", 3060)
    assert [(one["code"], one["path"], one["found"]) for one in found["problems"]] == [
        ("KO450", "NodeClaim/wsgatelive1", "quota refused: Launched: LaunchFailed: QuotaExceeded: 24 of 24 vCPUs")
    ]


def test_image_is_told_with_the_event() -> None:
    """A back-off that has lasted is reported with the words of the kubelet's event."""
    workspace("chat", PENDING)
    pod("chat-0", "chat", waiting("ImagePullBackOff", "Back-off pulling image"))
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "chat-0.1", "namespace": SPACE},
        "involvedObject": {"kind": "Pod", "name": "chat-0", "namespace": SPACE},
        "type": "Warning",
        "reason": "Failed",
        "message": "Failed to pull image: manifest unknown",
        "firstTimestamp": LONG_AGO,
        "lastTimestamp": LONG_AGO,
    }
    kubectl("create", "-f", "-", stdin=event)
    code, out, _ = command("wait", "wk/chat", "-n", SPACE)
    assert code == 1
    assert out == (
        f"Workspace/chat in {SPACE}: hopeless\n"
        "  Pod/chat-0, container chat: image does not exist: ImagePullBackOff: Failed to pull image: manifest unknown [KO454]\n"
        "    fix: correct the name and tag of the image, or push it\n"
    )


def test_time_is_up() -> None:
    """A wait that shows no cause ends with an exit code of its own."""
    workspace("chat", PENDING)
    code, out, _ = command("wait", "workspace/chat", "-n", SPACE, "--timeout", "0.1")
    assert (code, out.splitlines()[0]) == (4, f"Workspace/chat in {SPACE}: not ready in time")


def test_interrupted() -> None:
    """Ctrl-C ends the wait with one line."""
    workspace("chat", PENDING)
    code, out, said = command("wait", "workspace/chat", "-n", SPACE, signal=_interrupt)
    assert (code, out, said[-1]) == (130, "", "kaito-iac: interrupted")


def _interrupt(started: Any) -> None:
    assert ": waiting for " in started.stderr.readline()
    started.send_signal(SIGINT)


def test_no_rights(tmp_path: Path) -> None:
    """A user without rights gets one line, in the words of the API server."""
    kubectl("create", "serviceaccount", "nobody", "-n", SPACE)
    token = kubectl("create", "token", "nobody", "-n", SPACE).strip()
    config = yaml.safe_load(Path(str(KUBECONFIG)).read_text())
    config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    code, out, said = command("wait", "workspace/chat", "-n", SPACE, kubeconfig=str(path))
    told = (
        f'workspaces.kaito.sh is forbidden: User "system:serviceaccount:{SPACE}:nobody" cannot list resource "workspaces" in '
        f'API group "kaito.sh" in the namespace "{SPACE}"'
    )
    assert (code, out, said) == (3, "", [f"kaito-iac: {told}"])


class Proxy:
    """Passes connections on to the API server, and can be away as one that restarts."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._open: list[socket.socket] = []
        self.port = 0
        self.start()

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Ends every connection, and refuses new ones."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        while self._open:
            one = self._open.pop()
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                here, _ = listener.accept()
            except OSError:
                return
            there = socket.create_connection(self._there)
            self._open += [here, there]
            for source, sink in ((here, there), (there, here)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def test_the_api_server_restarts(tmp_path: Path) -> None:
    """Connections that break and are refused for some seconds are sat out; the wait ends well afterwards."""
    workspace("chat", PENDING)
    config = yaml.safe_load(Path(str(KUBECONFIG)).read_text())
    host, _, port = config["clusters"][0]["cluster"]["server"].rpartition("/")[2].partition(":")
    proxy = Proxy(host, int(port))
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{proxy.port}"
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))

    def act(started: Any) -> None:
        assert ": waiting for " in started.stderr.readline()
        proxy.stop()
        assert started.stderr.readline().startswith(f"the API server https://127.0.0.1:{proxy.port} cannot be reached: ")
        proxy.start()
        assert started.stderr.readline() == "the API server answers again\n"
        workspace("chat", condition("WorkspaceSucceeded", "True", "workspaceSucceeded", "workspace succeeds"))

    code, out, said = command("wait", "workspace/chat", "-n", SPACE, kubeconfig=str(path), signal=act)
    proxy.stop()
    assert (code, out, said) == (0, f"Workspace/chat in {SPACE}: ready\n", [f"Workspace/chat in {SPACE}: ready"])


def test_leftovers() -> None:
    """A workspace that its finalizer holds without an operator, and a node no one owns, are found with what to do."""
    workspace("chat", PENDING, finalizers=["workspace.finalizer.kaito.sh"])
    kubectl("delete", "workspace", "chat", "-n", SPACE, "--wait=false")
    claim("wsgatelive1", "gone", condition("Launched", "True"))
    code, out, said = command("leftovers", "--json")
    found = {one["path"]: one for one in json.loads(out)["leftovers"]}
    stuck, node = found[f"Workspace/chat in {SPACE}"], found["NodeClaim/wsgatelive1"]
    assert code == 1
    assert stuck["found"].startswith("being deleted for ")
    assert stuck["found"].endswith(" s, held by workspace.finalizer.kaito.sh, and the operator is gone")
    assert node == {
        "code": "KO477",
        "path": "NodeClaim/wsgatelive1",
        "found": f"made for Workspace {SPACE}/gone, which is gone: it may still cost money",
        "accepted": "",
        "fix": "kubectl delete nodeclaim wsgatelive1",
        "severity": "error",
    }
    assert said[-1].startswith("only the cluster was looked at: ")
