"""KS223: the parts of nodes that workloads take, whole GPUs or MIG slices, fit on their pool together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from kaito_iac.catalog.load import mig_profiles
from kaito_iac.demand.pool_source import Pool
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule
from kaito_iac.sizing.slices import cut_gpus

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
    for parts in _parts(facts):
        needed = parts.gpus + cut_gpus(parts.slices)
        if needed > parts.nodes * parts.each:
            yield _problem(parts, needed)


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
    title="The parts of nodes that workloads take fit on their pool together",
    config=NoSettings,
    check=check,
    why="A GPU has a fixed number of slices: pods beyond that number stay Pending indefinitely.",
    fix="Give the pool more nodes, or ask for fewer or smaller parts.",
    tags=("gpu", "pool"),
)
