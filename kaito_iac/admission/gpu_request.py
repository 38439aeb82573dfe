"""Whether the containers of a pod template ask for GPUs, and whether a node can give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.vocabulary import natural
from kaito_iac.kubernetes.quantity import amount

PREFIXES = ("nvidia.com/", "amd.com/gpu", "aws.amazon.com/neuron")
"""How extended resources of GPUs and accelerators begin."""


WHOLE = "nvidia.com/gpu"
OTHERS: Final = ("nvidia.com/mig-", "amd.com/gpu", "aws.amazon.com/neuron")
"""Resources that whole NVIDIA GPUs are not."""


def requests_gpu(template: Mapping[str, Any]) -> bool:
    """Return whether a container that runs requests a GPU or a part of one, or claims devices, or cannot be read.

    An init container that ends gives its GPUs back: only one that keeps running (`restartPolicy: Always`) counts.
    """
    spec = template.get("spec")
    if not isinstance(spec, Mapping) or spec.get("resourceClaims"):
        return True
    found = list(_containers(spec))
    return any(_asks(container.get("resources")) for container in found) or not found


def _containers(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("containers", "initContainers"):
        for one in spec.get(key) or ():
            if isinstance(one, Mapping) and (key == "containers" or one.get("restartPolicy") == "Always"):
                yield one


def _asks(resources: Any) -> bool:
    if resources is None:
        return False
    if not isinstance(resources, Mapping):
        return True
    parts = [part for key in ("limits", "requests") if (part := resources.get(key)) is not None]
    return any(
        not isinstance(part, Mapping) or any(str(name).startswith(PREFIXES) and _amount(part[name]) != 0 for name in part)
        for part in parts
    )


def _amount(value: Any) -> float | None:
    return None if isinstance(value, bool) else amount(str(value))


def gpus_found(template: Mapping[str, Any], node: int | None) -> Iterator[tuple[str, str, str]]:
    """Report requests for GPUs that no pod can have: what was found, what is accepted, the fix; `node`: GPUs of a node."""
    spec = template.get("spec")
    total = 0
    for container in _containers(spec) if isinstance(spec, Mapping) else ():
        resources = container.get("resources")
        limits, requests = (_part(resources, key) for key in ("limits", "requests"))
        limit, request = limits.get(WHOLE), requests.get(WHOLE)
        if request is not None and str(request) != str(limit):
            message = f"{WHOLE} {request} requested, " + (f"{limit} as limit" if limit is not None else "without a limit")
            yield f"{message}: Kubernetes will refuse the pod", "a limit, and no other request", f"limits: {{{WHOLE}: {request}}}"
        asked = _amount(limit) or 0.0
        if not asked.is_integer():
            message = f"{WHOLE} {limit}: Kubernetes will refuse the pod"
            yield message, "a whole number of GPUs", "a part of a GPU is a slice, or shared by the device plugin"
        total += natural(str(limit)) or int(asked)
        for name in sorted(map(str, {**limits, **requests})) if node is not None else ():
            if name.startswith(OTHERS):
                message = f"{name} requested, of nodes that offer {WHOLE} alone: the pod stays Pending"
                yield message, WHOLE, "request whole GPUs, or use nodes of your own that offer it"
    if node is not None and total > node:
        message = f"{total} GPUs requested, of nodes that have {node}: the pod stays Pending"
        yield message, f"at most {node}", "request fewer, or choose a size with more GPUs"


def _part(resources: Any, key: str) -> Mapping[str, Any]:
    part = resources.get(key) if isinstance(resources, Mapping) else None
    return part if isinstance(part, Mapping) else {}
