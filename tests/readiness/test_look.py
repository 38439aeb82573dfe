"""`kaito-iac diagnose`: one look says why something is not ready, against an API server of this test and recorded clusters."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main
from kaito_iac.readiness.causes import CAUSES
from kaito_iac.readiness.diagnose import diagnose
from kaito_iac.readiness.finding import Memory
from kaito_iac.readiness.look import look_at
from kaito_iac.readiness.target import Target

from .test_diagnose import (
    CHAT,
    CLUSTER,
    FAILURES,
    HEALTHY,
    LOADS,
    NODES_PENDING,
    PENDING,
    QUOTA,
    SIZE,
    SUCCEEDED,
    Step,
    at,
    claim,
    condition,
    event,
    meta,
    node,
    pod,
    refused,
    running,
    waiting,
    walk,
    workspace,
)

RECORDED = Path(__file__).parent / "clusters"
LISTS = {
    "Workspace": "/apis/kaito.sh/v1beta1/namespaces/models/workspaces",
    "Deployment": "/apis/apps/v1/deployments",
    "NodeClaim": "/apis/karpenter.sh/v1/nodeclaims",
    "NodePool": "/apis/karpenter.sh/v1/nodepools",
    "Node": "/api/v1/nodes",
    "Pod": "/api/v1/namespaces/models/pods",
    "ResourceQuota": "/api/v1/namespaces/models/resourcequotas",
    "ConfigMap": "/api/v1/namespaces/kube-system/configmaps",
}


@pytest.mark.parametrize(("steps", "minute", "said"), FAILURES)
def test_one_look_names_the_cause_of_a_wait(steps: Sequence[Step], minute: int, said: str) -> None:
    """What ends a wait is among the reasons of one look at the same cluster, as a command to type and with the same code."""
    _, waited = walk(steps)
    step = [one for one in steps if one.minute <= minute][-1]
    look = look_at(CHAT, step.shown(minute))
    told = {(reason.code, reason.title) for reason in look.reasons}
    code = said.rpartition("[")[2].rstrip("]")
    if code != "KO452":  # comes and goes: only a wait sees it
        assert (code, CAUSES[next(name for name, cause in CAUSES.items() if cause.code == code)].title) in told
    assert waited.state == "hopeless"
    assert all(reason.next and reason.fix for reason in look.reasons)
    assert look.state == "notReady"


@pytest.mark.parametrize(("steps", "minute"), HEALTHY)
def test_ready(steps: Sequence[Step], minute: int) -> None:
    """What a wait calls ready one look calls ready."""
    assert look_at(CHAT, steps[-1].shown(minute)).state == "ready"


def test_consequences_come_last() -> None:
    """A cause that follows from another one is reported after it, and as what it is."""
    step = Step(0, [*refused(QUOTA), pod(waiting("CrashLoopBackOff", restarts=9, ended={"exitCode": 1, "finishedAt": at(1)}))])
    reasons = look_at(CHAT, step.shown(30)).reasons
    assert [(reason.cause, reason.follows, reason.certain) for reason in reasons] == [
        ("quota", False, True),
        ("crash", True, True),
    ]


def test_a_workload_that_shows_nothing_is_late() -> None:
    """Without a cause there is none before its time is over; then that is reported."""
    things = [workspace(PENDING), node(), pod(running(5))]
    early, late = (look_at(CHAT, Step(0, things).shown(minute)) for minute in (10, 90))
    assert (early.reasons, early.waiting_for) == ((), "pod chat-0 to answer (it loads weights)")
    (reason,) = late.reasons
    assert (reason.code, reason.evidence) == ("KO476", "not ready for 90 min, where 51 min are usual: no cause is visible")
    assert reason.next == "kubectl describe workspace chat -n models"


GPU_NODE = {"node.kubernetes.io/instance-type": SIZE, "agentpool": "gpu", "kubernetes.azure.com/agentpool": "gpu"}
BACKOFF = {
    "name": "aks-gpu-12345678-vmss",
    "scaleUp": {
        "status": "Backoff",
        "backoffInfo": {"errorCode": "cloudProviderError", "errorMessage": QUOTA},
        "lastTransitionTime": at(0),
    },
}
NODE_POOL = {"kind": "NodePool", "metadata": meta("a100"), "spec": {"replicas": 1}, "status": {"conditions": []}}
IN_POOL = {"karpenter.sh/nodepool": "a100"}
AWAY = {
    **node("gpu-1", labels=GPU_NODE),
    "status": {"conditions": [condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", 5)]},
}


@pytest.mark.parametrize(
    ("target", "things", "groups", "state", "told"),
    [
        pytest.param("AgentPool/gpu", [node(labels=GPU_NODE)], [], "ready", [], id="a node with its GPU"),
        pytest.param(
            "AgentPool/gpu",
            [node(labels=GPU_NODE, gpus="0")],
            [],
            "notReady",
            [
                "Node/gpu-0: ready, 1 x NVIDIA A100 by its size, but it offers no nvidia.com/gpu: driver or device plugin is "
                "missing [KO462]"
            ],
            id="no device plugin",
        ),
        pytest.param(
            "AgentPool/gpu",
            [AWAY],
            [],
            "notReady",
            ["Node/gpu-1: NodeStatusUnknown: Kubelet stopped posting node status. [KO448]"],
            id="a node that is away",
        ),
        pytest.param(
            "AgentPool/gpu",
            [],
            [BACKOFF],
            "notReady",
            [f"AgentPool/gpu: the cluster autoscaler backs off: cloudProviderError: {QUOTA} [KO450]"],
            id="the autoscaler is refused its quota",
        ),
        pytest.param(
            "AgentPool/none",
            [],
            [BACKOFF],
            "notReady",
            ["AgentPool/none: not found: no such object, and no node with its label [KO479]"],
            id="no such pool",
        ),
        pytest.param(
            "NodePool/a100",
            [
                NODE_POOL,
                claim(condition("Launched", "Unknown", "LaunchFailed", "AccessDenied: no"), name="a100-x")
                | {"metadata": meta("a100-x", labels=IN_POOL)},
            ],
            [],
            "notReady",
            ["NodeClaim/a100-x: Launched: LaunchFailed: AccessDenied: no [KO472]"],
            id="Karpenter has no rights",
        ),
        pytest.param("NodePool/a100", [NODE_POOL], [], "notReady", None, id="a static pool without nodes"),
    ],
)
def test_pools(target: str, things: list[Any], groups: list[Any], state: str, told: list[str] | None) -> None:
    """A pool is judged by its nodes, its NodeClaims and what the cluster autoscaler reports."""
    kind, _, name = target.partition("/")
    shown = Step(0, [*things, *({"kind": "NodeGroup", **group} for group in groups)]).shown(30)
    look = look_at(Target(kind=kind, namespace="", name=name), shown)
    expected = told if told is not None else ["NodePool/a100: no NodeClaim has been made for its 1 nodes [KO471]"]
    assert (look.state, [f"{one.about}: {one.evidence} [{one.code}]" for one in look.reasons]) == (state, expected)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Serves lists by their address as an API server would; gives the path of a kubeconfig for it."""
    servers = []

    def start(lists: dict[str, Any], *, date: str = "", texts: dict[str, str] | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                split = urlsplit(self.path)
                text = (texts or {}).get(f"{split.path}?{parse_qs(split.query).get('container', [''])[0]}")
                items = lists.get(split.path)
                known = items is not None or not split.path.startswith("/apis/k")
                found = {"items": items or [], "metadata": {}} if known else {"message": "page not found"}
                body = (text if text is not None else json.dumps(found)).encode()
                self.send_response(200 if known else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return date or super().date_time_string(timestamp)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        path = tmp_path / "kubeconfig"
        address = f"http://127.0.0.1:{server.server_address[1]}"
        names = "contexts: [{name: it, context: {cluster: it, user: it}}]\nusers: [{name: it, user: {token: geheim}}]\n"
        path.write_text(f"current-context: it\nclusters: [{{name: it, cluster: {{server: '{address}'}}}}]\n{names}")
        return str(path)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def lists(things: Sequence[Any]) -> dict[str, Any]:
    """Return the answers of a server for objects of the timelines; workloads are found in every namespace too."""
    found: dict[str, Any] = {path: [] for path in LISTS.values()}
    for thing in (*CLUSTER, *things):
        kind = thing.get("kind")
        space = thing["metadata"].get("namespace", "default")
        path = LISTS[kind] if kind else f"/api/v1/namespaces/{space}/events"
        found.setdefault(path, []).append(thing)
    return {**found, "/apis/kaito.sh/v1beta1/workspaces": found[LISTS["Workspace"]]}


DATE = "Mon, 02 Mar 2026 08:30:00 GMT"
NO_GPUS = {
    "kind": "ResourceQuota",
    "metadata": {"name": "gpus", "namespace": "models"},
    "status": {"hard": {"requests.nvidia.com/gpu": "1"}, "used": {"requests.nvidia.com/gpu": "0"}},
}
STUCK = [
    workspace(NODES_PENDING, PENDING),
    claim(condition("Launched", "Unknown", "LaunchFailed", QUOTA, 1)),
    event("NodeClaim", "ws1a2b3c4d5", "LaunchFailed", QUOTA, 28, first=1),
    NO_GPUS,
]
FIX = CAUSES["quota"].fix
EVENT = f"2 min ago, LaunchFailed: {QUOTA}"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command; gives its exit code, its answer and what it says beside it."""
    pytest.importorskip("kubernetes")

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["diagnose", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_whole_answer(serve: Any, said: Any) -> None:
    """A bare name is found in any namespace; the answer holds cause, fix, command, and what was seen."""
    code, out, err = said("chat", "--kubeconfig", serve(lists(STUCK), date=DATE))
    assert (code, err) == (ExitCode.PROBLEMS, "")
    assert out == (
        "Workspace/chat in models: not ready for 30 min (usually ready within 51 min), waiting for nodes of "
        "Standard_NC24ads_A100_v4: 0 of 1 ready\n"
        "\n"
        "1. quota refused: NodeClaim/ws1a2b3c4d5 [KO450]\n"
        f"   Launched: LaunchFailed: {QUOTA}\n"
        "   for 29 min\n"
        f"   fix:  {FIX}\n"
        "   next: az vm list-usage --location REGION --output table\n"
        "   more: kaito-iac explain KO450\n"
        "\n"
        "Seen\n"
        "  conditions\n"
        "    Workspace/chat: ResourceReady False NodeClaimNotReady: Ready NodeClaims are not enough\n"
        "    Workspace/chat: WorkspaceSucceeded False workspacePending: workspace is waiting for inference workload readiness\n"
        "  size\n"
        "    Workspace/chat: Standard_NC24ads_A100_v4: 1 x NVIDIA A100 (azure), 80 GiB, 24 vCPUs of quota "
        "StandardNCADSA100v4Family; phi-4 needs 1 node\n"
        "  quota of the namespace\n"
        "    ResourceQuota/gpus: requests.nvidia.com/gpu: 0 of 1 used\n"
        "  node claims\n"
        "    NodeClaim/ws1a2b3c4d5: Launched Unknown, Registered not yet, Initialized not yet, 30 min old\n"
        "  warnings of the last hour\n"
        f"    NodeClaim/ws1a2b3c4d5: {EVENT[:239].rstrip()}…\n"
    )


def test_logs_are_shown_without_secrets(serve: Any, said: Any) -> None:
    """The last lines of a container that runs and is not ready are shown; a token in them is not."""
    things = [workspace(PENDING), node(), pod(running(5))]
    log = f"{LOADS}\nINFO with token hf_abcdefghijklmnop\n"
    texts = {"/api/v1/namespaces/models/pods/chat-0/log?chat": log}
    code, out, _ = said("workspace/chat", "-n", "models", "--kubeconfig", serve(lists(things), date=DATE, texts=texts))
    assert code == ExitCode.LATE
    assert "No cause is visible yet: see below, and `kaito-iac wait` follows it." in out
    assert f"    Pod/chat-0: Pending on gpu-0; chat: running\n      | {LOADS}\n      | INFO with token [secret]\n" in out


def test_json(serve: Any, said: Any) -> None:
    """The JSON holds every reason with code and command, and the evidence by kind."""
    code, out, _ = said("wk/chat", "-n", "models", "--json", "--kubeconfig", serve(lists(STUCK), date=DATE), "--context", "it")
    found = json.loads(out)
    assert (code, found["state"], found["budgetSeconds"], found["seconds"]) == (1, "notReady", 3060, 1800)
    assert [(one["code"], one["certain"], one["follows"], one["seconds"]) for one in found["reasons"]] == [
        ("KO450", True, False, 1740)
    ]
    assert [one["kind"] for one in found["evidence"]] == ["condition", "condition", "size", "quota", "nodeclaim", "event"]


def test_ready_is_one_line(serve: Any, said: Any) -> None:
    """What is ready is reported on one line, with exit code 0."""
    code, out, _ = said("chat", "--kubeconfig", serve(lists([workspace(SUCCEEDED)]), date=DATE))
    assert (code, out) == (0, "Workspace/chat in models: ready\n")


def test_a_pool_by_its_name(serve: Any, said: Any) -> None:
    """A bare name that no workload has is that of a pool; the report of the cluster autoscaler is read."""
    status = (
        f"nodeGroups:\n- name: aks-gpu-1-vmss\n  scaleUp:\n    status: Backoff\n    backoffInfo: {{errorMessage: '{QUOTA}'}}\n"
    )
    config = {"kind": "ConfigMap", "metadata": {"name": "cluster-autoscaler-status"}, "data": {"status": status}}
    code, out, _ = said("gpu", "--kubeconfig", serve(lists([config]), date=DATE))
    assert code == ExitCode.PROBLEMS
    assert out.splitlines()[:4] == [
        "AgentPool/gpu: not ready, waiting for nodes: 0 of 0 ready",
        "",
        "1. quota refused: AgentPool/gpu [KO450]",
        f"   the cluster autoscaler backs off: {QUOTA}",
    ]


OTHER = workspace(SUCCEEDED)
OTHER = {**OTHER, "metadata": {**OTHER["metadata"], "namespace": "ads"}}


@pytest.mark.parametrize(
    ("words", "things", "code", "told"),
    [
        pytest.param(
            ["none"],
            STUCK,
            3,
            "kaito-iac: no workload of KAITO or pool called 'none' is in any namespace; "
            "`kubectl get workspaces,inferencesets,ragengines -A` lists them\n",
            id="no such name",
        ),
        pytest.param(
            ["chat"],
            [workspace(PENDING), OTHER],
            3,
            "kaito-iac: 'chat' is the name of 2: workspace/chat -n models, workspace/chat -n ads; name one of them\n",
            id="two of a name",
        ),
        pytest.param(
            ["pod/chat"],
            [],
            2,
            "kaito-iac diagnose: 'pod/chat' is no NAME and no KIND/NAME with a kind of Workspace, InferenceSet, RAGEngine, "
            "MultiRoleInference, ModelMirror, NodePool, AgentPool; see kaito-iac diagnose --help\n",
            id="another kind",
        ),
    ],
)
def test_refused(serve: Any, said: Any, words: list[str], things: list[Any], code: int, told: str) -> None:
    """A name of nothing, of several things, or of another kind is refused on one line."""
    assert said(*words, "--kubeconfig", serve(lists(things), date=DATE)) == (code, "", told)


def test_a_cluster_without_kaito(serve: Any, said: Any) -> None:
    """Where KAITO is not installed, that is the cause."""
    code, out, _ = said("rag/docs", "--kubeconfig", serve({}, date=DATE))
    assert code == ExitCode.PROBLEMS
    assert "1. kind that the cluster does not have: RAGEngine/docs in default [KO470]\n" in out


def test_a_set_by_its_replicas() -> None:
    """An InferenceSet is judged by its Workspaces and their pods; the size that its replicas ask for is shown."""
    replica = workspace(PENDING, name="chats-a", metadata={"labels": {"inferenceset.kaito.sh/created-by": "chats"}})
    template = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4"}}}
    summary = condition("InferenceSetReady", "False", "InferenceSetNotReady", "0 of 1 replicas are ready")
    owner = {
        "kind": "InferenceSet",
        "metadata": meta("chats", namespace="models"),
        "spec": {"replicas": 1, "template": template},
        "status": {"conditions": [summary]},
    }
    crash = waiting("ErrImagePull", "401 Unauthorized")
    things = [owner, replica, node(), pod(crash, name="chats-a-0", labels={"kaito.sh/workspace": "chats-a"})]
    look = look_at(Target(kind="InferenceSet", namespace="models", name="chats"), Step(0, things).shown(30))
    assert [(reason.code, reason.about) for reason in look.reasons] == [("KO455", "Pod/chats-a-0, container chat")]
    sizes = [one.text for one in look.evidence if one.kind == "size"]
    assert sizes == [f"{SIZE}: 1 x NVIDIA A100 (azure), 80 GiB, 24 vCPUs of quota StandardNCADSA100v4Family; phi-4 needs 1 node"]


def test_the_same_as_the_wait() -> None:
    """A look shares the judgement of the wait: what it calls certain is what a wait with its memory gives up on."""
    shown = Step(0, refused(QUOTA)).shown(30)
    found, _ = diagnose(CHAT, shown, Memory())
    look = look_at(CHAT, shown)
    assert [problem.code for problem in found.problems] == [one.code for one in look.reasons if one.certain] == ["KO450"]
