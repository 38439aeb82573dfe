"""KS223: the parts of nodes that workloads take, whole GPUs or MIG slices, exist on their pool and fit on it together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from kaito_iac.catalog.find import find_any_size
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.demand.pool_source import Pool
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule
from kaito_iac.sizing.slices import cut_gpus, profile_fits

_GPUS: Final = re.compile(r"(\d+) GPUs?")


@dataclass(slots=True)
class _Parts:
    """Parts of nodes that workloads take of one pool."""

    pool: Pool
    nodes: int
    each: int
    gpus: int = 0
    slices: list[tuple[str, int]] = field(default_factory=list)


def check(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every pool whose GPUs cannot be divided into the parts its workloads ask for."""
    yield from _other_gpus(facts)
    for parts in _parts(facts):
        needed = parts.gpus + cut_gpus(parts.slices)
        if needed > parts.nodes * parts.each:
            yield _problem(parts, needed)


def _other_gpus(facts: StackFacts) -> Iterator[Problem]:
    """Report workloads whose slices are of another GPU than their pool's, unless KAITO lists no profile of the latter."""
    for demand in facts.demands:
        pool, profile = demand.on, mig_profiles().get(demand.node_part)
        size = find_any_size(pool.size) if pool is not None and isinstance(pool.size, str) else None
        if size is None or profile is None or profile_fits(profile, size):
            continue
        fitting = [name for name, one in mig_profiles().items() if profile_fits(one, size)]
        if size.mig_capable and not fitting:
            continue
        message = f"{profile.profile}, a slice of {profile.gpus}, while {size.name} has {size.gpu_model} of "
        message += f"{size.gpu_memory_per_gpu_gib:.0f} GiB: no node offers {profile.resource}"
        expected = f"a slice of this GPU: {', '.join(fitting)}" if fitting else "whole GPUs, or a pool of GPUs that can be cut"
        yield Problem("KS223", demand.component, message, expected)


def _parts(facts: StackFacts) -> Iterator[_Parts]:
    found: dict[tuple[str, str], _Parts] = {}
    for demand in facts.demands:
        pool, part = demand.on, demand.node_part
        if pool is None or not part or isinstance(demand.nodes, Unknown):
            continue
        if isinstance(pool.nodes, Unknown) or isinstance(pool.gpus_per_node, Unknown) or not pool.gpus_per_node:
            continue
        parts = found.setdefault((pool.urn, pool.path), _Parts(pool, int(pool.nodes.high), pool.gpus_per_node))
        copies, whole = int(demand.nodes.high), _GPUS.fullmatch(part)
        if whole:
            parts.gpus += int(whole[1]) * copies
        elif part in mig_profiles():
            parts.slices.append((part, copies))
    yield from found.values()


def _problem(parts: _Parts, needed: int) -> Problem:
    counted: dict[str, int] = {}
    for profile, count in parts.slices:
        counted[profile] = counted.get(profile, 0) + count
    cut = f", cut into {' and '.join(f'{count} x {profile}' for profile, count in counted.items())}" if counted else ""
    message = f"{needed} GPUs are needed for parts of nodes{cut}, the pool has at most {parts.nodes * parts.each}"
    nodes = ceil(needed / parts.each)
    fix = f"give the pool {nodes} nodes, or ask for fewer parts"
    return Problem("KS223", parts.pool.name, message, f"a pool of {nodes} or more nodes", fix)


RULE: Final = StackRule(
    code="KS223",
    name="node-parts",
    title="The parts of nodes that workloads take exist on their pool and fit on it together",
    config=NoSettings,
    check=check,
    why="A GPU has few slices, of its own profiles: pods beyond that number, or of another profile, stay Pending indefinitely.",
    fix="Give the pool more nodes, or ask for fewer or smaller parts.",
    tags=("gpu", "pool"),
)
