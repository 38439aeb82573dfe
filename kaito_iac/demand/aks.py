"""Demand of AKS: agent pools, separate ones and those inside a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any, Final

from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.owner import made, made_of_any
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, flag, section, text, whole
from kaito_iac.stack.resource import Resource

_NATIVE: Final = re.compile(
    r"azure-(native|nextgen)(_containerservice_v\w+)?:containerservice(/(v\w+|latest))?:(?P<kind>AgentPool|ManagedCluster)"
)
_CLASSIC: Final[Mapping[str, str]] = {
    "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool": "AgentPool",
    "azure:containerservice/kubernetesCluster:KubernetesCluster": "ManagedCluster",
}
_NATIVE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "vmSize": ("vmSize",),
    "count": ("nodeCount",),
    "enableAutoScaling": ("autoScalingEnabled", "enableAutoScaling"),
    "minCount": ("minCount",),
    "maxCount": ("maxCount",),
    "scaleSetPriority": ("priority",),
    "nodeLabels": ("nodeLabels",),
    "nodeTaints": ("nodeTaints",),
    "tags": ("tags",),
    "name": ("name",),
    "upgradeSettings": ("upgradeSettings",),
    "capacityReservationGroupID": ("capacityReservationGroupId",),
    "availabilityZones": ("zones",),
}
"""Properties of an agent pool, and what the provider `azure` calls them, in both of its forms."""
_FIXED: Final = "fixed count"
_SHARE: Final = re.compile(r"(?P<number>\d{1,4})(?P<percent>%?)")
_NOTHING: Final = re.compile(r"0+%?")


def azure_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of an agent pool, or of the pools inside a cluster; a token may carry an API version.

    Quota counts an autoscaled pool at its maximum, however nodes are scaled down; MIG profiles cut GPUs, and buy no fewer.
    """
    kind, pools = azure_pools(resource)
    for pool in pools:
        for part in _parts(section({"profile": pool}, "profile")):
            yield _pool(graph, resource, part, kind)


def is_azure(token: str) -> bool:
    """Return whether a token is of a cluster or of an agent pool."""
    return bool(_NATIVE.fullmatch(token)) or token in _CLASSIC


def azure_pools(resource: Resource) -> tuple[str, tuple[Any, ...]]:
    """Return what a resource is, and its agent pools as azure-native writes them: itself, or those inside a cluster."""
    native, classic = _NATIVE.fullmatch(resource.type), _CLASSIC.get(resource.type, "")
    kind = native["kind"] if native else classic
    if kind == "AgentPool":
        return kind, (resource.inputs if native else _translated(resource.inputs),)
    if classic:
        return kind, (_translated(field(resource.inputs, "defaultNodePool")),)
    listed = entries(field(resource.inputs, "agentPoolProfiles"), "agentPoolProfiles") if native else ()
    return kind, (listed,) if isinstance(listed, Unknown) else listed


def agent_pools(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Return every agent pool of a resource with its path, which is empty for a pool of its own."""
    kind, pools = azure_pools(resource)
    listed = not isinstance(entries(field(resource.inputs, "agentPoolProfiles"), "agentPoolProfiles"), Unknown)
    for index, pool in enumerate(pools):
        path = "" if kind == "AgentPool" else f"agentPoolProfiles[{index}]" if listed else "agentPoolProfiles"
        path = "defaultNodePool" if path and resource.type in _CLASSIC else path
        yield path, pool if isinstance(pool, Mapping | Unknown) else Unknown("it is no mapping")


def pool_nodes(pool: Mapping[str, Any]) -> Range | Unknown:
    """Return how many nodes an agent pool may have, over all sizes of a pool of single machines."""
    total = Range.exactly(0)
    for part in _parts(pool):
        nodes = part if isinstance(part, Unknown) else _nodes(part)[0]
        if isinstance(nodes, Unknown):
            return nodes
        total = total.plus(nodes)
    return total


def _translated(pool: Any) -> Any:
    """Return a pool of the provider `azure` in the names of azure-native."""
    if not isinstance(pool, Mapping):
        return pool
    found = {
        key: next((pool[name] for name in names if pool.get(name) is not None), None) for key, names in _NATIVE_NAMES.items()
    }
    return {key: value for key, value in found.items() if value is not None}


def _parts(pool: Mapping[str, Any] | Unknown) -> Iterator[Mapping[str, Any] | Unknown]:
    """Return a pool for every size and scale of a pool of single machines; other pools are their own only part."""
    profile = None if isinstance(pool, Unknown) else pool.get("virtualMachinesProfile")
    if isinstance(pool, Unknown) or profile is None:
        yield pool
        return
    kind = text(pool.get("type"), "type")
    scale = kind if isinstance(kind, Unknown) else section({"profile": profile}, "profile", "scale")
    if isinstance(kind, str) and kind.lower() != "virtualmachines":
        yield pool
        return
    if isinstance(scale, Unknown):
        yield scale
        return
    if not scale.get("manual") and not scale.get("autoscale"):
        yield Unknown("virtualMachinesProfile without a scale")
    for key, scaled in (("manual", False), ("autoscale", True)):
        found = scale.get(key)
        listed = (found,) if isinstance(found, Mapping) else entries(found, key)
        for entry in (listed,) if isinstance(listed, Unknown) else listed:
            one = section({"entry": entry}, "entry")
            if isinstance(one, Unknown):
                yield one
            else:
                size = one.get("size") if one.get("size") is not None else one.get("sizes")
                yield {**pool, **one, "vmSize": size, "enableAutoScaling": scaled, "count": one.get("count")}


def _pool(graph: Graph, resource: Resource, pool: Mapping[str, Any] | Unknown, kind: str) -> Demand:
    location = field(resource.inputs, "location")
    if isinstance(pool, Unknown):
        return made(graph, resource, kind, pool, pool, part=pool, spot=pool, location=location)
    nodes, why = _nodes(pool)
    priority = text(pool.get("scaleSetPriority"), "scaleSetPriority")
    spot = priority if isinstance(priority, Unknown) else (priority or "").lower() == "spot"
    surge = surge_of(pool, nodes) if spot is False else Range(0, 0, 0)
    reserved = pool.get("capacityReservationGroupID") is not None
    more = {"part": pool, "spot": spot, "why": why, "location": location, "surge": surge, "reserved": reserved}
    zones = entries(pool.get("availabilityZones"), "availabilityZones")
    if not isinstance(zones, Unknown):
        more["zones"] = tuple(zone for zone in zones if isinstance(zone, str))
    size = pool.get("vmSize")
    if isinstance(size, list | tuple) and size and "virtualMachinesProfile" in pool:
        return made_of_any(graph, resource, kind, size, lambda _: nodes, **more)
    return made(graph, resource, kind, size, nodes, **more)


def surge_of(pool: Mapping[str, Any], nodes: Range | Unknown) -> Range | Unknown:
    """Return the nodes that an upgrade of a pool adds for a while: maxSurge of the nodes there are, one where nothing is set.

    AKS rounds a percentage up, and adds none where nodes may be missing instead and maxSurge is 0.
    Source: https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling, "node surges require subscription quota".
    """
    if isinstance(nodes, Unknown):
        return nodes
    settings = section({"pool": pool}, "pool", "upgradeSettings")
    if isinstance(settings, Unknown):
        return settings
    given, less = (settings.get(key) for key in ("maxSurge", "maxUnavailable"))
    if isinstance(given, Unknown):
        return given
    if given is None:
        given = "0" if less is not None and not _NOTHING.fullmatch(str(less)) else "1"
    found = _SHARE.fullmatch(str(given))
    if not found:
        return Unknown(f"maxSurge {given!r} is neither a number nor a percentage")
    amount = int(found["number"])
    return Range(0, 0, ceil(nodes.high * amount / 100) if found["percent"] else amount)


def _nodes(pool: Mapping[str, Any]) -> tuple[Range | Unknown, str]:
    """Return the nodes of a pool, and how the number comes about; a stopped one has none until it is started."""
    nodes, why = _started(pool)
    state = text(field(pool, "powerState", "code"), "powerState")
    if isinstance(nodes, Range) and isinstance(state, str) and state.lower() == "stopped":
        return Range(0, 0, nodes.high), f"stopped; {why} when it is started"
    return nodes, why


def _started(pool: Mapping[str, Any]) -> tuple[Range | Unknown, str]:
    count = whole(pool.get("count"), 1)
    scaling = flag(pool.get("enableAutoScaling"), "enableAutoScaling")
    if isinstance(scaling, Unknown):
        return scaling, "unknown whether it scales"
    if not scaling:
        return count if isinstance(count, Unknown) else Range.exactly(count), _FIXED
    low = whole(pool.get("minCount"), 0, "minCount")
    high = whole(pool.get("maxCount"), Unknown("autoscaled without maxCount"), "maxCount")
    return between(low, count, high, "minCount", "maxCount"), "autoscaled; quota counts the maximum"


def between(low: int | Unknown, count: int | Unknown, high: int | Unknown, least: str, most: str) -> Range | Unknown:
    """Return the range of an autoscaler; `least` and `most` are what its limits are called."""
    if isinstance(high, Unknown):
        return high
    if isinstance(low, Unknown):
        return low
    if low > high:
        return Unknown(f"{least} {low} is above {most} {high}")
    return Range(low, low if isinstance(count, Unknown) else min(max(count, low), high), high)
