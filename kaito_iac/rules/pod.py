"""Pods inside Kubernetes objects: every container, wherever a kind keeps its pod template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_TEMPLATES: Final = (
    ("spec",),
    ("spec", "template", "spec"),
    ("spec", "jobTemplate", "spec", "template", "spec"),
    ("template", "spec"),
    ("inference", "template", "spec"),
    ("spec", "template", "inference", "template", "spec"),
)
"""Where kinds keep a pod: Pod; Deployment and its like; CronJob; PodTemplate; Workspace; InferenceSet."""
_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")


def containers(fact: Resource) -> Iterator[tuple[str, Mapping[str, Any] | Unknown]]:
    """Return every container with its path; Unknown for one that cannot be read."""
    for keys in _TEMPLATES:
        pod = field(fact.inputs, *keys)
        if isinstance(pod, Mapping):
            yield from _of_pod(".".join(keys), pod)
        elif isinstance(pod, Unknown) and not _inside_unknown(fact, keys):
            yield ".".join(keys), pod


def _inside_unknown(fact: Resource, keys: tuple[str, ...]) -> bool:
    """Return whether a shorter path is reported already."""
    return any(
        isinstance(field(fact.inputs, *other), Unknown) for other in _TEMPLATES if other != keys and keys[: len(other)] == other
    )


def _of_pod(path: str, pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | Unknown]]:
    for name in _LISTS:
        found = pod.get(name)
        if isinstance(found, Unknown):
            yield f"{path}.{name}", found
        for index, container in enumerate(found if isinstance(found, list) else []):
            place = f"{path}.{name}[{index}]"
            if isinstance(container, Mapping | Unknown):
                yield place, container
            else:
                yield place, Unknown("it is no mapping")
