"""What is left of KAITO in a cluster, as whole lists, and what forbids removing its operator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kaito_iac.readiness.leftover import going, leftovers, objects_left, refused
from kaito_iac.readiness.snapshot import Snapshot

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC).timestamp()
OWNED = {"kaito.sh/workspace": "chat", "kaito.sh/workspacenamespace": "models"}
POOLED = {"karpenter.kaito.sh/workspace-name": "chat", "karpenter.kaito.sh/workspace-namespace": "models"}


def thing(kind: str, name: str, namespace: str = "", *, deleted: str = "", **more: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "labels": more.pop("labels", {}), "finalizers": more.pop("finalizers", [])}
    metadata |= {"namespace": namespace} if namespace else {}
    metadata |= {"deletionTimestamp": deleted} if deleted else {}
    return {"kind": kind, "metadata": metadata, **more}


def cluster(*things: dict[str, Any], unseen: tuple[str, ...] = ()) -> Snapshot:
    objects: dict[str, list[Any]] = {}
    for one in things:
        objects.setdefault(one["kind"], []).append(one)
    return Snapshot(now=NOW, objects=objects, unseen=unseen)


def operator(available: int = 1) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": "workspace"}
    return thing("Deployment", "kaito-workspace", "kaito", labels=labels, status={"availableReplicas": available})


CHAT = thing("Workspace", "chat", "models")
STUCK = thing("Workspace", "chat", "models", deleted="2026-03-02T07:48:00Z", finalizers=["workspace.finalizer.kaito.sh"])
FRESH = thing("Workspace", "chat", "models", deleted="2026-03-02T07:59:00Z", finalizers=["workspace.finalizer.kaito.sh"])
GONE = "made for Workspace models/chat, which is gone: it may still cost money [KO477]"


@pytest.mark.parametrize(
    ("things", "said"),
    [
        pytest.param([operator(), CHAT, thing("NodeClaim", "ws1", labels=OWNED)], [], id="all in use"),
        pytest.param(
            [operator(), STUCK],
            [
                "Workspace/chat in models: being deleted for 12 min, held by workspace.finalizer.kaito.sh [KO477]\n"
                "  fix: read why in the operator's log: `kubectl logs -n kaito deployment/kaito-workspace`"
            ],
            id="a deletion that is stuck with its operator",
        ),
        pytest.param(
            [operator(), FRESH],
            [
                "info: Workspace/chat in models: being deleted for 60 s, held by workspace.finalizer.kaito.sh [KO477]\n"
                "  fix: read why in the operator's log: `kubectl logs -n kaito deployment/kaito-workspace`"
            ],
            id="a deletion that has just begun",
        ),
        pytest.param(
            [operator(0), FRESH],
            [
                "Workspace/chat in models: being deleted for 60 s, held by workspace.finalizer.kaito.sh, and the operator is not "
                "running [KO477]\n"
                "  fix: run the operator again (chart workspace) until it is gone; without it remove the finalizer and what it "
                "made by hand"
            ],
            id="a deletion whose operator has stopped",
        ),
        pytest.param(
            [
                operator(),
                thing("NodeClaim", "ws1", labels=OWNED),
                thing("NodePool", "models-chat", labels=POOLED),
                thing("Node", "gpu-0", labels=OWNED),
            ],
            [
                f"NodeClaim/ws1: {GONE}\n  fix: kubectl delete nodeclaim ws1",
                f"NodePool/models-chat: {GONE}\n  fix: kubectl delete nodepool models-chat",
                f"Node/gpu-0: {GONE}\n  fix: delete its NodeClaim, or its node pool in the cloud",
            ],
            id="nodes whose workload is gone",
        ),
        pytest.param(
            [operator(), thing("NodeClaim", "ws1", labels=OWNED, deleted="2026-03-02T07:59:00Z")],
            [
                f"info: NodeClaim/ws1: being deleted, {GONE}\n"
                "  fix: wait; if it remains, check its provisioner: only that removes the node and then this object"
            ],
            id="a node that is going",
        ),
        pytest.param(
            [
                operator(),
                thing("PersistentVolumeClaim", "model-chat-0", "models", labels={"kaito.sh/workspace": "chat"}),
                thing("Service", "chat", "models", labels={"kaito.sh/workspace": "chat"}, spec={"type": "LoadBalancer"}),
                thing("Service", "inner", "models", labels={"kaito.sh/workspace": "chat"}, spec={"type": "ClusterIP"}),
                thing(
                    "PersistentVolume", "pv-1", spec={"storageClassName": "kaito-local-nvme-disk"}, status={"phase": "Released"}
                ),
                thing("PersistentVolume", "pv-2", spec={"storageClassName": "default"}, status={"phase": "Released"}),
            ],
            [
                "PersistentVolumeClaim/model-chat-0 in models: a volume of Workspace chat, which is gone: it still costs money "
                "[KO477]\n  fix: kubectl delete pvc -n models model-chat-0",
                "Service/chat in models: a public address of Workspace chat, which is gone: it still costs money [KO477]\n"
                "  fix: kubectl delete service -n models chat",
                "warning: PersistentVolume/pv-1: released, and kept [KO477]\n  fix: kubectl delete pv pv-1",
            ],
            id="volumes and addresses",
        ),
        pytest.param(
            [
                thing("CustomResourceDefinition", "workspaces.kaito.sh", spec={"group": "kaito.sh"}),
                thing("CustomResourceDefinition", "nodeclaims.karpenter.sh", spec={"group": "karpenter.sh"}),
                thing("CustomResourceDefinition", "certificates.cert-manager.io", spec={"group": "cert-manager.io"}),
                thing("ValidatingWebhookConfiguration", "validation.workspace.kaito.sh"),
                thing("Deployment", "karpenter", "kube-system", labels={"app.kubernetes.io/name": "karpenter"}),
            ],
            [
                "warning: CustomResourceDefinition/workspaces.kaito.sh: kept, and no operator serves it [KO477]\n"
                "  fix: kubectl delete crd workspaces.kaito.sh, when nothing else uses it: its objects go with it",
                "ValidatingWebhookConfiguration/validation.workspace.kaito.sh: without a running server: every change of "
                "its kind is refused [KO477]\n  fix: kubectl delete validatingwebhookconfiguration validation.workspace.kaito.sh",
            ],
            id="CRDs and webhooks without an operator, but not Karpenter's own",
        ),
    ],
)
def test_what_is_left(things: list[Any], said: list[str]) -> None:
    """Everything that is left is named with what removes it, and nothing that is in use."""
    assert [problem.text("") for problem in leftovers(cluster(*things))] == said


def test_nothing_is_said_of_an_operator_that_cannot_be_seen() -> None:
    """Where Deployments may not be listed, CRDs are not called left over."""
    crd = thing("CustomResourceDefinition", "workspaces.kaito.sh", spec={"group": "kaito.sh"})
    assert list(leftovers(cluster(crd, unseen=("deployments.apps is forbidden",)))) == []


def test_what_forbids_removing_the_operator() -> None:
    """Workloads of users forbid it; what is going, and what KAITO made of a set, is only waited for."""
    replica = thing("Workspace", "set-x", "models", labels={"inferenceset.kaito.sh/created-by": "set"})
    shown = cluster(CHAT, FRESH, replica, thing("NodeClaim", "ws1", labels=OWNED))
    assert [problem.path for problem in objects_left(shown)] == ["Workspace/chat in models"]
    assert going(shown) == ["Workspace/chat in models", "Workspace/set-x in models", "NodeClaim/ws1"]


def test_many_are_counted() -> None:
    """Of many objects twenty are named, and the rest is counted."""
    many = objects_left(cluster(*(thing("Workspace", f"chat-{number}", "models") for number in range(25))))
    assert [problem.headline for problem in refused(many)][-1] == "cluster: 5 more objects like these [KO478]"
    assert len(refused(many)) == 21
