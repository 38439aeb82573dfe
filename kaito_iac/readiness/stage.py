"""What a workload is waiting for at the moment, and how long that may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.readiness.finding import claim_ready
from kaito_iac.readiness.snapshot import (
    Snapshot,
    Thing,
    conditions,
    deleting,
    holds,
    items,
    last_seen,
    name_of,
    part,
    text,
    whole,
)
from kaito_iac.readiness.target import Own, Target, start_seconds
from kaito_iac.sizing.weights import PROVISION_SECONDS

OPERATOR_SECONDS: Final = 2 * 60
"""Time for an operator to take a change up."""
IMAGE_SECONDS: Final = 20 * 60
"""Time for an image of 20 GB at 17 MB/s."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on the way to ready."""

    waiting_for: str
    """A clause such as `a node of Standard_NC24ads_A100_v4`."""
    seconds: int
    """How long this step may take."""


def stage(target: Target, own: Own, snapshot: Snapshot) -> Stage:
    """Return the step that the workload is at: that of its slowest part."""
    thing = own.thing
    if thing is None:
        return Stage(f"{target.label} to be there", OPERATOR_SECONDS)
    if not any(conditions(thing)) and not text(thing, "status", "phase"):
        return Stage("the operator to take it up", OPERATOR_SECONDS)
    nodes = _nodes(own)
    if nodes:
        return nodes
    pods = [pod for pod in own.pods if not deleting(pod) and text(pod, "status", "phase") not in ("Failed", "Succeeded")]
    stages = [found for pod in pods if (found := _pod(pod, own, snapshot, target))]
    if stages:
        return stages[0]
    if part(thing, "tuning") and pods:
        return Stage("the tuning job to finish", target.budget_seconds)
    return _summary(target, own)


def _nodes(own: Own) -> Stage | None:
    """Return how many nodes are missing; None when none is, or it is not stated how many there should be."""
    wanted = sum(whole(one, "status", "targetNodeCount") for one in own.workspaces)
    wanted = wanted or sum(whole(pool, "spec", "replicas") for pool in own.nodepools)
    wanted = max(wanted, len([claim for claim in own.nodeclaims if not deleting(claim)]))
    there = sum(holds(node, "Ready") for node in own.nodes)
    there = max(there, sum(claim_ready(claim) for claim in own.nodeclaims))
    waits = any(not claim_ready(claim) for claim in own.nodeclaims) or any(
        found.get("type") in ("NodesReady", "ResourceReady") and found.get("status") != "True"
        for _, one in own.parts
        for found in conditions(one)
    )
    if not waits or there >= wanted:
        return None
    size = next((text(one, "resource", "instanceType") for one in own.workspaces if text(one, "resource", "instanceType")), "")
    return Stage(f"nodes{f' of {size}' if size else ''}: {there} of {wanted} ready", PROVISION_SECONDS)


def _pod(pod: Thing, own: Own, snapshot: Snapshot, target: Target) -> Stage | None:
    if holds(pod, "Ready"):
        return None
    name = name_of(pod)
    if not text(pod, "spec", "nodeName"):
        return Stage(f"a node for pod {name}", PROVISION_SECONDS)
    for status in (*items(pod, "status", "initContainerStatuses"), *items(pod, "status", "containerStatuses")):
        if part(status, "state", "waiting") and whole(status, "restartCount") == 0:
            return _starting(pod, status, snapshot)
    if own.thing is not None and part(own.thing, "tuning"):
        return None
    seconds = int(start_seconds(own.thing, target.kind)) if own.thing is not None else IMAGE_SECONDS
    restarts = sum(whole(status, "restartCount") for status in items(pod, "status", "containerStatuses"))
    again = f", restart {restarts}" if restarts else ""
    return Stage(f"pod {name} to answer (it loads weights){again}", seconds)


def _starting(pod: Thing, status: Any, snapshot: Snapshot) -> Stage:
    pulls = [
        event
        for event in snapshot.of("Event")
        if text(event, "involvedObject", "name") == name_of(pod) and text(event, "reason") in ("Pulling", "Pulled")
    ]
    latest = max(pulls, key=last_seen, default=None)
    if latest is not None and text(latest, "reason") == "Pulling":
        return Stage(f"pod {name_of(pod)} to pull {status.get('image') or 'its image'}", IMAGE_SECONDS)
    reason = text(status, "state", "waiting", "reason")
    return Stage(f"pod {name_of(pod)}, container {status.get('name')} to start ({reason or 'no reason given'})", IMAGE_SECONDS)


def _summary(target: Target, own: Own) -> Stage:
    """Return the first condition that is not true, where nothing more specific is known."""
    thing = own.thing
    for found in conditions(thing) if thing is not None else ():
        if found.get("status") != "True" and text(found, "message"):
            return Stage(f"{found.get('type')}: {text(found, 'message')}", target.budget_seconds)
    return Stage("its controller to call it ready", OPERATOR_SECONDS)
