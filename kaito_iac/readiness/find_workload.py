"""What the workload itself and its operator show: whether it is there and looked after, and what KAITO says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.readiness.finding import Finding
from kaito_iac.readiness.ready import behind
from kaito_iac.readiness.snapshot import (
    Snapshot,
    Thing,
    condition,
    conditions,
    created,
    deleting,
    items,
    label,
    labels_of,
    name_of,
    since,
    text,
    whole,
)
from kaito_iac.readiness.target import Own, Target

OPERATORS: Final = {"RAGEngine": "ragengine"}
"""Kind to the chart that serves it; all others: workspace."""
FAILED_JOB: Final = frozenset({"WorkspaceTuningJobStatusFailed", "workspaceFailed"})
FAILED_MIRROR: Final = frozenset({"InvalidSpec", "PVCCreateFailed", "JobCreateFailed"})
"""Reasons of a ModelMirror that its controller does not get over; DownloadFailed is reported for the job."""
_WEBHOOK: Final = "failed calling webhook"


def find_workload(target: Target, own: Own, snapshot: Snapshot) -> Iterator[Finding]:
    """Return what is wrong with the object, and with the operator that should reconcile it."""
    if target.kind in snapshot.absent:
        yield Finding(cause="crd", about=target.label, found=f"the API server has no kind {target.kind}")
        return
    if own.thing is None:
        yield Finding(cause="gone", about=target.label, found="not found")
        return
    uid = text(own.thing, "metadata", "uid")
    if target.uid and uid != target.uid:
        found = f"found one with uid {uid} instead of {target.uid}: recreated, or another cluster"
        yield Finding(cause="gone", about=target.label, found=found)
        return
    if deleting(own.thing):
        since_ = text(own.thing, "metadata", "deletionTimestamp")
        yield Finding(cause="gone", about=target.label, found=f"being deleted since {since_}")
        return
    yield from _operator(target, own, snapshot)
    for kind, one in own.parts:
        yield from _conditions(kind, one)


def _operator(target: Target, own: Own, snapshot: Snapshot) -> Iterator[Finding]:
    chart = OPERATORS.get(target.kind, "workspace")
    found = [one for one in snapshot.of("Deployment") if chart in _chart(one)]
    down = bool(found) and not any(whole(one, "status", "availableReplicas") for one in found)
    if down:
        one = found[0]
        place = f"Deployment {text(one, 'metadata', 'namespace')}/{name_of(one)}"
        when = since(condition(one, "Available")) or created(one)
        yield Finding(
            cause="operator", about=target.label, found=f"{place} has no available pod{_why(one, snapshot)}", since=when
        )
    for kind, one in own.parts:
        unread = not any(conditions(one)) and not text(one, "status", "phase")
        if down or not (unread or behind(one)):
            continue
        message = "nothing has written its status" if unread else "nothing has read its last change"
        missing = not found and not any("deployments" in reason for reason in snapshot.unseen)
        where = f"; no Deployment of chart {chart} is there" if missing else ""
        yield Finding(cause="operator", about=label(one, kind), found=message + where, since=created(one) if unread else 0.0)


def _chart(deployment: Thing) -> tuple[str, str]:
    return str(labels_of(deployment).get("app.kubernetes.io/name", "")), name_of(deployment).removeprefix("kaito-")


def _why(deployment: Thing, snapshot: Snapshot) -> str:
    """Return what the pods of a Deployment wait for, where they can be seen."""
    for pod in snapshot.of("OperatorPod"):
        if name_of(pod).startswith(f"{name_of(deployment)}-"):
            for status in items(pod, "status", "containerStatuses"):
                reason = text(status, "state", "waiting", "reason")
                if reason:
                    return f": {reason}: {text(status, 'state', 'waiting', 'message')}"
    return ""


def _conditions(kind: str, one: Thing) -> Iterator[Finding]:
    about = label(one, kind)
    webhook = False
    for found in conditions(one):
        reason, message = text(found, "reason"), text(found, "message")
        if found.get("status") == "True":
            continue
        if _WEBHOOK in message and not webhook:
            webhook = True
            yield Finding(cause="webhook", about=about, found=message)
        elif reason == "BenchmarkFailed" and found.get("type") != "BenchmarkCompleted":
            yield Finding(cause="benchmark", about=about, found=message, since=since(found))
        elif (reason in FAILED_JOB and found.get("type") == "WorkspaceSucceeded") or reason in FAILED_MIRROR:
            detail = f"{reason}: {message}"
            yield Finding(cause="job", about=about, found=detail, since=since(found))
