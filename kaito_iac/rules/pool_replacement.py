"""KO404: a pool under workloads of the same stack cannot be replaced by accident."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.demand.demand import Graph
from kaito_iac.demand.pool import placed
from kaito_iac.demand.pool_source import Pool
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import StackFacts, StackRule, Watchful

_SHOWN = 8


def check(facts: StackFacts, config: Watchful) -> Iterator[Problem]:
    """Ask for protection of every pool whose labels a workload of the stack selects, whatever makes the pool."""
    certain: dict[Pool, list[str]] = {}
    doubtful: dict[Pool, tuple[str, Unknown]] = {}
    for pool, chosen, workloads in placed(Graph(facts.resources)):
        if not pool.declared or pool.protect:
            continue
        if isinstance(chosen, Unknown):
            doubtful.setdefault(pool, (workloads[0].name, chosen))
        else:
            certain.setdefault(pool, []).extend(workload.name for workload in workloads)
    for pool in dict.fromkeys((*certain, *doubtful)):
        if pool in certain:
            yield _unprotected(pool, sorted(set(certain[pool])))
        else:
            name, reason = doubtful[pool]
            accepted = f"labels that show whether {name} runs on it"
            yield from config.unread("KO404", pool.place, reason, accepted, "set protect")


def _unprotected(pool: Pool, users: list[str]) -> Problem:
    more = f" and {len(users) - _SHOWN} more" if len(users) > _SHOWN else ""
    fix = "set protect=True; remove it only when you intend to replace the pool"
    return Problem("KO404", pool.place, f"not protected, under {', '.join(users[:_SHOWN])}{more}", "a protected pool", fix)


RULE = StackRule(
    code="KO404",
    name="pool-replacement",
    title="A pool under live workloads is protected against replacement",
    config=Watchful,
    check=check,
    level="advisory",
    why="A changed VM size, zone or disk replaces a pool: every model on it stops, and the quota may not hold both pools.",
    fix="Set `protect` on the pool; the engine then refuses the replacement instead of carrying it out.",
    severity="medium",
    tags=("operation", "pool"),
)
