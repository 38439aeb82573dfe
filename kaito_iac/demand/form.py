"""Other forms of Kubernetes objects: lists, which stand for their items, and patches of objects that are in the cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, text
from kaito_iac.stack.resource import Resource

_REST: Final = Unknown("a patch: what it leaves out is in the cluster")
_Paths = tuple[tuple[str, ...], ...]
_POD: Final = ("spec", "template", "spec", "containers")
_DECIDES: Final[Mapping[str, _Paths]] = {
    "Workspace": (("resource", "instanceType"), ("resource", "count"), ("inference",)),
    "InferenceSet": (("spec", "replicas"), ("spec", "template", "resource", "instanceType"), ("spec", "template", "inference")),
    "RAGEngine": (("spec", "compute", "instanceType"),),
    "MultiRoleInference": (("spec", "roles"), ("spec", "model")),
    "NodePool": (("spec", "template", "spec", "requirements"), ("spec", "limits")),
    "NodeClaim": (("spec", "requirements"),),
    "Pod": (("spec", "containers"),),
    "Deployment": (("spec", "replicas"), _POD),
    "ReplicaSet": (("spec", "replicas"), _POD),
    "StatefulSet": (("spec", "replicas"), _POD),
    "ReplicationController": (("spec", "replicas"), _POD),
    "DaemonSet": (_POD,),
    "Job": (("spec", "parallelism"), ("spec", "completions"), _POD),
    "CronJob": (("spec", "concurrencyPolicy"), ("spec", "jobTemplate", "spec", "template", "spec", "containers")),
    "HorizontalPodAutoscaler": (("spec", "scaleTargetRef"), ("spec", "maxReplicas")),
    "ScaledObject": (("spec", "scaleTargetRef"), ("spec", "maxReplicaCount")),
}
"""What decides the demand of a kind: a patch without all of it leaves a part to what is in the cluster."""
_NO_DEMAND: Final = frozenset({"metadata", "apiVersion", "kind", "status"})


def as_objects(resources: Iterable[Resource], is_counted: Callable[[str], bool]) -> Iterator[Resource]:
    """Return resources with the items of lists, and with patches of what is counted as the objects that they make."""
    for resource in resources:
        if not resource.type.startswith("kubernetes:"):
            yield resource
            continue
        if resource.type.endswith("List"):
            yield from _items(resource)
            continue
        kind = resource.type.rpartition(":")[2]
        if kind.endswith("Patch") and is_counted(resource.type.removesuffix("Patch")):
            yield _patched(resource, kind.removesuffix("Patch"))
            continue
        yield resource


def _items(resource: Resource) -> Iterator[Resource]:
    """Return the items of a list as resources of its URN; itself where they cannot be distinguished."""
    items = entries(field(resource.inputs, "items"), "items")
    if isinstance(items, Unknown) or field(resource.inputs, "items") is None:
        yield resource
        return
    for item in items:
        token = _token(resource.type, item)
        name = text(field({"item": item}, "item", "metadata", "name"), "name")
        named = name if isinstance(name, str) else resource.name
        inputs: Any = item if isinstance(item, Mapping) else Unknown("an item that is no mapping")
        yield replace(resource, type=token or resource.type, name=named, inputs=inputs)


def _token(token: str, item: Any) -> str:
    """Return the type of an item: by its own words, else as the list says; empty where neither does."""
    version, kind = (text(field({"item": item}, "item", key), key) for key in ("apiVersion", "kind"))
    if isinstance(version, str) and isinstance(kind, str):
        return f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}"
    base = token.removesuffix("List")
    known = version is None and kind is None and not base.endswith(":")
    return base if known else ""


def _patched(resource: Resource, kind: str) -> Resource:
    """Return the object of a patch: what decides its demand and is left out is unknown; nothing where it touches none of it."""
    base = resource.type.removesuffix("Patch")
    inputs = resource.inputs
    if isinstance(inputs, Mapping) and not set(inputs) - _NO_DEMAND:
        return resource  # of labels and annotations alone
    decides = _DECIDES.get(kind)
    values: Any = inputs
    if decides is None:
        values = {**inputs, "spec": _REST} if isinstance(inputs, Mapping) else inputs
    else:
        for path in decides:
            if isinstance(values, Mapping) and field(values, *path) is None:
                values = _with(values, path)
    return replace(resource, type=base, inputs=values)


def _with(values: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return values with what is missing under a path unknown."""
    head, *rest = path
    inner = values.get(head)
    below: Any = _with(inner if isinstance(inner, Mapping) else {}, tuple(rest)) if rest else _REST
    return {**values, head: below}
