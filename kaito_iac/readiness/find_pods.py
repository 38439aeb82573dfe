"""What keeps pods from running: scheduling, images, references, crashes, evictions, jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.readiness.error_patterns import image_refusal, last_lines, log_refusal
from kaito_iac.readiness.find_nodes import coming, matching
from kaito_iac.readiness.finding import ALWAYS, Finding
from kaito_iac.readiness.snapshot import (
    Snapshot,
    Thing,
    condition,
    created,
    deleting,
    first_seen,
    items,
    label,
    last_seen,
    mapping,
    moment,
    name_of,
    namespace_of,
    part,
    since,
    text,
    whole,
)
from kaito_iac.readiness.target import Own

IMAGE_REASONS: Final = frozenset(
    {"ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable"}
)
START_REASONS: Final = frozenset(
    {"CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError", "PreStartHookError"}
)
_MISSING: Final = re.compile(
    r"(?i)(secrets?|configmaps?|persistentvolumeclaims?) ?\"[^\"]+\" not found|couldn't find key|references non-existent"
)
RUNS: Final = -1
"""Restarts of a container that runs again: nothing is judged before it ends again, or outlives the run that failed."""
_OUTLIVED: Final = 60.0
"""Seconds by which a run must outlive the one that failed to count as progress."""


def find_pods(own: Own, snapshot: Snapshot) -> Iterator[Finding]:
    """Return what keeps the pods of the workload from running."""
    pods = [pod for pod in own.pods if not deleting(pod)]
    nodes_come = coming(own, snapshot)
    for pod in pods:
        if text(pod, "status", "phase") == "Failed" and text(pod, "status", "reason") == "Evicted":
            yield from _evicted(pod, pods)
            continue
        if not nodes_come:
            yield from _unschedulable(pod, snapshot)
        yield from _mounts(pod, snapshot)
        for key in ("initContainerStatuses", "containerStatuses"):
            for status in items(pod, "status", key):
                yield from _container(pod, status, snapshot)
    yield from _jobs(own)
    yield from _refused_pods(own, snapshot)


def _evicted(pod: Thing, pods: list[Thing]) -> Iterator[Finding]:
    """Return an eviction for the disk; one whose successor runs is over."""
    message = text(pod, "status", "message")
    if not re.search(r"(?i)ephemeral.storage|disk|emptydir", message):
        return
    others = [one for one in pods if one is not pod and created(one) >= created(pod)]
    if not any(text(one, "status", "phase") in ("Running", "Succeeded") for one in others):
        yield Finding(cause="disk", about=label(pod, "Pod"), found=f"Evicted: {message}", since=created(pod))


def _unschedulable(pod: Thing, snapshot: Snapshot) -> Iterator[Finding]:
    found = condition(pod, "PodScheduled")
    if found.get("status") != "False" or found.get("reason") != "Unschedulable":
        return
    message = text(found, "message")
    if re.search(r"(?i)persistentvolumeclaim", message):
        yield Finding(cause="reference", about=label(pod, "Pod"), found=message, since=since(found))
        return
    yield Finding(cause=_hindrance(pod, message, snapshot), about=label(pod, "Pod"), found=message, since=since(found))


def _hindrance(pod: Thing, message: str, snapshot: Snapshot) -> str:
    """Return what keeps a pod from the nodes it may use: the scheduler also names taints of nodes that do not match."""
    nodes = matching(pod, snapshot)
    if snapshot.of("Node"):
        if not nodes:
            return "selector"
        return "taint" if all(_untolerated(pod, node) for node in nodes) else "gpu"
    if "Insufficient" in message:
        return "gpu"
    return "selector" if "affinity/selector" in message else "taint"


def _untolerated(pod: Thing, node: Thing) -> bool:
    for taint in items(node, "spec", "taints"):
        if taint.get("effect") == "PreferNoSchedule":
            continue
        if not any(_tolerates(one, taint) for one in items(pod, "spec", "tolerations")):
            return True
    return False


def _tolerates(one: Any, taint: Any) -> bool:
    if one.get("effect") and one.get("effect") != taint.get("effect"):
        return False
    if not one.get("key"):
        return bool(one.get("operator") == "Exists")
    same = one.get("key") == taint.get("key")
    return same and (one.get("operator") == "Exists" or (one.get("value") or "") == (taint.get("value") or ""))


def _mounts(pod: Thing, snapshot: Snapshot) -> Iterator[Finding]:
    for event in _events_of(pod, snapshot):
        message = text(event, "message")
        if text(event, "reason") == "FailedMount" and _MISSING.search(message) and not _started(pod):
            yield Finding(cause="reference", about=label(pod, "Pod"), found=f"FailedMount: {message}", since=first_seen(event))
            return


def _started(pod: Thing) -> bool:
    statuses = [*items(pod, "status", "initContainerStatuses"), *items(pod, "status", "containerStatuses")]
    return any(part(status, "state", "running") or part(status, "state", "terminated") for status in statuses)


def _events_of(pod: Thing, snapshot: Snapshot) -> list[Thing]:
    uid, name = text(pod, "metadata", "uid"), name_of(pod)
    found = [
        event
        for event in snapshot.of("Event")
        if text(event, "involvedObject", "kind") == "Pod"
        and text(event, "involvedObject", "name") == name
        and text(event, "involvedObject", "uid") in ("", uid)
        and namespace_of(event) in ("", namespace_of(pod))
    ]
    return sorted(found, key=last_seen, reverse=True)


def _container(pod: Thing, status: Any, snapshot: Snapshot) -> Iterator[Finding]:
    about = f"{label(pod, 'Pod')}, container {status.get('name')}"
    waiting = mapping(status, "state", "waiting")
    reason, message = text(waiting, "reason"), text(waiting, "message")
    if reason in IMAGE_REASONS:
        yield _image(pod, about, status, reason, message, snapshot)
    elif reason in START_REASONS:
        cause = "reference" if _MISSING.search(message) else "crash"
        yield Finding(cause=cause, about=about, found=f"{reason}: {message}")
    else:
        yield from _ended(pod, about, status, snapshot)


def _image(pod: Thing, about: str, status: Any, reason: str, message: str, snapshot: Snapshot) -> Finding:
    """Return why an image is not pulled; the event says more than a back-off does."""
    detail, begun = message, 0.0
    for event in _events_of(pod, snapshot):
        if text(event, "reason") == "Failed" and "pull" in text(event, "message").lower():
            begun = first_seen(event)
            detail = detail if "rror" in detail else text(event, "message")
            break
    found = f"{reason}: {detail or text(status, 'image')}"
    return Finding(cause=image_refusal(reason, detail), about=about, found=found, since=begun)


def _ended(pod: Thing, about: str, status: Any, snapshot: Snapshot) -> Iterator[Finding]:
    """Return why a container ended badly, unless its present run has outlived the one that failed."""
    ended = mapping(status, "state", "terminated") or mapping(status, "lastState", "terminated")
    code = whole(ended, "exitCode")
    if not ended or (code == 0 and text(ended, "reason") != "OOMKilled") or status.get("ready") is True:
        return
    begun, finished = moment(text(ended, "startedAt")), moment(text(ended, "finishedAt"))
    running = moment(text(status, "state", "running", "startedAt"))
    if running and snapshot.now - running > (finished - begun) + _OUTLIVED:
        return
    restarts = RUNS if running else whole(status, "restartCount")
    lines = snapshot.logs.get((namespace_of(pod), name_of(pod), str(status.get("name"))), "") or text(ended, "message")
    reason = _ending(ended, lines)
    if text(ended, "reason") == "OOMKilled":
        yield Finding(cause="memory", about=about, found=reason, since=finished, restarts=restarts)
        return
    named = log_refusal(lines)
    if named:
        found = f"exit code {code}: {named[1].strip()}"
        yield Finding(cause=named[0], about=about, found=found, since=finished, restarts=_tries(pod, restarts))
    else:
        yield Finding(cause="crash", about=about, found=reason, since=created(pod), restarts=restarts)


def _tries(pod: Thing, restarts: int) -> int:
    """Return the restarts that count: a pod that is never restarted has had its only try."""
    return ALWAYS if text(pod, "spec", "restartPolicy") == "Never" and restarts != RUNS else restarts


def _ending(ended: Any, lines: str) -> str:
    code = whole(ended, "exitCode")
    reason = text(ended, "reason")
    head = f"{reason}, exit code {code}" if reason and reason != "Error" else f"exit code {code}"
    tail = last_lines(lines)
    return f"{head}: {tail}" if tail else head


def _jobs(own: Own) -> Iterator[Finding]:
    for job in own.jobs:
        found = condition(job, "Failed")
        if found.get("status") == "True" and not deleting(job):
            message = f"{text(found, 'reason')}: {text(found, 'message')}"
            yield Finding(cause="job", about=label(job, "Job"), found=message, since=since(found))


def _refused_pods(own: Own, snapshot: Snapshot) -> Iterator[Finding]:
    """Return pods that the API server refuses to create, for a quota of the namespace or a webhook that is away."""
    names = {name_of(one) for _, one in own.parts}
    for event in snapshot.of("Event"):
        about, message = text(event, "involvedObject", "name"), text(event, "message")
        ours = about in names or any(about.startswith(f"{name}-") for name in names)
        if not ours or text(event, "type") == "Normal" or last_seen(event) < snapshot.now - 300:
            continue
        cause = "webhook" if "failed calling webhook" in message else "quota" if "exceeded quota:" in message else ""
        if cause:
            kind = text(event, "involvedObject", "kind")
            yield Finding(cause=cause, about=f"{kind}/{about}", found=message, since=first_seen(event))
