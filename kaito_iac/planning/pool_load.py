"""Whether the workloads on a pool fit on it together: each takes whole nodes, with all their GPUs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaito_iac.demand.demand import Demand
from kaito_iac.planning.part_load import POOL
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.reading import mapping
from kaito_iac.stack.resource import Resource


def pool_problems(resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
    """Report of every pool whose workloads together need more nodes than it can have, always or during a replacement."""
    held: dict[str, list[Demand]] = {}
    for demand in found:
        if not demand.bought:
            held.setdefault(demand.urn, []).append(demand)
    renewed = {resource.name for resource in resources if resource.inputs.get("replacement") == "blueGreen"}
    for pool in resources:
        most, selector = pool.outputs.get("maxNodes"), mapping(pool.outputs.get("selector"))
        if pool.type != POOL or not isinstance(most, int) or not selector:
            continue
        needs: dict[str, int] = {}
        for demand in (demand for resource in resources if _selects(resource, selector) for demand in held.get(resource.urn, ())):
            if not isinstance(demand.nodes, Unknown):
                needs[demand.component] = needs.get(demand.component, 0) + int(demand.nodes.high)
        if len(needs) > 1:
            yield from _crowded(pool.name, needs, most, renewed)


def _crowded(pool: str, needs: Mapping[str, int], most: int, renewed: set[str]) -> Iterator[Problem]:
    """Report that a pool has too few nodes for all, or for all and the larger second generation of one of them."""
    standing = sum(needs.values())
    second = max(((nodes, name) for name, nodes in needs.items() if name in renewed), default=(0, ""))
    who = ", ".join(f"{name} {nodes}" for name, nodes in sorted(needs.items()))
    if standing > most:
        told = f"{standing} nodes are needed ({who}), the pool has at most {most}; a node's GPUs serve one workload"
        yield Problem("KS223", pool, told, f"a pool of {standing} or more nodes", f"give the pool {standing} nodes")
    elif standing + second[0] > most:
        needed = standing + second[0]
        told = f"{needed} nodes are needed while blueGreen replaces {second[1]} ({who}), the pool has at most {most}"
        accepted = f"a pool of {needed} or more nodes"
        yield Problem("KS276", pool, told, accepted, f"give the pool {needed} nodes, or replacement='recreate'", "warning")


def _selects(resource: Resource, selector: Mapping[str, Any]) -> bool:
    place = mapping(resource.inputs.get("resource")) or mapping(resource.inputs.get("spec"))
    labels = mapping(mapping(place.get("labelSelector")).get("matchLabels"))
    replica = mapping(mapping(place.get("template")).get("resource"))
    return (
        "partition" not in place
        and "partition" not in replica
        and all(labels.get(key) == value for key, value in selector.items())
    )
