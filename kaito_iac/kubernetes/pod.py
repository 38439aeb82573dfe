"""What Kubernetes refuses of volumes and containers when the pod is made, which KAITO's admission does not look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.kubernetes.schema import Path

Found = tuple[Path, str, str]
"""Where in the part, what was found, what is accepted."""


def volume_found(volume: Any) -> Iterator[Found]:
    """Report that a volume source does not name exactly one kind of volume."""
    if isinstance(volume, Mapping) and sum(value is not None for value in volume.values()) != 1:
        message = f"{len(volume)} kinds of volume: Kubernetes will refuse the pod"
        yield (), message, "exactly one, such as persistentVolumeClaim"


def containers_found(template: Any) -> Iterator[Found]:
    """Report which containers of a pod template lack their name or image, or that there is none."""
    spec = template.get("spec") if isinstance(template, Mapping) else None
    if spec is not None and not isinstance(spec, Mapping):
        return
    found = spec.get("containers") if spec is not None else None
    if not found:
        yield ("spec", "containers"), "no container: Kubernetes will refuse the pod", "a container"
    for index, container in enumerate(found if isinstance(found, list | tuple) else ()):
        for key in ("name", "image"):
            if isinstance(container, Mapping | None) and not (container or {}).get(key):
                yield ("spec", "containers", index, key), "missing: Kubernetes will refuse the pod", "a value"
