"""Demand of AKS: agent pools, separate ones and those inside a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import Demand, Graph, Plain, Range, made, mapping, whole

_TOKEN: Final = re.compile(r"azure-native:containerservice(/v\d+(preview)?)?:(?P<kind>AgentPool|ManagedCluster)")


def azure_demands(graph: Graph, resource: Plain) -> Iterator[Demand]:
    """Gives the demand of an agent pool, or of the pools inside a cluster; a token may carry an API version."""
    found = _TOKEN.fullmatch(resource.type)
    if not found:
        return
    if found["kind"] == "AgentPool":
        yield _pool(graph, resource, resource.inputs, "AgentPool")
        return
    profiles = resource.inputs.get("agentPoolProfiles")
    if isinstance(profiles, Unknown):
        yield made(graph, resource, "ManagedCluster", profiles, profiles)
    for profile in profiles if isinstance(profiles, list | tuple) else ():
        yield _pool(graph, resource, mapping(profile), "ManagedCluster")


def _pool(graph: Graph, resource: Plain, pool: Mapping[str, Any], kind: str) -> Demand:
    count = whole(pool.get("count"), 1)
    scaling, priority = pool.get("enableAutoScaling"), pool.get("scaleSetPriority")
    nodes: Range | Unknown = count if isinstance(count, Unknown) else Range.exactly(count)
    why = "fixed count"
    if isinstance(scaling, Unknown):
        nodes, why = scaling, "unknown whether it scales"
    elif scaling:
        low, high = whole(pool.get("minCount"), 0), whole(pool.get("maxCount"), Unknown("autoscaled without maxCount"))
        nodes, why = _scaled_range(low, count, high), "autoscaled; quota counts the maximum"
    if isinstance(priority, Unknown):
        nodes = priority
    location = resource.inputs.get("location")
    return made(graph, resource, kind, pool.get("vmSize"), nodes, spot=priority == "Spot", why=why, region=location)


def _scaled_range(low: int | Unknown, count: int | Unknown, high: int | Unknown) -> Range | Unknown:
    if isinstance(high, Unknown):
        return high
    if isinstance(low, Unknown):
        return low
    expected = low if isinstance(count, Unknown) else min(max(count, low), high)
    return Range(low, expected, high)
