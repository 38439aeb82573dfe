"""Pools of nodes in a cluster: Karpenter's NodePools, agent pools of AKS, node groups of EKS, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from kaito_iac.catalog.find import find_any_size
from kaito_iac.catalog.label import INSTANCE_TYPE, NODE_POOL
from kaito_iac.readiness.error_patterns import cloud_refusal
from kaito_iac.readiness.find_nodes import find_nodes
from kaito_iac.readiness.finding import Finding, Memory
from kaito_iac.readiness.snapshot import (
    Snapshot,
    Thing,
    condition,
    deleting,
    holds,
    items,
    label,
    labels_of,
    mapping,
    moment,
    name_of,
    part,
    since,
    text,
    whole,
)
from kaito_iac.readiness.target import Own, Target

KARPENTER_POOL: Final = "NodePool"
MACHINE_POOL: Final = "AgentPool"
"""A pool that a cloud manages: of AKS, or a node group of EKS. It is no object of the cluster."""
POOL_KINDS: Final = (KARPENTER_POOL, MACHINE_POOL)
POOL_LABELS: Final = (
    "kubernetes.azure.com/agentpool",
    "agentpool",
    "eks.amazonaws.com/nodegroup",
    "alpha.eksctl.io/nodegroup-name",
)
"""Labels of a node with the name of the pool that its cloud manages."""
AUTOSCALER: Final = ("kube-system", "cluster-autoscaler-status")
"""Namespace and name of the ConfigMap in which the cluster autoscaler reports (since 1.30 as YAML)."""
_WORDS: Final = {
    "nodepool": KARPENTER_POOL,
    "nodepools": KARPENTER_POOL,
    "agentpool": MACHINE_POOL,
    "agentpools": MACHINE_POOL,
    "nodegroup": MACHINE_POOL,
    "pool": MACHINE_POOL,
}


def pool_kind(word: str) -> str | None:
    """Return the kind of pool that a word names."""
    return _WORDS.get(word.lower().removesuffix(".karpenter.sh"))


def pools_called(name: str, snapshot: Snapshot) -> Iterator[Target]:
    """Return the pools of a name that the cluster shows."""
    if any(name_of(pool) == name for pool in snapshot.of(KARPENTER_POOL)):
        yield Target(kind=KARPENTER_POOL, namespace="", name=name)
    if any(_pool_of(node) == name for node in snapshot.of("Node")) or _group(name, snapshot):
        yield Target(kind=MACHINE_POOL, namespace="", name=name)


def own_of_pool(target: Target, snapshot: Snapshot) -> Own:
    """Return what belongs to a pool."""
    karpenter = target.kind == KARPENTER_POOL
    thing = snapshot.find(KARPENTER_POOL, "", target.name) if karpenter else None
    claims = [one for one in snapshot.of("NodeClaim") if karpenter and labels_of(one).get(NODE_POOL) == target.name]
    nodes = [one for one in snapshot.of("Node") if _belongs(one, target, karpenter)]
    if not karpenter and (nodes or _group(target.name, snapshot)):
        thing = {"kind": MACHINE_POOL, "metadata": {"name": target.name}}
    return Own(
        thing=thing,
        parts=((target.kind, thing),) if thing is not None else (),
        nodeclaims=tuple(claims),
        nodepools=(thing,) if karpenter and thing is not None else (),
        nodes=tuple(nodes),
        pods=(),
        jobs=(),
    )


def find_pool(target: Target, ours: Own, snapshot: Snapshot, memory: Memory) -> list[Finding]:
    """Return what is wrong with a pool."""
    if ours.thing is None:
        missing = KARPENTER_POOL in snapshot.absent and target.kind == KARPENTER_POOL
        message = "the API server has no kind NodePool" if missing else "not found: no such object, and no node with its label"
        return [Finding(cause="crd" if missing else "gone", about=target.label, found=message)]
    found = list(find_nodes(ours, snapshot, memory.claims))
    found += _without_gpus(ours.nodes)
    found += _backoff(target, snapshot)
    return found


def pool_ready(ours: Own, findings: Sequence[Finding]) -> bool:
    """Return whether every node that a pool has, or asks for, is ready."""
    wanted = max(sum(whole(pool, "spec", "replicas") for pool in ours.nodepools), len(ours.nodeclaims))
    there = sum(holds(node, "Ready") for node in ours.nodes)
    return ours.thing is not None and not findings and there >= wanted


def pool_waits_for(ours: Own) -> str:
    """Return what a pool that is not ready waits for."""
    wanted = max(sum(whole(pool, "spec", "replicas") for pool in ours.nodepools), len(ours.nodeclaims), len(ours.nodes))
    there = sum(holds(node, "Ready") for node in ours.nodes)
    return f"nodes: {there} of {wanted} ready"


def _belongs(node: Thing, target: Target, karpenter: bool) -> bool:
    return labels_of(node).get(NODE_POOL) == target.name if karpenter else _pool_of(node) == target.name


def _pool_of(node: Thing) -> str:
    labels = labels_of(node)
    return next((str(labels[key]) for key in POOL_LABELS if labels.get(key)), "")


def _without_gpus(nodes: Sequence[Thing]) -> Iterator[Finding]:
    """Return nodes that are ready, have GPUs by their size, and offer none to pods."""
    for node in nodes:
        size = find_any_size(str(labels_of(node).get(INSTANCE_TYPE, "")))
        offered = mapping(node, "status", "allocatable")
        if size is None or not size.schedulable or not holds(node, "Ready") or deleting(node):
            continue
        if not any(key.startswith("nvidia.com/") and str(offered[key]) != "0" for key in offered):
            found = f"ready, {size.gpus} x {size.gpu_model} by its size, but it offers no nvidia.com/gpu: driver or device plugin"
            yield Finding(
                cause="gpu", about=label(node, "Node"), found=f"{found} is missing", since=since(condition(node, "Ready"))
            )


def _group(name: str, snapshot: Snapshot) -> Any:
    """Return what the cluster autoscaler reports of a pool; its groups are called like aks-NAME-12345678-vmss."""
    for group in snapshot.of("NodeGroup"):
        words = text(group, "name").split("-")
        if text(group, "name") == name or (words[0] in ("aks", "eks") and "-".join(words[1:]).startswith(f"{name}-")):
            return group
    return None


def _backoff(target: Target, snapshot: Snapshot) -> Iterator[Finding]:
    group = _group(target.name, snapshot) if target.kind == MACHINE_POOL else None
    scale_up = part(group, "scaleUp")
    info = mapping(scale_up, "backoffInfo")
    words = ": ".join(word for word in (text(info, "errorCode"), text(info, "errorMessage")) if word)
    if text(scale_up, "status") == "Backoff":
        found = f"the cluster autoscaler backs off{f': {words}' if words else ''}"
        begun = moment(text(scale_up, "lastTransitionTime"))
        yield Finding(cause=cloud_refusal(words) or "provisioner", about=target.label, found=found, since=begun)


def node_groups(status: Any) -> list[Thing]:
    """Return the groups of a report of the cluster autoscaler, as read from YAML."""
    return list(items(status, "nodeGroups"))
