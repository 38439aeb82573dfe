"""Reads everything of KAITO in a cluster, and waits until what was deleted is gone."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Final

from kaito_iac.problem import Problem
from kaito_iac.readiness.cluster import Absent, Cluster, Forbidden, Unreachable
from kaito_iac.readiness.cluster_reader import CLUSTER_WIDE, OPERATORS, kind_path
from kaito_iac.readiness.leftover import going, objects_left, refused
from kaito_iac.readiness.redact import minutes
from kaito_iac.readiness.snapshot import KINDS, Snapshot, Thing
from kaito_iac.readiness.watch import WatchedCluster

PATHS: Final = {
    **{kind: kind_path(kind) for kind in KINDS},
    **CLUSTER_WIDE,
    "Deployment": "/apis/apps/v1/deployments",
    "PersistentVolumeClaim": "/api/v1/persistentvolumeclaims",
    "PersistentVolume": "/api/v1/persistentvolumes",
    "Service": "/api/v1/services",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "ValidatingWebhookConfiguration": "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
}
"""Kind to the address of all its objects."""
GOING: Final = (*KINDS, *CLUSTER_WIDE)
"""Kinds that must be gone before the operator is."""
GONE_SECONDS: Final = 30 * 60
"""How long nodes may take to go: clouds delete a node in minutes, pods with long graces hold it."""
PAUSE: Final = 5.0


def survey(cluster: Cluster | WatchedCluster, kinds: tuple[str, ...] = tuple(PATHS)) -> Snapshot:
    """Read all objects of the kinds; what may not be read is named in `unseen`."""
    objects: dict[str, list[Thing]] = {}
    absent, unseen = set(), []
    for kind in kinds:
        try:
            selector = OPERATORS if kind == "Deployment" else ""
            objects[kind] = [{**one, "kind": kind} for one in cluster.items(PATHS[kind], selector=selector)]
        except Absent:
            absent.add(kind)
        except Forbidden as error:
            unseen.append(str(error))
    now = cluster.now or time()
    return Snapshot(now=now, objects=objects, absent=frozenset(absent), unseen=tuple(unseen))


def until_gone(
    cluster: Cluster | WatchedCluster,
    say: Callable[[str], None],
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    seconds: float = GONE_SECONDS,
) -> tuple[Problem, ...]:
    """Wait until no workload and no node of KAITO is left; return why the operator may not be removed, or nothing.

    A workload that is not being deleted, and what cannot be read, refuse at once.
    """
    begun, shown = clock(), ""
    while True:
        try:
            held, problems = _held(survey(cluster, GOING))
        except Unreachable as error:
            held, problems = [str(error)], ()
        if problems or not held:
            return problems
        text = f"waiting for {held[0]}{f' and {len(held) - 1} more' if len(held) > 1 else ''} to be gone"
        if text != shown:
            shown = text
            say(text)
        if clock() - begun > seconds:
            fix = "see `kaito-iac leftovers` for what holds them; the operator and its provisioner are needed to remove them"
            found = f"still there after {minutes(seconds)}: {', '.join(held[:5])}"
            return (Problem("KO478", "cluster", found, "", fix),)
        sleep(PAUSE)


def _held(snapshot: Snapshot) -> tuple[list[str], tuple[Problem, ...]]:
    """Return what is still being deleted, and what refuses at once."""
    if snapshot.unseen:
        fix = "give this user the right to list it, so that what is left can be seen"
        return [], tuple(Problem("KO478", "cluster", f"cannot be seen: {reason}", "", fix) for reason in snapshot.unseen)
    return going(snapshot), refused(objects_left(snapshot))
