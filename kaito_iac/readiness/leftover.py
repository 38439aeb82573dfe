"""What is left of KAITO in a cluster and should not be: stuck deletions, nodes without an owner, storage, addresses, CRDs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kaito_iac.catalog.label import CREATED_BY_SET
from kaito_iac.problem import Problem, Severity
from kaito_iac.readiness.redact import minutes
from kaito_iac.readiness.snapshot import (
    KINDS,
    Snapshot,
    Thing,
    deleting,
    items,
    labels_of,
    moment,
    name_of,
    namespace_of,
    part,
    text,
    whole,
)
from kaito_iac.readiness.target import MIRROR, OWNERS

GROUPS: Final = ("kaito.sh", "karpenter.sh", "inference.networking.k8s.io", "inference.networking.x-k8s.io")
"""API groups whose CRDs KAITO's charts install."""
STORAGE: Final = "kaito-local-nvme-disk"
"""StorageClass of KAITO's chart for local disks."""
AZURE: Final = (
    "only the cluster was looked at: agent pools, disks, addresses, identities and role assignments that are left in the cloud "
    "are not visible from here (`az aks nodepool list`, and the node resource group MC_…)"
)
"""What cannot be seen in a cluster."""


def leftovers(snapshot: Snapshot) -> Iterator[Problem]:
    """Return what is left: an error costs money or blocks, a warning is untidy, an info is being deleted."""
    for kind in KINDS:
        for thing in snapshot.of(kind):
            if deleting(thing):
                yield _stuck(kind, thing, snapshot)
    for kind in ("NodeClaim", "NodePool", "Node"):
        for thing in snapshot.of(kind):
            yield from _unowned(kind, thing, snapshot)
    for kind in ("PersistentVolumeClaim", "Service"):
        for thing in snapshot.of(kind):
            yield from _storage_or_address(kind, thing, snapshot)
    for volume in snapshot.of("PersistentVolume"):
        if text(volume, "status", "phase") == "Released" and text(volume, "spec", "storageClassName") == STORAGE:
            fix = f"kubectl delete pv {name_of(volume)}"
            yield Problem("KO477", f"PersistentVolume/{name_of(volume)}", "released, and kept", "", fix, "warning")
    yield from _without_operator(snapshot)


def operators(snapshot: Snapshot) -> list[Thing]:
    """Return the Deployments of KAITO's own operators."""
    return [
        one for one in snapshot.of("Deployment") if labels_of(one).get("app.kubernetes.io/name") in ("workspace", "ragengine")
    ]


def _stuck(kind: str, thing: Thing, snapshot: Snapshot) -> Problem:
    written = text(thing, "metadata", "deletionTimestamp")
    age = max(0.0, snapshot.now - moment(written))
    held = [str(one) for one in part(thing, "metadata", "finalizers") or ()]
    by = f"held by {', '.join(held)}" if held else "without a finalizer: it is about to be deleted"
    path = _path(kind, thing)
    chart = "ragengine" if kind == "RAGEngine" else "workspace"
    there = [one for one in operators(snapshot) if labels_of(one).get("app.kubernetes.io/name") == chart]
    if there and any(whole(one, "status", "availableReplicas") for one in there):
        severity: Severity = "info" if age < 600 else "error"
        fix = f"read why in the operator's log: `kubectl logs -n {namespace_of(there[0])} deployment/{name_of(there[0])}`"
        return Problem("KO477", path, f"being deleted for {minutes(age)}, {by}", "", fix, severity)
    why = "the operator is not running" if there else "the operator is gone"
    fix = f"run the operator again (chart {chart}) until it is gone; without it remove the finalizer and what it made by hand"
    return Problem("KO477", path, f"being deleted for {minutes(age)}, {by}, and {why}", "", fix)


def _unowned(kind: str, thing: Thing, snapshot: Snapshot) -> Iterator[Problem]:
    labels = {**labels_of(thing), **(part(thing, "spec", "template", "metadata", "labels") or {})}
    owners = [(owner, str(labels[name]), str(labels.get(space, ""))) for name, space, owner in OWNERS if labels.get(name)]
    if not owners or any(_there(owner, name, space, snapshot) for owner, name, space in owners):
        return
    owner, name, space = owners[0]
    gone = f"{owner} {space}/{name}" if space else f"{owner} {name}"
    state = "being deleted, " if deleting(thing) else ""
    fix = (
        f"kubectl delete {kind.lower()} {name_of(thing)}"
        if kind != "Node"
        else "delete its NodeClaim, or its node pool in the cloud"
    )
    if deleting(thing):
        fix = "wait; if it remains, check its provisioner: only that removes the node and then this object"
    severity: Severity = "info" if deleting(thing) else "error"
    yield Problem(
        "KO477", f"{kind}/{name_of(thing)}", f"{state}made for {gone}, which is gone: it may still cost money", "", fix, severity
    )


def _there(kind: str, name: str, namespace: str, snapshot: Snapshot) -> bool:
    return any(name_of(one) == name and namespace in ("", namespace_of(one)) for one in snapshot.of(kind))


def _storage_or_address(kind: str, thing: Thing, snapshot: Snapshot) -> Iterator[Problem]:
    if kind == "Service" and text(thing, "spec", "type") != "LoadBalancer":
        return
    labels = labels_of(thing)
    owners = [(owner, str(labels[key])) for key, _, owner in OWNERS if labels.get(key)]
    owners += [("ModelMirror", str(labels[MIRROR]))] if labels.get(MIRROR) else []
    owners += [("InferenceSet", str(labels[CREATED_BY_SET]))] if labels.get(CREATED_BY_SET) else []
    space = namespace_of(thing)
    if not owners or any(_there(owner, name, "" if owner == "ModelMirror" else space, snapshot) for owner, name in owners):
        return
    owner, name = owners[0]
    what = "a public address" if kind == "Service" else "a volume"
    fix = f"kubectl delete {'service' if kind == 'Service' else 'pvc'} -n {space} {name_of(thing)}"
    yield Problem("KO477", _path(kind, thing), f"{what} of {owner} {name}, which is gone: it still costs money", "", fix)


def _without_operator(snapshot: Snapshot) -> Iterator[Problem]:
    """Return CRDs and webhooks of KAITO where no operator is installed."""
    if operators(snapshot) or any("deployments" in reason for reason in snapshot.unseen):
        return
    for crd in snapshot.of("CustomResourceDefinition"):
        group = text(crd, "spec", "group")
        if group == "karpenter.sh" and any("karpenter" in name_of(one) for one in snapshot.of("Deployment")):
            continue
        if group in GROUPS:
            fix = f"kubectl delete crd {name_of(crd)}, when nothing else uses it: its objects go with it"
            yield Problem(
                "KO477", f"CustomResourceDefinition/{name_of(crd)}", "kept, and no operator serves it", "", fix, "warning"
            )
    for hook in snapshot.of("ValidatingWebhookConfiguration"):
        if name_of(hook).endswith(".kaito.sh"):
            found = "without a running server: every change of its kind is refused"
            fix = f"kubectl delete validatingwebhookconfiguration {name_of(hook)}"
            yield Problem("KO477", f"ValidatingWebhookConfiguration/{name_of(hook)}", found, "", fix)


def _path(kind: str, thing: Thing) -> str:
    space = namespace_of(thing)
    return f"{kind}/{name_of(thing)} in {space}" if space else f"{kind}/{name_of(thing)}"


def objects_left(snapshot: Snapshot) -> list[Problem]:
    """Return the workloads that forbid removing the operator or its CRDs: those that are not being deleted."""
    found = []
    for kind in KINDS:
        for thing in snapshot.of(kind):
            if not deleting(thing) and not _owned(thing):
                fix = "destroy it first, with the stack that made it: without its operator nothing removes its nodes"
                found.append(Problem("KO478", _path(kind, thing), "still there; the operator cannot go before it", "", fix))
    return found


def going(snapshot: Snapshot) -> list[str]:
    """Return what is being deleted, and needs operator and provisioner until it is gone."""
    found = [_path(kind, thing) for kind in KINDS for thing in snapshot.of(kind) if deleting(thing) or _owned(thing)]
    for kind in ("NodePool", "NodeClaim", "Node"):
        found += [f"{kind}/{name_of(thing)}" for thing in snapshot.of(kind) if _made_by_kaito(thing)]
    return found


def _owned(thing: Thing) -> bool:
    return any(text(owner, "kind") in KINDS for owner in items(thing, "metadata", "ownerReferences")) or bool(
        labels_of(thing).get(CREATED_BY_SET)
    )


def _made_by_kaito(thing: Thing) -> bool:
    labels = {**labels_of(thing), **(part(thing, "spec", "template", "metadata", "labels") or {})}
    return any(labels.get(key) for key, _, _ in OWNERS)


def refused(problems: Sequence[Problem], most: int = 20) -> tuple[Problem, ...]:
    """Return the first problems, and how many more there are."""
    rest = len(problems) - most
    more = [Problem("KO478", "cluster", f"{rest} more objects like these", severity="info")] if rest > 0 else []
    return (*problems[:most], *more)
