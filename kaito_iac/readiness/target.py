"""What is waited for: one workload, how long it may take, and which objects of the cluster are its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kaito_iac.catalog.find import find_model
from kaito_iac.catalog.label import CREATED_BY_SET
from kaito_iac.readiness.snapshot import KINDS, Snapshot, Thing, items, labels_of, name_of, namespace_of, part, text
from kaito_iac.sizing.weights import ready_seconds, wait_seconds

TUNING_SECONDS: Final = 12 * 3600
"""How long a tuning job may take when it is not stated: as KaitoTuning waits."""
SLOWEST_START: Final = ready_seconds(0)
"""Start-up budget of a workload whose weights are unknown, seconds: KAITO's shortest."""
OWNERS: Final = (
    ("kaito.sh/workspace", "kaito.sh/workspacenamespace", "Workspace"),
    ("karpenter.kaito.sh/workspace-name", "karpenter.kaito.sh/workspace-namespace", "Workspace"),
    ("kaito.sh/ragengine", "kaito.sh/ragenginenamespace", "RAGEngine"),
    ("karpenter.kaito.sh/inferenceset", "karpenter.kaito.sh/inferenceset-namespace", "InferenceSet"),
)
"""Labels of NodeClaims, NodePools and nodes: key of the name, key of the namespace, kind of the owner (KAITO 0.12)."""
CREATED_BY_ROLES: Final = "multiroleinference.kaito.sh/created-by"
MIRROR: Final = "kaito.sh/model-mirror-name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One workload that is waited for."""

    kind: str
    namespace: str
    """Empty for a ModelMirror."""
    name: str
    begun: float = 0.0
    """When the wait began, in the cluster's time; 0: at the first look."""
    altered: bool = False
    """Its specification has changed right before the wait: what was wrong before counts from then."""
    budget_seconds: int = 0
    """How long it may take from then; 0: what its model needs."""
    uid: str = ""
    """The object that is meant, when the caller knows it."""
    generation: int = 0
    """The specification that is meant, when the caller knows it."""

    @property
    def changed(self) -> float:
        """Return when its specification changed, in the cluster's time; 0: long ago."""
        return self.begun if self.altered else 0.0

    @property
    def label(self) -> str:
        """Return kind, namespace and name."""
        place = f" in {self.namespace}" if self.namespace else ""
        return f"{self.kind}/{self.name}{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What of a snapshot belongs to one workload."""

    thing: Thing | None
    parts: tuple[tuple[str, Thing], ...]
    """The workload and the objects that KAITO makes of it, with their kinds: the sets of roles, the replicas of a set."""
    nodeclaims: tuple[Thing, ...]
    nodepools: tuple[Thing, ...]
    nodes: tuple[Thing, ...]
    pods: tuple[Thing, ...]
    jobs: tuple[Thing, ...]

    @property
    def workspaces(self) -> tuple[Thing, ...]:
        """Return the Workspaces among the parts."""
        return tuple(thing for kind, thing in self.parts if kind == "Workspace")


def own(target: Target, snapshot: Snapshot) -> Own:
    """Return what belongs to the workload."""
    thing = snapshot.find(target.kind, target.namespace, target.name)
    parts = tuple(_parts(target, snapshot, thing))
    names = {(kind, name_of(part_)) for kind, part_ in parts}

    def owned(kind: str) -> tuple[Thing, ...]:
        return tuple(found for found in snapshot.of(kind) if owner_of(found, target.namespace) in names)

    pods = tuple(pod for pod in snapshot.of("Pod") if _pod_owner(pod, target) & names)
    jobs = tuple(job for job in snapshot.of("Job") if _pod_owner(job, target) & names)
    nodes = {name_of(node): node for node in (*owned("Node"), *_hosts(snapshot, pods))}
    return Own(
        thing=thing,
        parts=parts,
        nodeclaims=owned("NodeClaim"),
        nodepools=owned("NodePool"),
        nodes=tuple(nodes.values()),
        pods=pods,
        jobs=jobs,
    )


def _parts(target: Target, snapshot: Snapshot, thing: Thing | None) -> Iterator[tuple[str, Thing]]:
    if thing is None:
        return
    yield target.kind, thing
    sets = {target.name} if target.kind == "InferenceSet" else set()
    if target.kind == "MultiRoleInference":
        for found in snapshot.of("InferenceSet"):
            if labels_of(found).get(CREATED_BY_ROLES) == target.name and namespace_of(found) == target.namespace:
                sets.add(name_of(found))
                yield "InferenceSet", found
    for found in snapshot.of("Workspace"):
        if labels_of(found).get(CREATED_BY_SET) in sets and namespace_of(found) == target.namespace:
            yield "Workspace", found


def owner_of(thing: Thing, namespace: str | None = None) -> tuple[str, str] | None:
    """Return kind and name of the workload that a NodeClaim, NodePool or node was made for; None without one there."""
    labels = dict(labels_of(thing))
    template = part(thing, "spec", "template", "metadata", "labels")
    labels.update(template if isinstance(template, dict) else {})
    for name_key, namespace_key, kind in OWNERS:
        name = labels.get(name_key)
        if name and (namespace is None or labels.get(namespace_key, namespace) == namespace):
            return kind, str(name)
    return None


def _pod_owner(pod: Thing, target: Target) -> set[tuple[str, str]]:
    """Return the workloads that a pod or job may be of."""
    labels = labels_of(pod)
    mirror = labels.get(MIRROR)
    found = {("ModelMirror", str(mirror))} if mirror else set()
    if target.kind != "ModelMirror" and namespace_of(pod) != target.namespace:
        return set()
    for key, _, kind in OWNERS:
        if labels.get(key):
            found.add((kind, str(labels[key])))
    job = labels.get("job-name") or labels.get("batch.kubernetes.io/job-name")
    if job:
        found |= {("Workspace", str(job)), ("ModelMirror", str(job))}
    for owner in items(pod, "metadata", "ownerReferences"):
        found.add((text(owner, "kind"), text(owner, "name")))
    return found


def _hosts(snapshot: Snapshot, pods: tuple[Thing, ...]) -> Iterator[Thing]:
    names = {text(pod, "spec", "nodeName") for pod in pods} - {""}
    yield from (node for node in snapshot.of("Node") if name_of(node) in names)


def budget(thing: Thing | None, kind: str) -> int:
    """Return how long a workload may take, seconds: start-up budget of its weights, image, new nodes; tuning has its own."""
    if thing is None:
        return wait_seconds(SLOWEST_START, provisioned=True)
    if part(thing, "tuning"):
        return TUNING_SECONDS
    return wait_seconds(start_seconds(thing, kind), provisioned=kind != "ModelMirror")


def start_seconds(thing: Thing, kind: str) -> float:
    """Return the start-up budget of a workload's weights, seconds, by the catalogue."""
    inference = ("spec", "template", "inference") if kind == "InferenceSet" else ("inference",)
    name = (
        text(thing, *inference, "preset", "name")
        or text(thing, "spec", "model", "name")
        or text(thing, "spec", "source", "modelID")
    )
    card = find_model(name) if name else None
    return card.ready_seconds if card else SLOWEST_START


def read_target(text_: str, namespace: str) -> Target | None:
    """Read KIND/NAME, the kind in any case, short or plural; None for anything else."""
    kind, slash, name = text_.partition("/")
    found = kind_of(kind)
    if not slash or not name or "/" in name or found is None:
        return None
    return Target(kind=found, namespace="" if found == "ModelMirror" else namespace, name=name)


SHORT_KINDS: Final = {
    "wk": "Workspace",
    "wks": "Workspace",
    "is": "InferenceSet",
    "isets": "InferenceSet",
    "rag": "RAGEngine",
    "mri": "MultiRoleInference",
}
"""Short names of the CRDs."""


def kind_of(word: str) -> str | None:
    """Return the kind that a word names, as kubectl takes it."""
    word = word.lower().removesuffix(".kaito.sh")
    names = {kind.lower(): kind for kind in KINDS} | {plural: kind for kind, plural in KINDS.items()} | SHORT_KINDS
    return names.get(word)
