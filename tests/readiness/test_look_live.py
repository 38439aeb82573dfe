"""`kaito-iac diagnose` against a real API server, with this test in the place of KAITO's controllers (a lab test).

With KAITO_IAC_WRITE_CLUSTERS=1 it records what the server answers, and what the command prints, for test_look_recorded.py.
"""

from __future__ import annotations

import json
import os
from email.utils import formatdate
from pathlib import Path
from time import time

import pytest

from .test_live import (
    KUBECONFIG,
    LONG_AGO,
    PENDING,
    SPACE,
    claim,
    command,
    condition,
    create,
    kubectl,
    pod,
    pytestmark,
    space,
    waiting,
    workspace,
)

__all__ = ["pytestmark", "space"]
RECORDED = Path(__file__).parent / "clusters"
KAITO = ("workspaces", "inferencesets", "ragengines")
ADDRESSES = (
    *(f"/apis/kaito.sh/v1beta1/{kind}" for kind in KAITO),
    *(f"/apis/kaito.sh/v1beta1/namespaces/{SPACE}/{kind}" for kind in KAITO),
    "/apis/kaito.sh/v1alpha1/multiroleinferences",
    "/apis/kaito.sh/v1alpha1/modelmirrors",
    "/apis/karpenter.sh/v1/nodeclaims",
    "/apis/karpenter.sh/v1/nodepools",
    "/apis/apps/v1/deployments",
    "/api/v1/nodes",
    "/api/v1/namespaces/default/events",
    *(f"/api/v1/namespaces/{SPACE}/{kind}" for kind in ("pods", "events", "resourcequotas")),
    f"/apis/batch/v1/namespaces/{SPACE}/jobs",
)


def record(name: str, words: tuple[str, ...]) -> None:
    """Writes what the server answers now, and what the command prints, when that is wanted."""
    if os.environ.get("KAITO_IAC_WRITE_CLUSTERS") != "1":
        return
    lists = {}
    for address in ADDRESSES:
        found = json.loads(kubectl("get", "--raw", address))["items"]
        for one in found:
            one["metadata"].pop("managedFields", None)
            one["metadata"].get("annotations", {}).pop("kubectl.kubernetes.io/last-applied-configuration", None)
        lists[address] = found
    RECORDED.mkdir(exist_ok=True)
    _, printed, _ = command("diagnose", *words)
    written = {"date": formatdate(time(), usegmt=True), "command": ["diagnose", *words], "lists": lists}
    (RECORDED / f"{name}.json").write_text(json.dumps(written, indent=1) + "\n")
    (RECORDED / f"{name}.txt").write_text(printed.replace(str(KUBECONFIG), "KUBECONFIG"))


def reasons(*words: str) -> list[tuple[str, str]]:
    """Return code and object of what the command finds."""
    code, out, _ = command("diagnose", *words, "--json")
    found = json.loads(out)
    assert (code, found["state"]) == (1, "notReady")
    return [(one["code"], one["about"]) for one in found["reasons"]]


def quota(limit: str) -> None:
    create("ResourceQuota", "gpus", "v1", metadata={"namespace": SPACE}, spec={"hard": {"requests.nvidia.com/gpu": limit}})


def test_quota_refused() -> None:
    """A NodeClaim that the cloud refuses is the cause, and the quota of the namespace is among what was seen."""
    workspace("chat", PENDING, condition("NodesReady", "False", "NodeClaimNotReady", "Ready NodeClaims are not enough"))
    claim("wsgatelive1", "chat", condition("Launched", "Unknown", "LaunchFailed", "QuotaExceeded: 24 of 24 vCPUs"))
    quota("4")
    words = ("chat",)
    assert reasons(*words) == [("KO450", "NodeClaim/wsgatelive1")]
    record("quota-refused", words)


def test_image_missing() -> None:
    """An image that does not exist is reported of the container, with the kubelet's event."""
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
        "lastTimestamp": formatted(),
    }
    kubectl("create", "-f", "-", stdin=event)
    words = ("workspace/chat", "-n", SPACE)
    assert reasons(*words)[0] == ("KO454", "Pod/chat-0, container chat")
    record("image-missing", words)


def formatted() -> str:
    """Return the present time as an event has it."""
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_rag_engine_without_its_operator() -> None:
    """A RAGEngine that nothing has looked at has no operator."""
    spec = {
        "compute": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "docs"}}},
        "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
        "inferenceService": {"url": "http://chat.models.svc/v1/chat/completions", "contextWindowSize": 2048},
    }
    create("RAGEngine", "docs", "kaito.sh/v1beta1", metadata={"namespace": SPACE}, spec=spec)
    words = ("rag/docs", "-n", SPACE)
    try:
        assert reasons(*words) == [("KO469", "RAGEngine/docs")]
        record("no-operator", words)
    finally:
        kubectl("delete", "ragengine", "docs", "-n", SPACE)


@pytest.mark.parametrize("words", [("nodepool/none",), ("none",)], ids=["a pool", "a bare name"])
def test_nothing_of_the_name(words: tuple[str, ...]) -> None:
    """What is not there is the cause for KIND/NAME of a pool, and a refusal for a bare name."""
    code, out, said = command("diagnose", *words)
    assert (code, "[KO479]" in out, bool(said)) in [(1, True, False), (3, False, True)]
