"""Whether the workloads on a pool fit on it together: each takes whole nodes, with all their GPUs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaito_iac.offline.recording import Resource
from kaito_iac.problem import Problem, Unknown
from kaito_iac.report.part_load import POOL
from kaito_iac.sizing.demand import Demand
from kaito_iac.sizing.demand_reading import mapping


def pool_problems(resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
    """Says of every pool whose workloads together need more nodes than it can have."""
    held: dict[str, list[Demand]] = {}
    for demand in found:
        if not demand.bought:
            held.setdefault(demand.urn, []).append(demand)
    for pool in resources:
        most, selector = pool.outputs.get("maxNodes"), mapping(pool.outputs.get("selector"))
        if pool.type != POOL or not isinstance(most, int) or not selector:
            continue
        needs: dict[str, int] = {}
        for demand in (demand for resource in resources if _selects(resource, selector) for demand in held.get(resource.urn, ())):
            if not isinstance(demand.nodes, Unknown):
                needs[demand.component] = needs.get(demand.component, 0) + int(demand.nodes.high)
        if len(needs) > 1 and sum(needs.values()) > most:
            who = ", ".join(f"{name} {nodes}" for name, nodes in sorted(needs.items()))
            told = (
                f"{sum(needs.values())} nodes are needed ({who}), the pool has at most {most}; a node's GPUs serve one workload"
            )
            yield Problem(
                "KS223",
                pool.name,
                told,
                f"a pool of {sum(needs.values())} or more nodes",
                f"give the pool {sum(needs.values())} nodes",
            )


def _selects(resource: Resource, selector: Mapping[str, Any]) -> bool:
    place = mapping(resource.inputs.get("resource")) or mapping(resource.inputs.get("spec"))
    labels = mapping(mapping(place.get("labelSelector")).get("matchLabels"))
    replica = mapping(mapping(place.get("template")).get("resource"))
    return (
        "partition" not in place
        and "partition" not in replica
        and all(labels.get(key) == value for key, value in selector.items())
    )
