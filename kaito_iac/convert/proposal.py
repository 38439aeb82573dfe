"""What a component would be called with to make an object, before it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.kubernetes.document import Unreadable, read_one

Key = tuple[str, str, str]
"""Kind, namespace and name of an object."""
LONGEST_TEXT: Final = 64 * 1024
"""Longest configuration that is read, characters."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Placeholder in arguments for a GpuNodePool of existing nodes with these labels."""

    labels: tuple[tuple[str, str], ...]


def pool_args(nodes: Nodes, size: str | None) -> dict[str, Any]:
    """Return the arguments of the GpuNodePool that stands for existing nodes."""
    return {"instance_type": size, "labels": dict(nodes.labels)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One object that a resource class holds, and everything else of the input."""

    kind: str
    name: str
    fields: Mapping[str, Any]
    """metadata and the other top-level fields."""
    others: Mapping[Key, Mapping[str, Any]]
    """Every object of the input, by its key, as its class takes it."""

    @property
    def namespace(self) -> str:
        """Return its namespace; `default` where it names none."""
        return space(self.fields["metadata"])

    def own(self, field: str) -> dict[str, Any]:
        """Return a mapping of the metadata, such as the labels."""
        return mapping(self.fields["metadata"].get(field))

    def part(self, *path: str) -> Any:
        """Return a field inside; None where there is none."""
        return inside(self.fields, *path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One way to make an object by a component."""

    component: str
    args: Mapping[str, Any]
    companions: tuple[Key, ...] = ()
    """Further objects of the input that the component would make."""
    title: str | None = None
    """What to call it in the program, where that is not the object's name."""


def space(metadata: Mapping[str, Any]) -> str:
    """Return the namespace of an object; `default` where it names none."""
    found = metadata.get("namespace")
    return found if isinstance(found, str) and found else "default"


def mapping(value: Any) -> dict[str, Any]:
    """Return a copy of a mapping; an empty one of anything else, which the comparison then shows."""
    return dict(value) if isinstance(value, Mapping) else {}


def inside(value: Any, *path: str) -> Any:
    """Return what is at a path of keys; None where there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def given(**args: Any) -> dict[str, Any]:
    """Return the arguments that have a value."""
    return {key: value for key, value in args.items() if value not in (None, {}, [])}


def read_yaml(text: Any) -> Any:
    """Return the data of a short YAML text; None for anything else."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or "&" in text:
        return None
    try:
        return read_one(text).data
    except Unreadable:
        return None


def common(manifest: Manifest, *, handled: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return namespace, labels and annotations as every component takes them; `handled`: annotations that arguments stand for."""
    annotations = {key: text for key, text in manifest.own("annotations").items() if key not in handled}
    namespace = manifest.namespace if manifest.kind != "ModelMirror" and manifest.namespace != "default" else None
    return given(namespace=namespace, labels=manifest.own("labels"), annotations=annotations)


def selected(manifest: Manifest, selector: Any, *, exists: bool) -> dict[str, Any]:
    """Return the arguments by which a component finds its nodes: a pool of existing ones, or labels beside the instance type."""
    labels = mapping(inside(selector, "matchLabels"))
    if exists and all(isinstance(text, str) for text in labels.values()):
        return {"node_pool": Nodes(tuple(sorted(labels.items())))}
    return given(node_selector=labels) if labels != {"apps": manifest.name} else {}
