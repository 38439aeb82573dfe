"""Whether the containers of a pod template ask for GPUs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIXES = ("nvidia.com/", "amd.com/gpu", "aws.amazon.com/neuron")
"""How extended resources of GPUs and accelerators begin."""


def requests_gpu(template: Mapping[str, Any]) -> bool:
    """Return whether a container requests a GPU or a part of one, or claims devices, or something of it cannot be read."""
    spec = template.get("spec")
    if not isinstance(spec, Mapping):
        return True
    if spec.get("resourceClaims"):
        return True
    found = [one for key in ("containers", "initContainers") for one in (spec.get(key) or ()) if isinstance(one, Mapping)]
    return any(_asks(container.get("resources")) for container in found) or not found


def _asks(resources: Any) -> bool:
    if resources is None:
        return False
    if not isinstance(resources, Mapping):
        return True
    parts = [part for key in ("limits", "requests") if (part := resources.get(key)) is not None]
    return any(not isinstance(part, Mapping) or any(str(name).startswith(PREFIXES) for name in part) for part in parts)
