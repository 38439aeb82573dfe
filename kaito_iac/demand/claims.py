"""Devices that pods claim by dynamic resource allocation: ResourceClaims and ResourceClaimTemplates of the stack."""

from __future__ import annotations

import re
from typing import Any, Final

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.objects import namespace_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, mapping, text, whole
from kaito_iac.stack.resource import Resource

CLAIM_TOKEN: Final = re.compile(r"kubernetes:resource\.k8s\.io/v\w+:(ResourceClaim|ResourceClaimTemplate)")
"""Tokens of claims, which hold nothing until a pod names them."""
_CLAIMED: Final = Unknown("its resource claims may ask for GPUs")
_NO_GPU: Final = re.compile(r"compute-domain-.*")
"""Device classes of NVIDIA's driver that stand for no GPU; every other device counts as one."""

Devices = float | Unknown


def claimed(graph: Graph, space: str | Unknown, claims: tuple[Any, ...]) -> tuple[Devices, float]:
    """Return the devices that each pod claims for itself, and those of claims that all its pods share."""
    own, shared = 0.0, 0.0
    known = graph.once(_claims)
    for claim in claims:
        one = mapping(claim)
        kind = "ResourceClaim" if one.get("resourceClaimName") is not None else "ResourceClaimTemplate"
        name = one.get("resourceClaimName" if kind == "ResourceClaim" else "resourceClaimTemplateName")
        named = isinstance(name, str) and isinstance(space, str)
        found = known.get((kind, str(space), str(name))) if named else None
        if found is None:
            return _CLAIMED, 0
        devices = _devices(field(found.inputs, "spec") if kind == "ResourceClaim" else field(found.inputs, "spec", "spec"))
        if isinstance(devices, Unknown):
            return devices, 0
        own, shared = (own, shared + devices) if kind == "ResourceClaim" else (own + devices, shared)
    return own, shared


def _claims(graph: Graph) -> dict[tuple[str, str, str], Resource]:
    found: dict[tuple[str, str, str], Resource] = {}
    for resource in graph.resources:
        if CLAIM_TOKEN.fullmatch(resource.type):
            space, name = namespace_of(resource), field(resource.inputs, "metadata", "name")
            if isinstance(space, str) and isinstance(name, str):
                found.setdefault((resource.type.rpartition(":")[2], space, name), resource)
    return found


def _devices(spec: Any) -> Devices:
    requests = entries(field({"spec": spec}, "spec", "devices", "requests"), "requests")
    if isinstance(requests, Unknown):
        return requests
    total = 0.0
    for request in requests:
        if not isinstance(request, dict):
            return request if isinstance(request, Unknown) else Unknown("a request of a claim is no mapping")
        either = entries(request.get("firstAvailable"), "firstAvailable")
        if isinstance(either, Unknown):
            return either
        ways = [_of_request(way) for way in either or (request.get("exactly") or request,)]
        known = [way for way in ways if not isinstance(way, Unknown)]
        if len(known) < len(ways):
            return next(way for way in ways if isinstance(way, Unknown))
        total += max(known)
    return total


def _of_request(request: Any) -> Devices:
    name = text(field({"request": request}, "request", "deviceClassName"), "deviceClassName")
    if isinstance(name, Unknown) or name is None:
        return name or Unknown("a request of a claim names no device class")
    if _NO_GPU.fullmatch(name):
        return 0
    mode = text(field(request, "allocationMode"), "allocationMode")
    if isinstance(mode, Unknown) or mode not in (None, "ExactCount"):
        return (
            Unknown("a claim takes all devices that a node has") if mode == "All" else Unknown("its allocationMode is not known")
        )
    return whole(field(request, "count"), 1, "count")
