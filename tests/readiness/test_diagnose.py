"""Timelines of what a cluster shows: each cause is found with its whole message, and nothing that is slow but well is failed."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.readiness.causes import CAUSES
from kaito_iac.readiness.diagnose import Diagnosis, diagnose
from kaito_iac.readiness.finding import Memory
from kaito_iac.readiness.redact import one_line
from kaito_iac.readiness.snapshot import Snapshot
from kaito_iac.readiness.target import Target

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC).timestamp()
SIZE = "Standard_NC24ads_A100_v4"
OWNER = {"kaito.sh/workspace": "chat", "kaito.sh/workspacenamespace": "models"}


def at(minute: float) -> str:
    """Return a time as the API server writes it, minutes after the start."""
    return datetime.fromtimestamp(START + minute * 60, UTC).isoformat().replace("+00:00", "Z")


def condition(
    type_: str, status: str, reason: str = "", message: str = "", minute: float = 0, generation: int = 1
) -> dict[str, Any]:
    return {
        "type": type_,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": at(minute),
        "observedGeneration": generation,
    }


def meta(name: str, minute: float = 0, **more: Any) -> dict[str, Any]:
    return {"name": name, "uid": f"uid-{name}", "generation": 1, "creationTimestamp": at(minute), **more}


def workspace(*conditions: dict[str, Any], name: str = "chat", generation: int = 1, **more: Any) -> dict[str, Any]:
    """Return a Workspace that serves phi-4 on one node; without conditions no one has looked at it."""
    return {
        "kind": "Workspace",
        "metadata": meta(name, namespace="models", generation=generation, **more.pop("metadata", {})),
        "resource": {"instanceType": SIZE},
        "inference": {"preset": {"name": "phi-4"}},
        "status": {"conditions": list(conditions), "targetNodeCount": 1} if conditions else {},
        **more,
    }


PENDING = condition("WorkspaceSucceeded", "False", "workspacePending", "workspace is waiting for inference workload readiness")
NODES_PENDING = condition("ResourceReady", "False", "NodeClaimNotReady", "Ready NodeClaims are not enough")
SUCCEEDED = condition("WorkspaceSucceeded", "True", "workspaceSucceeded", "workspace succeeds", 20)


def claim(*conditions: dict[str, Any], name: str = "ws1a2b3c4d5", minute: float = 0, **more: Any) -> dict[str, Any]:
    return {"kind": "NodeClaim", "metadata": meta(name, minute, labels=OWNER, **more), "status": {"conditions": list(conditions)}}


def node(
    name: str = "gpu-0", *, minute: float = 0, gpus: str = "1", taints: Sequence[Any] = (), labels: Any = None
) -> dict[str, Any]:
    return {
        "kind": "Node",
        "metadata": meta(name, minute, labels=OWNER if labels is None else labels),
        "spec": {"taints": list(taints)},
        "status": {"allocatable": {"nvidia.com/gpu": gpus}, "conditions": [condition("Ready", "True", minute=minute)]},
    }


def pod(
    *statuses: dict[str, Any], name: str = "chat-0", minute: float = 0, host: str = "gpu-0", init: Sequence[Any] = (), **more: Any
) -> dict[str, Any]:
    spec = {"nodeName": host, "tolerations": [{"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}]}
    status = {"phase": "Pending", "containerStatuses": list(statuses), "initContainerStatuses": list(init), "conditions": []}
    return {
        "kind": "Pod",
        "metadata": meta(name, minute, namespace="models", labels=more.pop("labels", {"kaito.sh/workspace": "chat"})),
        "spec": {**spec, **more.pop("spec", {})},
        "status": {**status, **more.pop("status", {})},
    }


def unschedulable(message: str, minute: float = 0, **more: Any) -> dict[str, Any]:
    told = condition("PodScheduled", "False", "Unschedulable", message, minute)
    return pod(host="", minute=minute, status={"conditions": [told]}, **more)


def waiting(reason: str, message: str = "", *, name: str = "chat", restarts: int = 0, **last: Any) -> dict[str, Any]:
    return {
        "name": name,
        "image": "mcr.microsoft.com/aks/kaito/kaito-base:0.5.0",
        "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": message}},
        **({"lastState": {"terminated": last["ended"]}} if last else {}),
    }


def ended(code: int, started: float, finished: float, reason: str = "Error") -> dict[str, Any]:
    return {"exitCode": code, "reason": reason, "startedAt": at(started), "finishedAt": at(finished)}


def running(started: float, *, restarts: int = 0, name: str = "chat", **last: Any) -> dict[str, Any]:
    return {
        "name": name,
        "restartCount": restarts,
        "ready": False,
        "state": {"running": {"startedAt": at(started)}},
        **({"lastState": {"terminated": last["ended"]}} if last else {}),
    }


def event(
    kind: str, name: str, reason: str, message: str, minute: float = 0, *, first: float | None = None, normal: bool = False
) -> Any:
    return {
        "metadata": {
            "namespace": "models" if kind == "Pod" else "default",
            "creationTimestamp": at(minute if first is None else first),
        },
        "involvedObject": {"kind": kind, "name": name},
        "type": "Normal" if normal else "Warning",
        "reason": reason,
        "message": message,
        "firstTimestamp": at(minute if first is None else first),
        "lastTimestamp": at(minute),
    }


OPERATOR = {
    "kind": "Deployment",
    "metadata": meta("kaito-workspace", -60, namespace="kaito-workspace", labels={"app.kubernetes.io/name": "workspace"}),
    "status": {"availableReplicas": 1},
}
PROVISIONER = {
    "kind": "Deployment",
    "metadata": meta("gpu-provisioner", -60, namespace="gpu-provisioner", labels={"app.kubernetes.io/name": "gpu-provisioner"}),
    "status": {"availableReplicas": 1},
}
CLUSTER = (OPERATOR, PROVISIONER)


def snapshot(minute: float, things: Sequence[Any], logs: Any = None, **more: Any) -> Snapshot:
    objects: dict[str, list[Any]] = {}
    for thing in things:
        objects.setdefault(thing.get("kind", "Event"), []).append(thing)
    return Snapshot(now=START + minute * 60, objects=objects, logs=logs or {}, **more)


@dataclass
class Step:
    """What the cluster shows from a minute on."""

    minute: float
    things: Sequence[Any]
    logs: dict[str, str] = field(default_factory=dict)
    """Container of pod chat-0 (or pod/container) to the last lines of its log."""
    more: dict[str, Any] = field(default_factory=dict)
    cluster: Sequence[Any] = CLUSTER

    def shown(self, minute: float) -> Snapshot:
        logs = {("models", *(f"chat-0/{key}" if "/" not in key else key).split("/")): text for key, text in self.logs.items()}
        return snapshot(minute, [*self.cluster, *self.things], logs, **self.more)


CHAT = Target(kind="Workspace", namespace="models", name="chat")


def walk(steps: Sequence[Step], *, target: Target = CHAT, until: int = 120) -> tuple[int, Diagnosis]:
    """Looks every minute; gives when the wait ended, and how it was then."""
    memory, found = Memory(), None
    for minute in range(until + 1):
        step = [one for one in steps if one.minute <= minute][-1]
        found, memory = diagnose(target, step.shown(minute), memory)
        target = found.target
        if found.state != "waiting":
            return minute, found
    assert found is not None
    return until, found


RUNNING = {"phase": "Running"}
BUSY = [
    event(
        "Workspace",
        "chat",
        "NodeClaimCreated",
        "Successfully created NodeClaim ws1a2b3c4d5 for workspace models/chat",
        normal=True,
    )
]


def refused(message: str, minute: float = 1, reason: str = "LaunchFailed") -> list[Any]:
    """Return a Workspace whose NodeClaim the cloud refuses from a minute on."""
    return [workspace(NODES_PENDING), claim(condition("Launched", "Unknown", reason, message, minute))]


def crashing(text: str, *, restarts: int = 1, code: int = 1, reason: str = "Error") -> list[Step]:
    """Return a Workspace whose container ends two minutes after each start."""
    nodes = [workspace(PENDING), node(minute=1)]
    last = ended(code, 4, 6, reason)
    waits = waiting("CrashLoopBackOff", "back-off 20s restarting failed container", restarts=restarts, ended=last)
    return [
        Step(0, [workspace(PENDING), node(minute=1)]),
        Step(4, [*nodes, pod(running(4), minute=3)]),
        Step(6, [*nodes, pod(waits, minute=3)], {"chat": text}),
    ]


QUOTA = (
    "creating instance failed: QuotaExceeded: Operation could not be completed as it results in exceeding approved "
    "standardNCADSA100v4Family Cores quota. Current Limit: 24, Current Usage: 24, Additional Required: 24, New Limit Required: 48"
)
GATED = (
    "INFO loading phi-4 with token hf_abcdefghijklmnop\n"
    "huggingface_hub.errors.GatedRepoError: 401 Client Error. Cannot access gated repo for url "
    "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/resolve/main/config.json."
)
FAILURES = [
    pytest.param(
        [Step(0, refused(QUOTA))],
        3,
        f"NodeClaim/ws1a2b3c4d5: quota refused: Launched: LaunchFailed: {QUOTA} [KO450]",
        id="Azure refuses the vCPU quota",
    ),
    pytest.param(
        [
            Step(
                0,
                refused("operation error EC2: RunInstances, api error VcpuLimitExceeded: You have requested more vCPU capacity"),
            )
        ],
        3,
        "NodeClaim/ws1a2b3c4d5: quota refused: Launched: LaunchFailed: operation error EC2: RunInstances, api error "
        "VcpuLimitExceeded: You have requested more vCPU capacity [KO450]",
        id="EC2 refuses the vCPU quota",
    ),
    pytest.param(
        [Step(0, refused("PUT agentPools/ws1: RESPONSE 412: OriginalEtagNotExpect"))],
        16,
        "NodeClaim/ws1a2b3c4d5: AKS cluster starts, or was stopped, while KAITO has nodes: Launched: LaunchFailed: PUT "
        "agentPools/ws1: RESPONSE 412: OriginalEtagNotExpect [KO446]",
        id="an AKS cluster that starts",
    ),
    pytest.param(
        [Step(0, refused('Code="ZonalAllocationFailed" Message="We do not have sufficient capacity in zone 1"'))],
        16,
        'NodeClaim/ws1a2b3c4d5: no capacity: Launched: LaunchFailed: Code="ZonalAllocationFailed" Message="We do not have '
        'sufficient capacity in zone 1" [KO451]',
        id="no capacity for a quarter of an hour",
    ),
    pytest.param(
        [
            Step(
                minute,
                [
                    workspace(NODES_PENDING),
                    *([] if minute % 4 == 3 else [claim(name=f"ws{minute // 4}", minute=minute - minute % 4)]),
                ],
            )
            for minute in range(0, 60)
        ],
        11,
        "Workspace/chat: nodes are requested again and again: 3 NodeClaims were deleted before they became nodes [KO452]",
        id="NodeClaims come and go",
    ),
    pytest.param(
        [Step(0, refused("The VM size 'Standard_NC24ads_A100_v4' is NotAvailableForSubscription in location 'westus3'"))],
        3,
        "NodeClaim/ws1a2b3c4d5: size not offered here: Launched: LaunchFailed: The VM size 'Standard_NC24ads_A100_v4' is "
        "NotAvailableForSubscription in location 'westus3' [KO453]",
        id="the subscription is not sold the size",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(),
                    pod(
                        waiting(
                            "ImagePullBackOff",
                            'Back-off pulling image "x.azurecr.io/app:1": ErrImagePull: rpc error: manifest unknown',
                        )
                    ),
                ],
            )
        ],
        3,
        'Pod/chat-0, container chat: image does not exist: ImagePullBackOff: Back-off pulling image "x.azurecr.io/app:1": '
        "ErrImagePull: rpc error: manifest unknown [KO454]",
        id="the image does not exist",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(),
                    pod(waiting("ErrImagePull", "rpc error: failed to authorize: unexpected status: 401 Unauthorized")),
                ],
            )
        ],
        10,
        "Pod/chat-0, container chat: no right to pull the image: ErrImagePull: rpc error: failed to authorize: unexpected "
        "status: 401 Unauthorized [KO455]",
        id="the image may not be pulled",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(),
                    pod(waiting("ImagePullBackOff", "Back-off pulling image")),
                    event("Pod", "chat-0", "Failed", "Failed to pull image: 429 Too Many Requests: toomanyrequests", 60, first=1),
                ],
            )
        ],
        31,
        "Pod/chat-0, container chat: registry limits pulls: ImagePullBackOff: Failed to pull image: 429 Too Many Requests: "
        "toomanyrequests [KO456]",
        id="the registry limits pulls",
    ),
    pytest.param(
        [Step(0, [workspace(PENDING), node(), pod(waiting("ErrImagePull", "dial tcp: lookup mcr.microsoft.com: i/o timeout"))])],
        15,
        "Pod/chat-0, container chat: registry cannot be reached: ErrImagePull: dial tcp: lookup mcr.microsoft.com: i/o "
        "timeout [KO457]",
        id="the registry cannot be reached",
    ),
    pytest.param(
        crashing(GATED),
        7,
        "Pod/chat-0, container chat: Hugging Face refuses the token: exit code 1: huggingface_hub.errors.GatedRepoError: 401 "
        "Client Error. Cannot access gated repo for url "
        "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/resolve/main/config.json. [KO458]",
        id="a gated model without a token",
    ),
    pytest.param(
        [Step(0, [workspace(PENDING), node(), pod(waiting("CreateContainerConfigError", 'secret "hf-token" not found'))])],
        5,
        'Pod/chat-0, container chat: Secret, ConfigMap or volume claim missing: CreateContainerConfigError: secret "hf-token" '
        "not found [KO459]",
        id="the Secret is missing",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(minute=-60, taints=[{"key": "team", "value": "a", "effect": "NoSchedule"}], labels={"apps": "gpu"}),
                    node("system-0", minute=-60, taints=[{"key": "CriticalAddonsOnly", "effect": "NoSchedule"}], labels={}),
                    unschedulable(
                        "0/2 nodes are available: 2 node(s) had untolerated taint(s).", spec={"nodeSelector": {"apps": "gpu"}}
                    ),
                ],
            )
        ],
        10,
        "Pod/chat-0: taint that the pod does not tolerate: 0/2 nodes are available: 2 node(s) had untolerated taint(s). [KO460]",
        id="the nodes have another taint",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node("system-0", minute=-60, taints=[{"key": "CriticalAddonsOnly", "effect": "NoSchedule"}], labels={}),
                    unschedulable(
                        "0/1 nodes are available: 1 node(s) had untolerated taint(s).", spec={"nodeSelector": {"apps": "gpu"}}
                    ),
                ],
            )
        ],
        10,
        "Pod/chat-0: no node matches the selector: 0/1 nodes are available: 1 node(s) had untolerated taint(s). [KO461]",
        id="no node matches, whatever the scheduler names",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(minute=-60, gpus="0", labels={"apps": "gpu"}),
                    unschedulable(
                        "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.", spec={"nodeSelector": {"apps": "gpu"}}
                    ),
                ],
            )
        ],
        10,
        "Pod/chat-0: nodes without free GPUs, CPU or memory: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu. [KO462]",
        id="no GPU is free",
    ),
    pytest.param(
        [Step(0, [workspace(PENDING)]), Step(2, [workspace(PENDING), node(minute=2, gpus="0")])],
        12,
        "Node/gpu-0: nodes without free GPUs, CPU or memory: ready, but it offers no nvidia.com/gpu: driver or device plugin "
        "is missing [KO462]",
        id="the device plugin is missing",
    ),
    pytest.param(
        crashing("Traceback\n  File x\nRuntimeError: NCCL error", restarts=4),
        8,
        "Pod/chat-0, container chat: container crashes: exit code 1: Traceback | File x | RuntimeError: NCCL error [KO463]",
        id="an unknown crash",
    ),
    pytest.param(
        crashing("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"),
        7,
        "Pod/chat-0, container chat: GPU memory too small: exit code 1: torch.OutOfMemoryError: CUDA out of memory. Tried to "
        "allocate 2.00 GiB [KO464]",
        id="CUDA is out of memory",
    ),
    pytest.param(
        crashing(
            "ValueError: The model's max seq len (16384) is larger than the maximum number of tokens that can be "
            "stored in KV cache (9000)"
        ),
        7,
        "Pod/chat-0, container chat: GPU memory too small: exit code 1: ValueError: The model's max seq len (16384) is larger "
        "than the maximum number of tokens that can be stored in KV cache (9000) [KO464]",
        id="the context is too long for the GPU",
    ),
    pytest.param(
        crashing("inference_api.py: error: unrecognized arguments: --max-model-length 4096", restarts=0),
        6,
        "Pod/chat-0, container chat: engine refuses an argument: exit code 1: inference_api.py: error: unrecognized arguments: "
        "--max-model-length 4096 [KO465]",
        id="an unknown argument",
    ),
    pytest.param(
        crashing("", restarts=2, code=137, reason="OOMKilled"),
        7,
        "Pod/chat-0, container chat: container killed for its memory: OOMKilled, exit code 137 [KO466]",
        id="killed for its memory",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(),
                    pod(
                        status={
                            "phase": "Failed",
                            "reason": "Evicted",
                            "message": "The node was low on resource: ephemeral-storage.",
                        }
                    ),
                ],
            )
        ],
        5,
        "Pod/chat-0: disk full: Evicted: The node was low on resource: ephemeral-storage. [KO467]",
        id="evicted for the disk",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(
                        condition(
                            "ResourceReady",
                            "False",
                            "x",
                            "node claim (last reconcile error: Internal error occurred: failed calling webhook "
                            '"validation.workspace.kaito.sh": connection refused)',
                        )
                    )
                ],
            )
        ],
        5,
        "Workspace/chat: admission webhook does not answer: node claim (last reconcile error: Internal error occurred: failed "
        'calling webhook "validation.workspace.kaito.sh": connection refused) [KO468]',
        id="the webhook is down",
    ),
    pytest.param(
        [Step(0, [workspace()], cluster=())],
        5,
        "Workspace/chat: KAITO's operator does not work on it: nothing has written its status; no Deployment of chart workspace "
        "is there [KO469]",
        id="no operator is installed",
    ),
    pytest.param(
        [
            Step(
                0,
                [workspace(PENDING)],
                cluster=(
                    {
                        **OPERATOR,
                        "status": {"availableReplicas": 0, "conditions": [condition("Available", "False", minute=2)]},
                    },
                    {
                        "kind": "OperatorPod",
                        "metadata": meta("kaito-workspace-7c9-x", namespace="kaito-workspace"),
                        "status": {"containerStatuses": [waiting("CrashLoopBackOff", "back-off 5m0s")]},
                    },
                ),
            )
        ],
        7,
        "Workspace/chat in models: KAITO's operator does not work on it: Deployment kaito-workspace/kaito-workspace has no "
        "available pod: CrashLoopBackOff: back-off 5m0s [KO469]",
        id="the operator has stopped",
    ),
    pytest.param(
        [Step(0, [], more={"absent": frozenset({"Workspace"})})],
        2,
        "Workspace/chat in models: kind that the cluster does not have: the API server has no kind Workspace [KO470]",
        id="the CRD is absent",
    ),
    pytest.param(
        [Step(0, [workspace(NODES_PENDING), claim()], cluster=(OPERATOR,))],
        10,
        "NodeClaim/ws1a2b3c4d5: provisioner does not create nodes: no provisioner has taken it up; no Deployment called "
        "gpu-provisioner or karpenter is there [KO471]",
        id="no provisioner is installed",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(NODES_PENDING),
                    {
                        "kind": "NodePool",
                        "metadata": meta("models-chat", labels={"karpenter.kaito.sh/workspace-name": "chat"}),
                        "spec": {"replicas": 1},
                        "status": {
                            "conditions": [condition("NodeClassReady", "False", "NodeClassNotFound", "AKSNodeClass x not found")]
                        },
                    },
                ],
                cluster=(OPERATOR, {**PROVISIONER, "metadata": meta("karpenter", -60, namespace="karpenter")}),
            )
        ],
        10,
        "NodePool/models-chat: provisioner does not create nodes: NodeClassReady: NodeClassNotFound: AKSNodeClass x not found "
        "(status False) [KO471]",
        id="the NodeClass is not there",
    ),
    pytest.param(
        [
            Step(
                0,
                refused(
                    "AuthorizationFailed: The client with object id 'x' does not have authorization to perform action "
                    "'Microsoft.ContainerService/managedClusters/agentPools/write'"
                ),
            )
        ],
        11,
        "NodeClaim/ws1a2b3c4d5: provisioner has no right to create nodes: Launched: LaunchFailed: AuthorizationFailed: The "
        "client with object id 'x' does not have authorization to perform action "
        "'Microsoft.ContainerService/managedClusters/agentPools/write' [KO472]",
        id="the provisioner lacks its role",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(
                        condition(
                            "WorkspaceSucceeded",
                            "False",
                            "BenchmarkFailed",
                            "benchmark failed: TPM value 0 indicates a failed run",
                            9,
                        )
                    ),
                    node(),
                ],
            )
        ],
        14,
        "Workspace/chat: benchmark failed: benchmark failed: TPM value 0 indicates a failed run [KO473]",
        id="the benchmark failed",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    {
                        **workspace(condition("WorkspaceSucceeded", "False", "workspaceFailed", "tuning job failed")),
                        "tuning": {"preset": {"name": "phi-4"}},
                    }
                ],
            )
        ],
        0,
        "Workspace/chat: job failed: workspaceFailed: tuning job failed [KO474]",
        id="the tuning job failed",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node(),
                    pod(
                        waiting("PodInitializing"),
                        init=[waiting("CrashLoopBackOff", name="data-downloader", restarts=1, ended=ended(1, 0, 0))],
                        labels={"job-name": "chat"},
                    ),
                ],
                {
                    "data-downloader": "Failed to download https://example.com/d.parquet, HTTP status code: 404, retrying...\n"
                    "Failed to download https://example.com/d.parquet after 3 attempts"
                },
            )
        ],
        0,
        "Pod/chat-0, container data-downloader: data cannot be downloaded: exit code 1: Failed to download "
        "https://example.com/d.parquet after 3 attempts (HTTP status 404) [KO475]",
        id="the dataset is not there",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    {**node(), "status": {"conditions": [condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped")]}},
                    pod(running(0)),
                ],
            )
        ],
        10,
        "Node/gpu-0: node not ready: NodeStatusUnknown: Kubelet stopped [KO448]",
        id="the node is away",
    ),
    pytest.param(
        [Step(0, [])], 1, "Workspace/chat in models: object is not there: not found [KO479]", id="the object is not there"
    ),
]


@pytest.mark.parametrize(("steps", "minute", "said"), FAILURES)
def test_cause_is_named(steps: list[Step], minute: int, said: str) -> None:
    """A wait that cannot end well ends within minutes, with the cause and nothing else."""
    ended_at, found = walk(steps)
    assert (ended_at, found.state, [problem.headline for problem in found.problems]) == (minute, "hopeless", [said])
    assert all(problem.fix for problem in found.problems)


LOADS = "INFO 03-02 08:12:00 Loading safetensors checkpoint shards: 40% Completed"
HEALTHY = [
    pytest.param(
        [
            Step(0, [workspace()]),
            Step(
                1,
                [
                    workspace(NODES_PENDING),
                    claim(condition("Launched", "Unknown", "AwaitingReconciliation", "object is awaiting reconciliation")),
                    *BUSY,
                ],
            ),
            Step(
                9,
                [
                    workspace(NODES_PENDING),
                    claim(
                        condition("Launched", "True"),
                        condition("Registered", "Unknown", "NodeNotFound", "Node not registered with cluster"),
                    ),
                ],
            ),
            Step(
                14,
                [
                    workspace(PENDING),
                    claim(condition("Ready", "True")),
                    node(minute=13, gpus="0"),
                    unschedulable("0/3 nodes are available: 1 Insufficient nvidia.com/gpu.", 14),
                ],
            ),
            Step(
                20,
                [
                    workspace(PENDING),
                    claim(condition("Ready", "True")),
                    node(minute=13),
                    pod(waiting("ContainerCreating"), minute=14),
                    event("Pod", "chat-0", "Pulling", "Pulling image", 20, normal=True),
                ],
            ),
            Step(38, [workspace(PENDING), claim(condition("Ready", "True")), node(minute=13), pod(running(30), minute=14)]),
            Step(50, [workspace(SUCCEEDED)]),
        ],
        50,
        id="a node after a quarter of an hour, ten minutes for the image, 20 for the weights",
    ),
    pytest.param(
        [
            Step(
                0,
                [
                    workspace(PENDING),
                    node("system-0", minute=-60, labels={}),
                    unschedulable("0/1 nodes are available", spec={"nodeSelector": {"apps": "gpu"}}),
                ],
            ),
            Step(
                1,
                [
                    workspace(PENDING),
                    node("system-0", minute=-60, labels={}),
                    unschedulable("0/1 nodes are available", spec={"nodeSelector": {"apps": "gpu"}}),
                    event(
                        "Pod",
                        "chat-0",
                        "TriggeredScaleUp",
                        "pod triggered scale-up: [{aks-gpu 0->1 (max: 2)}]",
                        5,
                        first=1,
                        normal=True,
                    ),
                ],
            ),
            Step(14, [workspace(PENDING), node(minute=14, labels={"apps": "gpu"}), pod(running(14))]),
            Step(30, [workspace(SUCCEEDED)]),
        ],
        30,
        id="an autoscaler scales up",
    ),
    pytest.param(
        [
            Step(0, refused("Code=AllocationFailed", 0)),
            Step(12, [workspace(PENDING), node(minute=12), pod(running(12))]),
            Step(20, [workspace(SUCCEEDED)]),
        ],
        20,
        id="capacity comes back after twelve minutes",
    ),
    pytest.param(
        [
            Step(0, refused("AuthorizationFailed: does not have authorization", 0)),
            Step(8, [workspace(PENDING), node(minute=8), pod(waiting("ErrImagePull", "401 Unauthorized"), minute=8)]),
            Step(15, [workspace(PENDING), node(minute=8), pod(running(15), minute=8)]),
            Step(30, [workspace(SUCCEEDED)]),
        ],
        30,
        id="role assignments take their time",
    ),
    pytest.param(
        [
            Step(0, [workspace(PENDING), node(), pod(running(0))]),
            Step(10, [workspace(PENDING), node(minute=10, labels=OWNER), pod(waiting("ContainerCreating"), minute=10)]),
            Step(20, [workspace(PENDING), node(minute=10), pod(running(20), minute=10)]),
            Step(40, [workspace(SUCCEEDED)]),
        ],
        40,
        id="a spot node is evicted and replaced",
    ),
    pytest.param(
        [
            Step(
                0,
                [workspace(PENDING), node(), pod(running(3, restarts=1, ended=ended(1, 0, 2)))],
                {"chat": "torch.OutOfMemoryError: CUDA out of memory"},
            ),
            Step(
                3,
                [workspace(PENDING), node(), pod(running(3, restarts=1, ended=ended(1, 2.9, 3)))],
                {"chat": "torch.OutOfMemoryError: CUDA out of memory"},
            ),
            Step(25, [workspace(SUCCEEDED)]),
        ],
        25,
        id="a crash once, then a run that outlives it",
    ),
    pytest.param(
        [
            Step(0, [workspace(PENDING), node(), pod(running(0))], cluster=()),
            Step(1, [workspace(PENDING), node(), pod(running(0))]),
            Step(30, [workspace(SUCCEEDED)]),
        ],
        30,
        id="the operator is seen only later",
    ),
    pytest.param(
        [
            Step(0, [workspace(PENDING), node(), pod(waiting("CreateContainerConfigError", 'configmap "chat" not found'))]),
            Step(4, [workspace(PENDING), node(), pod(running(4))]),
            Step(12, [workspace(SUCCEEDED)]),
        ],
        12,
        id="a ConfigMap that is written after the pod",
    ),
    pytest.param(
        [
            Step(0, [workspace(condition("WorkspaceSucceeded", "True", generation=1), generation=2)]),
            Step(2, [workspace(condition("WorkspaceSucceeded", "False", "workspacePending", "x", 2, 2), generation=2)]),
            Step(9, [workspace(condition("WorkspaceSucceeded", "True", minute=9, generation=2), generation=2)]),
        ],
        9,
        id="ready for the last specification is not ready for this one",
    ),
    pytest.param(
        [
            Step(0, refused("OperationNotAllowed: another operation is in progress on the agent pool, try again later", 0)),
            Step(11, [workspace(PENDING), node(minute=11), pod(running(11))]),
            Step(30, [workspace(SUCCEEDED)]),
        ],
        30,
        id="an operation in progress is no quota",
    ),
]


@pytest.mark.parametrize(("steps", "minute"), HEALTHY)
def test_slow_is_not_hopeless(steps: list[Step], minute: int) -> None:
    """A wait that ends well is not given up before."""
    ended_at, found = walk(steps)
    assert (ended_at, found.state, found.problems) == (minute, "ready", ())


def test_every_cause_is_provoked() -> None:
    """Each row of the table is found by one of the timelines."""
    assert {cause.code for cause in CAUSES.values()} == {row.values[2].rsplit("[", 1)[1].rstrip("]") for row in FAILURES}


def test_secrets_are_not_told() -> None:
    """A token in a log, an address or a setting is not repeated."""
    lines = "a hf_abcdefghijklmnop b Bearer abcdefgh1234 c https://me:pw@host/x d https://h/x?sv=1&sig=abc%2F e password=geheim f"
    assert one_line(lines) == (
        "a [secret] b [secret] c https://[secret]@host/x d https://h/x?sv=1&sig=[secret] e password=[secret] f"
    )


SHOWN = [step for row in (*FAILURES, *HEALTHY) for step in row.values[0]]
ODD = st.sampled_from([None, "", "x", 0, -1, [], {}, [None], [{}], ["x"], {"x": None}, True, 1.5, "2026-13-99"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in entries for found in places(item, (*path, key)))]


@pytest.mark.parametrize("label", [["chat"], {"chat": 1}, 7, None], ids=["a list", "a mapping", "a number", "nothing"])
def test_label_of_a_node_that_is_no_text(label: Any) -> None:
    """A node whose label is no text is no one's, and no reason to stop."""
    node = {"kind": "Node", "metadata": {"name": "gpu-0", "labels": {"kaito.sh/workspace": label}}}
    owned = {"name": "chat-0", "namespace": "models", "labels": {"kaito.sh/workspace": "chat"}}
    pod = {"kind": "Pod", "metadata": owned, "spec": {"nodeName": "gpu-0"}}
    found, _ = diagnose(CHAT, Step(0, [*SHOWN[0].things, pod, node]).shown(30), Memory())
    assert [problem.code for problem in found.problems if "gpu-0" in problem.found] == []


@given(step=st.sampled_from(SHOWN), data=st.data())
@settings(max_examples=400, deadline=None)
def test_no_shape_of_an_object_ends_the_wait(step: Step, data: Any) -> None:
    """Whatever a cluster shows in the place of one value, the judgement is made, and only by causes of the table."""
    things = copy.deepcopy([*step.cluster, *step.things])
    *way, last = data.draw(st.sampled_from([path for path in places(things) if len(path) > 1 and path[1:] != ("kind",)]))
    holder: Any = things
    for key in way:
        holder = holder[key]
    holder[last] = data.draw(ODD)
    memory = Memory()
    for minute in (0, 1, 30):
        found, memory = diagnose(CHAT, Step(0, things, step.logs, step.more, ()).shown(minute), memory)
        codes = {problem.code for problem in found.problems}
        assert codes <= {cause.code for cause in CAUSES.values()} | {"KO476"}


@given(minutes=st.lists(st.integers(0, 200), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_looking_more_often_finds_the_same(minutes: list[int]) -> None:
    """When a cause has its own time, it does not matter how often, or since when, the cluster is looked at."""
    memory, target = Memory(), replace(CHAT, budget_seconds=10**6)
    for minute in sorted(minutes):
        found, memory = diagnose(target, Step(0, refused(QUOTA)).shown(minute), memory)
    assert (found.state == "hopeless") == (max(minutes) >= 3)


def outlived(seconds: float) -> tuple[str, bool]:
    """Return the state, and whether there is a doubt, of a container whose new run lasts so much longer than its failed one."""
    again = running(10, restarts=1, ended=ended(1, 4, 9))
    minute = 15 + seconds / 60
    found, _ = diagnose(CHAT, Step(minute, [workspace(PENDING), node(), pod(again)]).shown(minute), Memory())
    return found.state, bool(found.doubts)


def test_a_run_that_outlives_the_failed_one_is_progress() -> None:
    """A failed run is a doubt until the present one has lasted a minute longer than it; then it is forgotten."""
    waiting = [outlived(seconds) for seconds in (-60, 59, 61, 600)]
    assert waiting == [("waiting", True), ("waiting", True), ("waiting", False), ("waiting", False)]
