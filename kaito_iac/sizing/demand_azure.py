"""Demand of AKS: agent pools, separate ones and those inside a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import Demand, Graph, Plain, Range, made
from kaito_iac.sizing.demand_reading import entries, flag, section, text, whole

_TOKEN: Final = re.compile(r"azure-native(_containerservice_v\w+)?:containerservice(/v\w+)?:(?P<kind>AgentPool|ManagedCluster)")


def azure_demands(graph: Graph, resource: Plain) -> Iterator[Demand]:
    """Gives the demand of an agent pool, or of the pools inside a cluster; a token may carry an API version."""
    found = _TOKEN.fullmatch(resource.type)
    if not found:
        return
    location = resource.inputs.get("location")
    if found["kind"] == "AgentPool":
        yield _pool(graph, resource, resource.inputs, "AgentPool", location)
        return
    profiles = entries(resource.inputs.get("agentPoolProfiles"), "agentPoolProfiles")
    for profile in (profiles,) if isinstance(profiles, Unknown) else profiles:
        yield _pool(graph, resource, section({"profile": profile}, "profile"), "ManagedCluster", location)


def _pool(graph: Graph, resource: Plain, pool: Mapping[str, Any] | Unknown, kind: str, location: Any) -> Demand:
    if isinstance(pool, Unknown):
        return made(graph, resource, kind, pool, pool, location=location)
    nodes, why = _nodes(pool)
    priority = text(pool.get("scaleSetPriority"), "scaleSetPriority")
    spot = priority if isinstance(priority, Unknown) else (priority or "").lower() == "spot"
    return made(graph, resource, kind, pool.get("vmSize"), nodes, spot=spot, why=why, location=location)


def _nodes(pool: Mapping[str, Any]) -> tuple[Range | Unknown, str]:
    count = whole(pool.get("count"), 1)
    scaling = flag(pool.get("enableAutoScaling"), "enableAutoScaling")
    if isinstance(scaling, Unknown):
        return scaling, "unknown whether it scales"
    if not scaling:
        return count if isinstance(count, Unknown) else Range.exactly(count), "fixed count"
    low = whole(pool.get("minCount"), 0, "minCount")
    high = whole(pool.get("maxCount"), Unknown("autoscaled without maxCount"), "maxCount")
    return _between(low, count, high), "autoscaled; quota counts the maximum"


def _between(low: int | Unknown, count: int | Unknown, high: int | Unknown) -> Range | Unknown:
    if isinstance(high, Unknown):
        return high
    if isinstance(low, Unknown):
        return low
    if low > high:
        return Unknown(f"minCount {low} is above maxCount {high}")
    return Range(low, low if isinstance(count, Unknown) else min(max(count, low), high), high)
