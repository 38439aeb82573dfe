"""Demand of AKS: agent pools, separate ones and those inside a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import Demand, Graph, Plain, Range
from kaito_iac.sizing.demand_attribution import made
from kaito_iac.sizing.demand_reading import entries, field, flag, section, text, whole

AZURE_TOKEN: Final = re.compile(
    r"azure-native(_containerservice_v\w+)?:containerservice(/v\w+)?:(?P<kind>AgentPool|ManagedCluster)"
)
"""Tokens of what holds agent pools; one may carry an API version."""


def azure_demands(graph: Graph, resource: Plain) -> Iterator[Demand]:
    """Gives the demand of an agent pool, or of the pools inside a cluster."""
    found = AZURE_TOKEN.fullmatch(resource.type)
    if not found:
        return
    for pool in pools_of(resource, found["kind"]):
        yield _pool(graph, resource, section({"profile": pool}, "profile"), found["kind"])


def pools_of(resource: Plain, kind: str) -> tuple[Any, ...]:
    """Gives the agent pool a resource is, or those that stand inside a cluster."""
    if kind == "AgentPool":
        return (resource.inputs,)
    profiles = entries(field(resource.inputs, "agentPoolProfiles"), "agentPoolProfiles")
    return (profiles,) if isinstance(profiles, Unknown) else profiles


def _pool(graph: Graph, resource: Plain, pool: Mapping[str, Any] | Unknown, kind: str) -> Demand:
    location = field(resource.inputs, "location")
    if isinstance(pool, Unknown):
        return made(graph, resource, kind, pool, pool, location=location)
    nodes, why = _nodes(pool)
    priority = text(pool.get("scaleSetPriority"), "scaleSetPriority")
    spot = priority if isinstance(priority, Unknown) else (priority or "").lower() == "spot"
    return made(graph, resource, kind, pool.get("vmSize"), nodes, part=pool, spot=spot, why=why, location=location)


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
