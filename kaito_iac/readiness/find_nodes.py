"""What keeps nodes away: refusals of the cloud, provisioners that do nothing, NodeClaims that are created and lost repeatedly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kaito_iac.catalog.label import NODE_POOL
from kaito_iac.readiness.error_patterns import cloud_refusal
from kaito_iac.readiness.finding import Claim, Finding, claim_ready
from kaito_iac.readiness.snapshot import (
    Snapshot,
    Thing,
    condition,
    conditions,
    created,
    deleting,
    first_seen,
    holds,
    label,
    last_seen,
    mapping,
    name_of,
    part,
    since,
    text,
    whole,
)
from kaito_iac.readiness.target import Own

RECENT_SECONDS: Final = 10 * 60
"""Events older than this say nothing about now."""
STAGES: Final = ("Launched", "Registered", "Initialized")
"""Conditions of a NodeClaim, in the order in which they come true."""
WAITING_REASONS: Final = frozenset({"", "AwaitingReconciliation"})
CHURN: Final = 3
"""NodeClaims lost without a node that make a pattern."""
PROVISIONERS: Final = ("gpu-provisioner", "karpenter")
NODE_REASONS: Final = ("NodeClaimReady", "ResourceReady", "NodesReady")


def find_nodes(own: Own, snapshot: Snapshot, claims: Mapping[str, Claim]) -> Iterator[Finding]:
    """Return what keeps nodes away."""
    for claim in own.nodeclaims:
        if not deleting(claim) and not claim_ready(claim):
            yield from _claim(claim, snapshot)
    for pool in own.nodepools:
        yield from _pool(pool, own, snapshot)
    yield from _events(own, snapshot, claims)
    yield from _repeated_by_kaito(own)
    yield from _churn(own, claims)
    yield from _without_gpus(own)
    yield from not_ready(own.nodes)


def not_ready(nodes: Sequence[Thing]) -> Iterator[Finding]:
    """Return nodes whose kubelet says that they are not ready, or says nothing any more."""
    for node in nodes:
        found = condition(node, "Ready")
        if found and found.get("status") != "True" and not deleting(node):
            words = ": ".join(word for word in (text(found, "reason"), text(found, "message")) if word)
            yield Finding(cause="node", about=label(node, "Node"), found=words or "no reason given", since=since(found))


def _claim(claim: Thing, snapshot: Snapshot) -> Iterator[Finding]:
    about = label(claim, "NodeClaim")
    started = False
    for stage in STAGES:
        found = condition(claim, stage)
        reason, message = text(found, "reason"), text(found, "message")
        if not found or found.get("status") == "True":
            started = started or bool(found)
            continue
        started = started or reason not in WAITING_REASONS
        cause = cloud_refusal(f"{reason}: {message}")
        if cause:
            yield Finding(cause=cause, about=about, found=f"{stage}: {reason}: {message}", since=since(found))
        elif stage == "Launched" and reason not in WAITING_REASONS and found.get("status") == "False":
            yield Finding(cause="provisioner", about=about, found=f"{stage}: {reason}: {message}", since=since(found))
        elif stage == "Initialized" and "nvidia.com/" in message:
            yield Finding(cause="gpu", about=about, found=f"{stage}: {reason}: {message}", since=_registered(claim))
    if not started:
        found_text = f"no provisioner has taken it up{_idle(snapshot)}"
        yield Finding(cause="provisioner", about=about, found=found_text, since=created(claim))


def _registered(claim: Thing) -> float:
    """Return when the node of a claim joined the cluster."""
    return since(condition(claim, "Registered")) or created(claim)


def _idle(snapshot: Snapshot) -> str:
    """Report which provisioners are installed and not running; empty where it cannot be known."""
    names = [name_of(one) for one in snapshot.of("Deployment") if name_of(one).startswith(PROVISIONERS)]
    down = [
        name_of(one)
        for one in snapshot.of("Deployment")
        if name_of(one) in names and not whole(one, "status", "availableReplicas")
    ]
    if down:
        return f"; not running: {', '.join(sorted(down))}"
    if not names and not any("deployments" in reason for reason in snapshot.unseen):
        return "; no Deployment called gpu-provisioner or karpenter is there"
    return ""


def _pool(pool: Thing, own: Own, snapshot: Snapshot) -> Iterator[Finding]:
    about = label(pool, "NodePool")
    for found in conditions(pool):
        reason, message = text(found, "reason"), text(found, "message")
        if found.get("status") == "False" and found.get("type") in ("NodeClassReady", "ValidationSucceeded"):
            detail = ": ".join(word for word in (text(found, "type"), reason, message) if word)
            yield Finding(cause="provisioner", about=about, found=f"{detail} (status False)", since=since(found))
            return
    claims = [one for one in own.nodeclaims if mapping(one, "metadata", "labels").get(NODE_POOL) == name_of(pool)]
    if not claims and whole(pool, "spec", "replicas") and not deleting(pool) and not own.nodes:
        found_text = f"no NodeClaim has been made for its {whole(pool, 'spec', 'replicas')} nodes{_idle(snapshot)}"
        yield Finding(cause="provisioner", about=about, found=found_text, since=created(pool))


def _events(own: Own, snapshot: Snapshot, claims: Mapping[str, Claim]) -> Iterator[Finding]:
    """Return refusals that events report: of claims, also lost ones, of pools, and of pods an autoscaler looks after."""
    live = {name_of(claim) for claim in own.nodeclaims if claim_ready(claim)}
    pools = tuple(f"{name_of(pool)}-" for pool in own.nodepools)
    names = {
        "NodeClaim": set(claims) - live,
        "NodePool": {name_of(pool) for pool in own.nodepools},
        "Pod": {name_of(pod) for pod in own.pods},
    }
    parts = {name_of(one) for _, one in own.parts}
    begun = created(own.thing) if own.thing else 0.0
    for event in snapshot.of("Event"):
        kind, name = text(event, "involvedObject", "kind"), text(event, "involvedObject", "name")
        ours = name in names.get(kind, parts) or (kind == "NodeClaim" and pools and name.startswith(pools) and name not in live)
        if not ours or last_seen(event) < max(snapshot.now - RECENT_SECONDS, begun) or text(event, "type") == "Normal":
            continue
        words = f"{text(event, 'reason')}: {text(event, 'message')}"
        cause = cloud_refusal(words)
        if cause and not (kind == "Pod" and "Scale" not in text(event, "reason")):
            yield Finding(cause=cause, about=f"{kind}/{name}", found=words, since=max(first_seen(event), begun))


def _repeated_by_kaito(own: Own) -> Iterator[Finding]:
    """Return refusals that KAITO repeats in the conditions of its objects: all there is where NodeClaims cannot be read."""
    if own.nodeclaims:
        return
    for kind, one in own.parts:
        for type_ in NODE_REASONS:
            found = condition(one, type_)
            words = f"{text(found, 'reason')}: {text(found, 'message')}"
            cause = cloud_refusal(words) if found.get("status") != "True" else None
            if cause:
                yield Finding(cause=cause, about=label(one, kind), found=f"{type_}: {words}", since=since(found))
                break


def _churn(own: Own, claims: Mapping[str, Claim]) -> Iterator[Finding]:
    live = {name_of(claim) for claim in own.nodeclaims if not deleting(claim)}
    begun = created(own.thing) if own.thing else 0.0
    lost = [claim.first_seen for name, claim in claims.items() if name not in live and not claim.ready]
    lost = sorted(when for when in lost if when >= begun - 1)
    if len(lost) >= CHURN and own.thing and not any(claim_ready(claim) for claim in own.nodeclaims):
        about = label(own.thing, text(own.thing, "kind") or own.parts[0][0])
        yield Finding(
            cause="churn", about=about, found=f"{len(lost)} NodeClaims were deleted before they became nodes", since=lost[0]
        )


def _without_gpus(own: Own) -> Iterator[Finding]:
    """Return nodes that KAITO made for its Workspaces and that offer no GPU although they are ready."""
    wanted = {name_of(one) for one in own.workspaces}
    for node in own.nodes:
        labels = mapping(node, "metadata", "labels")
        maker = labels.get("kaito.sh/workspace") or labels.get("karpenter.kaito.sh/workspace-name")
        if not isinstance(maker, str) or maker not in wanted or not holds(node, "Ready"):
            continue
        offered = mapping(node, "status", "allocatable")
        if not any(key.startswith("nvidia.com/") and str(offered[key]) != "0" for key in offered):
            found = "ready, but it offers no nvidia.com/gpu: driver or device plugin is missing"
            yield Finding(cause="gpu", about=label(node, "Node"), found=found, since=since(condition(node, "Ready")))


def coming(own: Own, snapshot: Snapshot) -> bool:
    """Return whether nodes are on their way: a claim that is not a node yet, or an autoscaler that has reported so lately."""
    if any(not deleting(claim) and not claim_ready(claim) for claim in own.nodeclaims):
        return True
    young = snapshot.now - RECENT_SECONDS
    if any(created(node) > young for node in own.nodes) or any(created(pool) > young for pool in own.nodepools):
        return True
    pods = {name_of(pod) for pod in own.pods}
    return any(
        text(event, "reason") in ("TriggeredScaleUp", "Nominated", "NominatedPod")
        and text(event, "involvedObject", "name") in pods
        and last_seen(event) > young
        for event in snapshot.of("Event")
    )


def matching(pod: Thing, snapshot: Snapshot) -> list[Thing]:
    """Return the nodes that the selector and required affinity of a pod match."""
    terms = part(pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    selector = mapping(pod, "spec", "nodeSelector")
    found = []
    for node in snapshot.of("Node"):
        labels = mapping(node, "metadata", "labels")
        if any(labels.get(key) != value for key, value in selector.items()):
            continue
        if not isinstance(terms, list) or any(_term(term, labels) for term in terms):
            found.append(node)
    return found


def _term(term: object, labels: Mapping[str, object]) -> bool:
    expressions = part(term, "matchExpressions") if isinstance(term, dict) else None
    return all(_expression(one, labels) for one in expressions or () if isinstance(one, dict))


def _expression(one: Mapping[str, object], labels: Mapping[str, object]) -> bool:
    key, operator, values = one.get("key"), one.get("operator"), one.get("values")
    listed = values if isinstance(values, list) else []
    if operator == "In":
        return labels.get(str(key)) in listed
    if operator == "NotIn":
        return labels.get(str(key)) not in listed
    if operator == "Exists":
        return key in labels
    return key not in labels if operator == "DoesNotExist" else True
