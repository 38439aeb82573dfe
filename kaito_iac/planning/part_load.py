"""Whether the parts of nodes that workloads take fit on their pool together: whole GPUs, or MIG slices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Final

from kaito_iac.catalog.load import mig_profiles
from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Problem, Unknown
from kaito_iac.sizing.slices import cut_gpus
from kaito_iac.stack.reading import mapping
from kaito_iac.stack.resource import Resource

POOL: Final = "kaito-iac:index:GpuNodePool"


def part_problems(resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
    """Report of every pool that its GPUs cannot be divided into the parts its workloads ask for."""
    copies = {demand.urn: int(demand.nodes.high) for demand in found if not isinstance(demand.nodes, Unknown)}
    for pool in resources:
        nodes, gpus = pool.outputs.get("maxNodes"), pool.outputs.get("gpusPerNode")
        selector = mapping(pool.outputs.get("selector"))
        if pool.type != POOL or not (isinstance(nodes, int) and isinstance(gpus, int) and selector):
            continue
        needs: dict[str, int] = {}
        slices: list[tuple[str, int]] = []
        for resource in resources:
            part, labels = _part(resource)
            if resource.urn not in copies or not part or any(labels.get(key) != value for key, value in selector.items()):
                continue
            count, profile = part.get("count"), part.get("profile")
            if isinstance(count, int | float):
                needs["GPUs"] = needs.get("GPUs", 0) + int(count) * copies[resource.urn]
            elif isinstance(profile, str) and profile in mig_profiles():
                slices.append((profile, copies[resource.urn]))
        needed = needs.get("GPUs", 0) + cut_gpus(slices)
        if needed > nodes * gpus:
            yield _problem(pool.name, needed, nodes * gpus, gpus, slices)


def _problem(pool: str, needed: int, there: int, each: int, slices: Sequence[tuple[str, int]]) -> Problem:
    counted: dict[str, int] = {}
    for profile, count in slices:
        counted[profile] = counted.get(profile, 0) + count
    cut = f", cut into {' and '.join(f'{count} x {profile}' for profile, count in counted.items())}" if slices else ""
    told = f"{needed} GPUs are needed for parts of nodes{cut}, the pool has at most {there}"
    nodes = ceil(needed / each)
    return Problem(
        "KS223", pool, told, f"a pool of {nodes} or more nodes", f"give the pool {nodes} nodes, or ask for fewer parts"
    )


def _part(resource: Resource) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the part of a node that a resource asks for, and the labels of its nodes."""
    place = mapping(resource.inputs.get("resource")) or mapping(resource.inputs.get("spec"))
    labels = mapping(mapping(place.get("labelSelector")).get("matchLabels"))
    replica = mapping(mapping(place.get("template")).get("resource"))
    return mapping(place.get("partition") or replica.get("partition")), labels
