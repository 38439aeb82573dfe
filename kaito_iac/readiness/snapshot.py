"""What a cluster shows at one moment, as plain Kubernetes JSON, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

Thing = Mapping[str, Any]
"""One object, as the API server gives it."""

KINDS: Final = {
    "Workspace": "workspaces",
    "InferenceSet": "inferencesets",
    "RAGEngine": "ragengines",
    "MultiRoleInference": "multiroleinferences",
    "ModelMirror": "modelmirrors",
}
"""KAITO's kinds, and what they are called in addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that was read at one moment."""

    now: float
    """Time of the cluster, seconds since 1970."""
    objects: Mapping[str, Sequence[Thing]] = field(default_factory=dict)
    """Kind to objects: KAITO's kinds, NodeClaim, NodePool, Node, Pod, Event, Job; of operators
    and provisioners Deployment and OperatorPod."""
    logs: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """Namespace, pod and container to the last lines of a container that ended badly."""
    absent: frozenset[str] = frozenset()
    """Kinds the API server does not know."""
    unseen: tuple[str, ...] = ()
    """What could not be read, and why; causes there stay unnamed."""

    def of(self, kind: str) -> Sequence[Thing]:
        """Return the objects of a kind."""
        return self.objects.get(kind, ())

    def find(self, kind: str, namespace: str, name: str) -> Thing | None:
        """Return one object; None when it is not there."""
        for thing in self.of(kind):
            if name_of(thing) == name and (namespace_of(thing) == namespace or not namespace_of(thing)):
                return thing
        return None


def part(thing: Any, *path: str) -> Any:
    """Return a value inside; None where the way ends."""
    for key in path:
        thing = thing.get(key) if isinstance(thing, Mapping) else None
    return thing


def mapping(thing: Any, *path: str) -> Mapping[str, Any]:
    """Return a mapping inside; empty where there is none."""
    found = part(thing, *path)
    return found if isinstance(found, Mapping) else {}


def items(thing: Any, *path: str) -> Iterator[Mapping[str, Any]]:
    """Return the mappings of a list inside."""
    found = part(thing, *path)
    for item in found if isinstance(found, list | tuple) else ():
        if isinstance(item, Mapping):
            yield item


def text(thing: Any, *path: str) -> str:
    """Return a text inside; empty where there is none."""
    found = part(thing, *path)
    return found if isinstance(found, str) else ""


def whole(thing: Any, *path: str) -> int:
    """Return a whole number inside; 0 where there is none."""
    found = part(thing, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def name_of(thing: Thing) -> str:
    """Return metadata.name."""
    return text(thing, "metadata", "name")


def namespace_of(thing: Thing) -> str:
    """Return metadata.namespace; empty for what has none."""
    return text(thing, "metadata", "namespace")


def labels_of(thing: Thing) -> Mapping[str, Any]:
    """Return metadata.labels."""
    return mapping(thing, "metadata", "labels")


def deleting(thing: Thing) -> bool:
    """Return whether it is being deleted."""
    return bool(text(thing, "metadata", "deletionTimestamp"))


def created(thing: Thing) -> float:
    """Return when it was created, seconds since 1970; 0 when it is not stated."""
    return moment(text(thing, "metadata", "creationTimestamp"))


def moment(written: str) -> float:
    """Read a time as Kubernetes writes it; 0 for anything else."""
    try:
        return datetime.fromisoformat(written.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0


def conditions(thing: Thing) -> Iterator[Mapping[str, Any]]:
    """Return status.conditions."""
    yield from items(thing, "status", "conditions")


def condition(thing: Thing, type_: str) -> Mapping[str, Any]:
    """Return the condition of a type; empty when there is none."""
    return next((found for found in conditions(thing) if found.get("type") == type_), {})


def holds(thing: Thing, type_: str) -> bool:
    """Return whether a condition is True."""
    return condition(thing, type_).get("status") == "True"


def since(found: Mapping[str, Any]) -> float:
    """Return when a condition took its status; 0 when it does not say."""
    return moment(text(found, "lastTransitionTime"))


def last_seen(event: Thing) -> float:
    """Return when an event happened last."""
    series = moment(text(event, "series", "lastObservedTime"))
    return max(series, *(moment(text(event, key)) for key in ("lastTimestamp", "eventTime", "firstTimestamp")), created(event))


def first_seen(event: Thing) -> float:
    """Return when an event happened first."""
    return moment(text(event, "firstTimestamp")) or moment(text(event, "eventTime")) or created(event)


def label(thing: Thing, kind: str) -> str:
    """Return kind and name, the way a user names it."""
    return f"{kind}/{name_of(thing)}"
