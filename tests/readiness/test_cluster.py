"""What the reader of a cluster makes of the answers of an API server, and the wait of what it makes of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaito_iac.readiness.cluster import Absent, Cluster, ClusterError, Forbidden, NoConfig, Unreachable, open_cluster
from kaito_iac.readiness.cluster_reader import Eye
from kaito_iac.readiness.follow import Wait
from kaito_iac.readiness.inventory import until_gone
from kaito_iac.readiness.snapshot import Snapshot
from kaito_iac.readiness.target import Target

pytest.importorskip("kubernetes")
Answer = Callable[[str, dict[str, list[str]]], tuple[int, Any]]
NO_MAPPING = "no cluster: the kubeconfig is no YAML mapping, with every key once"
CHAT = Target(kind="Workspace", namespace="models", name="chat")


@pytest.fixture
def server() -> Iterator[Any]:
    """Return a function that serves answers as an API server would, and opens it."""
    servers = []

    def serve(answer: Answer, headers: dict[str, str] | None = None) -> Cluster:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet for an answer

            def do_GET(self) -> None:
                split = urlsplit(self.path)
                status, data = answer(split.path, parse_qs(split.query))
                body = data.encode() if isinstance(data, str) else json.dumps(data).encode()
                self.send_response(status)
                for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        servers.append((made, thread))
        return open_cluster(kubeconfig=kubeconfig(made.server_address[1]))

    yield serve
    for made, thread in servers:
        made.shutdown()
        made.server_close()
        thread.join()


def kubeconfig(port: int) -> str:
    """Return the content of a kubeconfig for a server on this machine."""
    return f"""
apiVersion: v1
kind: Config
current-context: it
clusters: [{{name: it, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: it, user: {{token: geheim}}}}]
contexts: [{{name: it, context: {{cluster: it, user: it}}}}]
"""


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        pytest.param(403, Forbidden, "nodes is forbidden: User x cannot list", id="no right"),
        pytest.param(
            401,
            ClusterError,
            "the API server does not accept the credentials of the kubeconfig: nodes is forbidden: User x cannot list",
            id="no valid login, also after reading it again",
        ),
        pytest.param(
            404,
            ClusterError,
            "/api/v1/nodes is not there: the address of the kubeconfig is of no Kubernetes API server",
            id="no Kubernetes",
        ),
        pytest.param(429, Unreachable, "the API server answers 429: nodes is forbidden: User x cannot list", id="throttled"),
        pytest.param(503, Unreachable, "the API server answers 503: nodes is forbidden: User x cannot list", id="starting"),
        pytest.param(
            400, ClusterError, "the API server answers 400 to /api/v1/nodes: nodes is forbidden: User x cannot list", id="else"
        ),
    ],
)
def test_refusals(server: Any, status: int, kind: type[Exception], said: str) -> None:
    """A refusal is of a kind that says whether trying again may help, in the server's words."""
    cluster = server(lambda path, query: (status, {"message": "nodes is forbidden: User x cannot list"}), {"Retry-After": "7"})
    with pytest.raises(kind) as raised:
        cluster.items("/api/v1/nodes")
    assert (type(raised.value), str(raised.value)) == (kind, said)
    assert getattr(raised.value, "after", 7.0) == 7.0


def test_a_kind_that_is_not_there(server: Any) -> None:
    """A list of a group that is not installed is absent."""
    with pytest.raises(Absent, match=r"^page not found$"):
        server(lambda path, query: (404, {"message": "page not found"})).items("/apis/kaito.sh/v1beta1/workspaces")


def test_credentials_that_ran_out_are_read_again(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer 401 makes the client read the kubeconfig again, once; then the new token counts."""
    asked: list[str] = []

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        asked.append(path)
        return (401, {"message": "expired"}) if len(asked) == 1 else (200, {"items": []})

    cluster = server(answer)
    before = cluster.connection()
    assert cluster.items("/api/v1/nodes") == []
    assert (len(asked), cluster.connection() is before) == (2, False)


def test_a_list_that_expires_is_begun_again(server: Any) -> None:
    """A page token the server has forgotten (410) begins the list anew; the list is whole and without doubles."""
    asked: list[str] = []

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        token = query.get("continue", [""])[0]
        asked.append(token)
        if token and len(asked) == 2:
            return 410, {"message": "expired"}
        page = {"items": [{"metadata": {"name": "b" if token else "a"}}], "metadata": {"continue": "" if token else "t"}}
        return 200, page

    names = [item["metadata"]["name"] for item in server(answer).items("/api/v1/nodes")]
    assert (names, asked) == (["a", "b"], ["", "t", "", "t"])


def test_a_server_that_is_away() -> None:
    """A server that does not answer is called so, without a traceback."""
    with pytest.raises(Unreachable, match=r"^the API server http://127\.0\.0\.1:9 cannot be reached: "):
        open_cluster(kubeconfig=kubeconfig(9)).items("/api/v1/nodes")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("a: [\n", f"{NO_MAPPING}, see line 2", id="no YAML"),
        pytest.param("- geheim\n", f"{NO_MAPPING}, see line 1", id="no mapping"),
        pytest.param("a: geheim\na: geheim\n", f"{NO_MAPPING}, see line 2", id="a key twice"),
        pytest.param(
            "users: geheim\n", "no cluster: Invalid kube-config file. Expected key current-context in kube-config", id="x"
        ),
    ],
)
def test_a_kubeconfig_that_cannot_be_read(content: str, said: str) -> None:
    """What is wrong with the content of a kubeconfig is reported without repeating it."""
    with pytest.raises(NoConfig) as raised:
        open_cluster(kubeconfig=content)
    assert str(raised.value) == said


def test_a_missing_right_beside_the_workload_is_said_once(server: Any) -> None:
    """The one that may read the workload and nothing else can wait; what stays unseen is reported once."""

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if not path.endswith("/workspaces"):
            return 403, {"message": f"cannot list {path.rpartition('/')[2]}"}
        ready = {"type": "WorkspaceSucceeded", "status": "True", "observedGeneration": 1}
        return 200, {
            "items": [{"metadata": {"name": "chat", "namespace": "models", "generation": 1}, "status": {"conditions": [ready]}}]
        }

    said: list[str] = []
    wait = Wait(look=Eye(server(answer)).look, say=said.append, clock=lambda: 0.0, sleep=lambda _: None)
    assert [one.state for one in wait.until_ready([CHAT])] == ["ready"]
    kinds = ("nodeclaims", "nodepools", "nodes", "deployments", "pods", "events", "events", "jobs")
    unseen = dict.fromkeys(f"cannot be seen, so causes there stay unnamed: cannot list {kind}" for kind in kinds)
    assert said == [*unseen, "Workspace/chat in models: ready"]


def test_no_right_to_the_workload_itself(server: Any) -> None:
    """The one that may not read the workload cannot wait for it."""
    cluster = server(lambda path, query: (403, {"message": "cannot list workspaces"}))
    with pytest.raises(Forbidden, match=r"^cannot list workspaces$"):
        Eye(cluster).look([CHAT])


class Clock:
    """Time that passes while the wait sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def snapshot(clock: Clock, status: str) -> Snapshot:
    """Return a cluster with one Workspace and its operator."""
    told = {"type": "WorkspaceSucceeded", "status": status, "message": "soon", "observedGeneration": 1}
    metadata = {"name": "chat", "namespace": "models", "generation": 1}
    deployment = {
        "metadata": {"name": "w", "labels": {"app.kubernetes.io/name": "workspace"}},
        "status": {"availableReplicas": 1},
    }
    workspace = {"kind": "Workspace", "metadata": metadata, "status": {"conditions": [told]}}
    return Snapshot(now=1e9 + clock.now, objects={"Workspace": [workspace], "Deployment": [deployment]})


def test_an_api_server_that_restarts(server: Any) -> None:
    """A restart of nine minutes is reported once and sat out; only news is reported."""
    clock, said = Clock(), []

    def look(_: Any) -> Snapshot:
        if 30 < clock.now < 30 + 9 * 60:
            raise Unreachable("the API server cannot be reached: refused")
        return snapshot(clock, "True" if clock.now > 700 else "False")

    found = Wait(look=look, say=said.append, clock=clock, sleep=clock.sleep).until_ready([CHAT])
    assert ([one.state for one in found], said) == (
        ["ready"],
        [
            "Workspace/chat in models: waiting for WorkspaceSucceeded: soon (up to 51 min)",
            "the API server cannot be reached: refused; trying again",
            "the API server answers again",
            "Workspace/chat in models: ready",
        ],
    )


@pytest.mark.parametrize(
    ("until", "seconds", "said"),
    [
        pytest.param(0, 60, "cluster: refused, for 61 s [KO479]", id="one that never answered"),
        pytest.param(30, 600, "cluster: refused, for 10 min [KO479]", id="one that is gone"),
    ],
)
def test_an_api_server_that_does_not_come_back(until: float, seconds: float, said: str) -> None:
    """A server that never answers is given up after a minute, one that is gone after ten."""
    clock = Clock()

    def look(_: Any) -> Snapshot:
        if clock.now >= until:
            raise Unreachable("refused")
        return snapshot(clock, "False")

    found = Wait(look=look, say=lambda _: None, clock=clock, sleep=clock.sleep).until_ready([CHAT])
    assert [(one.state, problem.headline) for one in found for problem in one.problems] == [("hopeless", said)]
    assert until + seconds <= clock.now < until + seconds + 10


def test_throttling_is_heeded() -> None:
    """A server that asks for half a minute gets it."""
    clock, looked = Clock(), []

    def look(_: Any) -> Snapshot:
        looked.append(clock.now)
        if len(looked) == 1:
            raise Unreachable("too many requests", 30)
        return snapshot(clock, "True")

    Wait(look=look, say=lambda _: None, clock=clock, sleep=clock.sleep).until_ready([CHAT])
    assert looked == [0.0, 30.0]


@pytest.mark.parametrize("answers", [True, False], ids=["a server that answers", "a server that is away"])
def test_the_limit_bounds_the_wait(answers: bool) -> None:
    """The wait ends at its limit, whatever the server does, and everything that is not ready is late."""
    clock = Clock()

    def look(_: Any) -> Snapshot:
        if not answers:
            raise Unreachable("refused", 60)
        return snapshot(clock, "False")

    (found,) = Wait(look=look, say=lambda _: None, clock=clock, sleep=clock.sleep, limit=6.0).until_ready([CHAT])
    told = "Workspace/chat in models: not ready in time, still waiting for WorkspaceSucceeded: soon [KO476]"
    away = "cluster: refused, for 6 s [KO479]"
    assert (found.state, [problem.headline for problem in found.problems]) == ("late", [told if answers else away])
    assert clock.now == 6.0


def test_time_is_up() -> None:
    """A workload that makes no progress and shows no cause is late, not hopeless, after its time."""
    clock = Clock()
    wait = Wait(look=lambda _: snapshot(clock, "False"), say=lambda _: None, clock=clock, sleep=clock.sleep)
    (found,) = wait.until_ready([Target(kind="Workspace", namespace="models", name="chat", budget_seconds=600)])
    assert (found.state, [problem.headline for problem in found.problems]) == (
        "late",
        ["Workspace/chat in models: not ready after 10 min, still waiting for WorkspaceSucceeded: soon [KO476]"],
    )


def going(minutes: float, clock: Clock) -> Answer:
    """Return a cluster whose last NodeClaim of KAITO goes after some minutes."""

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        claim = {"metadata": {"name": "ws1", "labels": {"kaito.sh/workspace": "chat"}}}
        return 200, {"items": [claim] if path.endswith("nodeclaims") and clock.now < minutes * 60 else []}

    return answer


@pytest.mark.parametrize(
    ("gone_after", "said"),
    [
        pytest.param(0, [], id="nothing is left"),
        pytest.param(4, [], id="the last node goes after four minutes"),
        pytest.param(99, ["cluster: still there after 5 min: NodeClaim/ws1 [KO478]"], id="a node that does not go"),
    ],
)
def test_nodes_go_before_the_operator(server: Any, monkeypatch: Any, gone_after: float, said: list[str]) -> None:
    """The operator may be removed when no NodeClaim of KAITO is left, and not before."""
    monkeypatch.setattr("kaito_iac.readiness.cluster.FRESH_SECONDS", 0.0)
    clock, talk = Clock(), []
    found = until_gone(server(going(gone_after, clock)), talk.append, clock=clock, sleep=clock.sleep, seconds=300)
    assert [problem.headline for problem in found] == said
    assert talk == (["waiting for NodeClaim/ws1 to be gone"] if gone_after else [])


def test_the_operator_stays_while_a_workload_is_there(server: Any) -> None:
    """A workload that no one has deleted refuses the removal of the operator at once, by name."""

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        return 200, {"items": [{"metadata": {"name": "chat", "namespace": "models"}}] if path.endswith("workspaces") else []}

    found = until_gone(server(answer), lambda _: None, clock=lambda: 0.0, sleep=lambda _: None)
    assert [problem.text("") for problem in found] == [
        "Workspace/chat in models: still there; the operator cannot go before it [KO478]\n"
        "  fix: destroy it first, with the stack that made it: without its operator nothing removes its nodes"
    ]


def test_the_operator_stays_when_nothing_can_be_seen(server: Any) -> None:
    """The one that may not look may not remove the operator."""
    cluster = server(lambda path, query: (403, {"message": f"cannot list {path.rpartition('/')[2]}"}))
    found = until_gone(cluster, lambda _: None, clock=lambda: 0.0, sleep=lambda _: None)
    assert found[0].headline == "cluster: cannot be seen: cannot list workspaces [KO478]"
    assert {problem.code for problem in found} == {"KO478"}
    assert len(found) == 8
