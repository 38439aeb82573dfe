"""KO407: every workload tolerates the taints of the pools that it selects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kaito_iac.catalog.label import TAINT
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.pool import Pools, selectors
from kaito_iac.rules.rule import StackFacts, StackRule, Watchful
from kaito_iac.rules.toleration import SPOT, Workload, tolerates
from kaito_iac.stack.reading import entries, field
from kaito_iac.stack.resource import Resource


def check(facts: StackFacts, config: Watchful) -> Iterator[Problem]:
    """Hold the taints of each pool against every workload of the stack whose labels select it."""
    pools = Pools(facts.resources)
    for fact in facts.resources if pools.all else ():
        for selector in selectors(fact) if re.fullmatch(KAITO, fact.type) else ():
            for pool, chosen in pools.chosen(selector):
                yield from _pair(fact, pool, chosen, config)


def _pair(fact: Resource, pool: Resource, chosen: bool | Unknown, config: Watchful) -> Iterator[Problem]:
    workload = _workload(fact)
    for taint in _taints(pool):
        refused = isinstance(taint, Unknown) or not tolerates(workload, str(taint))
        told = next((part for part in (taint, chosen) if isinstance(part, Unknown)), None)
        if refused and told is not None:
            yield from config.unread("KO407", f"{fact.name} on {pool.name}", told, "taints that its pods tolerate")
        elif refused:
            said = f"the pool has {str(taint)[:80]}, which pods of {workload} do not tolerate"
            yield Problem("KO407", f"{fact.name} on {pool.name}", said, TAINT, "give the pool the taint that all tolerate")


def _workload(fact: Resource) -> Workload:
    if fact.type.endswith(":RAGEngine"):
        return "rag"
    return "tuning" if field(fact.inputs, "tuning") is not None else "inference"


def _taints(pool: Resource) -> Iterator[Any]:
    found = entries(field(pool.inputs, "nodeTaints"), "nodeTaints")
    yield from (found,) if isinstance(found, Unknown) else found
    priority = field(pool.inputs, "scaleSetPriority")
    spot = str(priority).lower() == "spot"
    if isinstance(priority, Unknown) or (spot and not isinstance(found, Unknown) and SPOT not in found):
        yield priority if isinstance(priority, Unknown) else SPOT


RULE = StackRule(
    code="KO407",
    name="taint-mismatch",
    title="Workloads tolerate the taints of the pools that they select",
    config=Watchful,
    check=check,
    why="A pod that does not tolerate its nodes stays Pending for ever, and the nodes are billed meanwhile.",
    fix=f"Give the pool the taint {TAINT}, or select another pool.",
    tags=("operation", "pool"),
)
