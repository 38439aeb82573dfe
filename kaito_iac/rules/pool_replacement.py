"""KO404: a pool under workloads of the same stack cannot be replaced by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.pool import Pools, selectors
from kaito_iac.rules.rule import StackFacts, StackRule, Watchful
from kaito_iac.stack.resource import Resource


def check(facts: StackFacts, config: Watchful) -> Iterator[Problem]:
    """Ask for protection of every pool whose labels a workload of the stack selects."""
    pools = Pools(facts.resources)
    users: dict[str, dict[str, bool | Unknown]] = {}
    for fact in facts.resources if pools.all else ():
        for selector in selectors(fact) if re.fullmatch(KAITO, fact.type) else ():
            for pool, chosen in pools.chosen(selector):
                users.setdefault(pool.urn, {})[fact.name] = chosen
    for pool in pools.all:
        if not pool.options.protect and pool.urn in users:
            yield from _of_pool(pool, users[pool.urn], config)


def _of_pool(pool: Resource, users: Mapping[str, bool | Unknown], config: Watchful) -> Iterator[Problem]:
    certain = sorted(name for name, chosen in users.items() if chosen is True)
    if certain:
        more = f" and {len(certain) - 8} more" if len(certain) > 8 else ""
        fix = "set the option protect, and lift it for the day the pool shall be replaced"
        yield Problem("KO404", pool.name, f"not protected, under {', '.join(certain[:8])}{more}", "a protected pool", fix)
        return
    name, told = next(iter(users.items()))
    if isinstance(told, Unknown):
        yield from config.unread("KO404", pool.name, told, f"labels that tell whether {name} runs on it", "set protect")


RULE = StackRule(
    code="KO404",
    name="pool-replacement",
    title="A pool under live workloads is protected against replacement",
    config=Watchful,
    check=check,
    level="advisory",
    why="A changed VM size, zone or disk replaces a pool: every model on it goes down, and the quota may not hold both pools.",
    fix="Set `protect` on the pool; the engine then refuses the replacement instead of carrying it out.",
    severity="medium",
    tags=("operation", "pool"),
)
