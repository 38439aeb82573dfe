"""KS223 and KS276: the workloads on a pool fit on it together, always and while one of them is replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kaito_iac.demand.pool_source import Pool
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import NoSettings, StackFacts, StackRule


@dataclass(slots=True)
class Load:
    """Whole nodes that workloads take of one pool, by component."""

    pool: Pool
    most: int
    low: int = 0
    high: dict[str, int] = field(default_factory=dict)
    renewed: set[str] = field(default_factory=set)
    """Components whose replacement comes before what it replaces goes."""


def loads(facts: StackFacts) -> Iterator[Load]:
    """Return what runs on every pool of a known size; parts of nodes are counted by `node-parts`."""
    found: dict[tuple[str, str], Load] = {}
    for demand in facts.demands:
        pool = demand.on
        if pool is None or demand.bought or demand.node_part or isinstance(demand.nodes, Unknown):
            continue
        if isinstance(pool.nodes, Unknown):
            continue
        load = found.setdefault((pool.urn, pool.path), Load(pool, int(pool.nodes.high)))
        load.low += int(demand.nodes.low)
        load.high[demand.component] = load.high.get(demand.component, 0) + int(demand.nodes.high)
        if demand.renewed:
            load.renewed.add(demand.component)
    yield from found.values()


def capacity(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every pool with too few nodes for all that runs on it; of one workload alone its fewest count."""
    for load in loads(facts):
        needed = sum(load.high.values()) if len(load.high) > 1 else load.low
        if needed > load.most:
            message = f"{needed} nodes are needed ({_who(load.high)}), the pool has at most {load.most}"
            message += "; a node's GPUs serve one workload"
            yield Problem("KS223", load.pool.name, message, f"a pool of {needed} or more nodes", f"give the pool {needed} nodes")


def renewal(facts: StackFacts, config: NoSettings) -> Iterator[Problem]:
    """Report every pool that holds all, but not the larger second generation of one of them beside it."""
    for load in loads(facts):
        standing = sum(load.high.values())
        second, name = max(((load.high[name], name) for name in load.renewed), default=(0, ""))
        needed = standing + second
        if len(load.high) > 1 and standing <= load.most < needed:
            message = f"{needed} nodes are needed while blueGreen replaces {name} ({_who(load.high)}), "
            message += f"the pool has at most {load.most}"
            fix = f"give the pool {needed} nodes, or replacement='recreate'"
            yield Problem("KS276", load.pool.name, message, f"a pool of {needed} or more nodes", fix, "warning")


def _who(needs: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {nodes}" for name, nodes in sorted(needs.items()))


CAPACITY: Final = StackRule(
    code="KS223",
    name="pool-capacity",
    title="The workloads on a pool fit on it together",
    config=NoSettings,
    check=capacity,
    why="Each workload takes whole nodes with all their GPUs: the pods of an additional workload stay Pending indefinitely.",
    fix="Give the pool more nodes, or move a workload to another.",
    tags=("gpu", "pool"),
)
RENEWAL: Final = StackRule(
    code="KS276",
    name="pool-renewal",
    title="A pool has room for the old and the new Workspace of a blueGreen replacement",
    config=NoSettings,
    check=renewal,
    level="advisory",
    why="Under blueGreen the new Workspace waits for nodes, and the old one keeps its nodes until the new one answers.",
    fix="Give the pool nodes for both, or replace the workload with `recreate`.",
    severity="medium",
    tags=("gpu", "pool"),
)
RULES: Final = (CAPACITY, RENEWAL)
