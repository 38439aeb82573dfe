"""KO407: every workload tolerates the taints of the pools that it selects."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.catalog.label import TAINT
from kaito_iac.demand.demand import Graph
from kaito_iac.demand.pool import placed
from kaito_iac.demand.pool_source import Pool
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import StackFacts, StackRule, Watchful
from kaito_iac.rules.toleration import Workload, tolerates
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource


def check(facts: StackFacts, config: Watchful) -> Iterator[Problem]:
    """Hold the taints of each pool, whatever makes it, against every workload of the stack whose labels select it."""
    for pool, chosen, workloads in placed(Graph(facts.resources)):
        for workload in workloads if pool.every_taint else ():
            yield from _pair(workload, pool, chosen, config)


def _pair(workload: Resource, pool: Pool, chosen: bool | Unknown, config: Watchful) -> Iterator[Problem]:
    kind, path = _kind(workload), f"{workload.name} on {pool.place}"
    for taint in pool.every_taint:
        refused = isinstance(taint, Unknown) or not tolerates(kind, str(taint))
        unknown = next((part for part in (taint, chosen) if isinstance(part, Unknown)), None)
        if refused and unknown is not None:
            yield from config.unread("KO407", path, unknown, "taints that its pods tolerate")
        elif refused:
            message = f"the pool has {str(taint)[:80]}, which pods of {kind} do not tolerate"
            yield Problem("KO407", path, message, TAINT, "give the pool the taint that all tolerate")


def _kind(workload: Resource) -> Workload:
    if workload.type.endswith(":RAGEngine"):
        return "rag"
    return "tuning" if field(workload.inputs, "tuning") is not None else "inference"


RULE = StackRule(
    code="KO407",
    name="taint-mismatch",
    title="Workloads tolerate the taints of the pools that they select",
    config=Watchful,
    check=check,
    why="A pod that does not tolerate its nodes stays Pending indefinitely, and the nodes are billed meanwhile.",
    fix=f"Give the pool the taint {TAINT}, or select another pool.",
    tags=("operation", "pool"),
)
