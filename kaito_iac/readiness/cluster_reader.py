"""Looks at a cluster: reads all that the diagnosis of some workloads needs, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import time
from typing import Any, Final

from kaito_iac.catalog.label import CREATED_BY_SET
from kaito_iac.readiness.cluster import Absent, Cluster, ClusterError, Forbidden
from kaito_iac.readiness.snapshot import KINDS, Snapshot, Thing, items, labels_of, name_of, namespace_of, part, text, whole
from kaito_iac.readiness.target import CREATED_BY_ROLES, MIRROR, OWNERS, Target
from kaito_iac.readiness.watch import WatchedCluster

OPERATORS: Final = "app.kubernetes.io/name in (workspace,ragengine,gpu-provisioner,karpenter)"
"""Selector of the Deployments and pods of operators and provisioners, by the labels of their charts."""
LOG_LINES: Final = 80
VERSIONS: Final = {"ModelMirror": "v1alpha1", "MultiRoleInference": "v1alpha1"}
"""Kind to the version that is read; all others: v1beta1."""
CLUSTER_WIDE: Final = {
    "NodeClaim": "/apis/karpenter.sh/v1/nodeclaims",
    "NodePool": "/apis/karpenter.sh/v1/nodepools",
    "Node": "/api/v1/nodes",
}
IN_NAMESPACE: Final = {
    "Pod": "/api/v1/namespaces/{}/pods",
    "Event": "/api/v1/namespaces/{}/events",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
}


def kind_path(kind: str, namespace: str = "") -> str:
    """Return the address of one of KAITO's kinds, in a namespace or everywhere."""
    place = f"namespaces/{namespace}/" if namespace and kind != "ModelMirror" else ""
    return f"/apis/kaito.sh/{VERSIONS.get(kind, 'v1beta1')}/{place}{KINDS[kind]}"


class Eye:
    """Reads snapshots of one cluster, and remembers the logs it has read."""

    def __init__(self, cluster: Cluster | WatchedCluster, *, running_logs: bool = False) -> None:
        self._cluster = cluster
        self._running_logs = running_logs
        """Whether the logs of containers that run and are not ready are read too."""
        self._logs: dict[tuple[str, str, int], str] = {}

    def look(self, targets: Sequence[Target], more: Sequence[tuple[str, str]] = ()) -> Snapshot:
        """Read all that concerns the targets, and more lists by kind and address; raises ClusterError without the targets."""
        objects: dict[str, list[Thing]] = {}
        absent: set[str] = set()
        unseen: list[str] = []
        for kind, path, must in (*_lists(targets), *((kind, path, False) for kind, path in more)):
            try:
                objects.setdefault(kind, []).extend(self._list(kind, path))
            except Absent:
                absent.add(kind)
            except Forbidden as error:
                if must:
                    raise
                unseen.append(str(error))
        for namespace in _mirror_namespaces(objects):
            objects.setdefault("Pod", []).extend(self._list("Pod", IN_NAMESPACE["Pod"].format(namespace)))
            objects.setdefault("Job", []).extend(self._list("Job", IN_NAMESPACE["Job"].format(namespace)))
        logs = dict(self._read_logs(objects.get("Pod", ())))
        now = self._cluster.now or time()
        return Snapshot(now=now, objects=objects, logs=logs, absent=frozenset(absent), unseen=tuple(unseen))

    def _list(self, kind: str, path: str) -> list[Thing]:
        selector = OPERATORS if kind in ("Deployment", "OperatorPod") else ""
        return [{**one, "kind": kind} for one in self._cluster.items(path, selector=selector)]

    def _read_logs(self, pods: Iterable[Thing]) -> Iterator[tuple[tuple[str, str, str], str]]:
        for pod in pods:
            if not _ours(pod):
                continue
            for status in (*items(pod, "status", "initContainerStatuses"), *items(pod, "status", "containerStatuses")):
                ended = part(status, "state", "terminated") or part(status, "lastState", "terminated")
                failed = isinstance(ended, Mapping) and whole(ended, "exitCode") != 0
                runs = self._running_logs and part(status, "state", "running") and status.get("ready") is not True
                if not failed and not runs:
                    continue
                container = text(status, "name")
                place = (namespace_of(pod), name_of(pod), container)
                key = (text(pod, "metadata", "uid"), container, whole(status, "restartCount"))
                if key not in self._logs:
                    self._logs[key] = self._log(place, previous=failed and not part(status, "state", "terminated"))
                yield place, self._logs[key]

    def _log(self, place: tuple[str, str, str], *, previous: bool) -> str:
        namespace, name, container = place
        query = [("container", container), ("tailLines", str(LOG_LINES)), ("limitBytes", "65536")]
        query += [("previous", "true")] if previous else []
        try:
            return self._cluster.text(f"/api/v1/namespaces/{namespace}/pods/{name}/log", query)
        except ClusterError:  # the container's own message is used
            return ""

    def everything(self, namespace: str = "") -> list[Target]:
        """Return every workload of a namespace, or of all, that is not part of another."""
        found: list[Target] = []
        for kind in KINDS:
            try:
                things = self._cluster.items(kind_path(kind, namespace))
            except Absent:
                continue
            found += [Target(kind=kind, namespace=namespace_of(one), name=name_of(one)) for one in things if not _part(one)]
        return found


def _part(thing: Thing) -> bool:
    """Return whether KAITO made it for another of its objects."""
    owned = any(text(owner, "kind") in KINDS for owner in items(thing, "metadata", "ownerReferences"))
    return owned or bool({CREATED_BY_SET, CREATED_BY_ROLES} & labels_of(thing).keys())


def _ours(pod: Thing) -> bool:
    labels = labels_of(pod)
    return any(labels.get(key) for key, _, _ in OWNERS) or bool(labels.get(MIRROR) or labels.get("job-name"))


def _lists(targets: Sequence[Target]) -> Iterator[tuple[str, str, bool]]:
    """Return kind, address, and whether there is no judging without it."""
    namespaces = sorted({target.namespace for target in targets} - {""})
    kinds = {target.kind for target in targets}
    parts = {"Workspace", "InferenceSet"} if kinds & {"InferenceSet", "MultiRoleInference"} else set[str]()
    for kind in KINDS:
        if kind in kinds | parts:
            for namespace in namespaces if kind != "ModelMirror" else [""]:
                yield kind, kind_path(kind, namespace), kind in kinds
    for kind, path in CLUSTER_WIDE.items():
        yield kind, path, False
    yield "Deployment", "/apis/apps/v1/deployments", False
    yield "OperatorPod", "/api/v1/pods", False
    for kind, path in IN_NAMESPACE.items():
        for namespace in sorted({*namespaces, *(("default",) if kind == "Event" else ())}):
            yield kind, path.format(namespace), False


def _mirror_namespaces(objects: Mapping[str, Sequence[Any]]) -> set[str]:
    """Return the namespaces that mirrors download in and that were not read yet."""
    read = {namespace_of(pod) for pod in objects.get("Pod", ())}
    found = {text(one, "spec", "jobNamespace") for one in objects.get("ModelMirror", ())}
    return found - read - {""}
