"""Rules that every plan asks, whatever packs it runs: whether what is declared fits where it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Problem
from kaito_iac.rules import endpoint_context, namespace_gpus, node_parts, pool_autoscaling, pool_capacity
from kaito_iac.rules.rule import StackFacts, StackRule
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import Resource

RULES: Final[tuple[StackRule[Any], ...]] = (
    *pool_capacity.RULES,
    node_parts.RULE,
    endpoint_context.RULE,
    *namespace_gpus.RULES,
    pool_autoscaling.RULE,
)


def stack_problems(resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
    """Report what does not fit where it runs; what a rule only advises is a warning."""
    facts = StackFacts(demands=found, today=date.today(), folder=Path.cwd(), resources=resources)
    settings, _ = settings_of(RULES, {})
    for finding in run(RULES, facts, settings):
        yield replace(finding.problem, severity="warning" if finding.level == "advisory" else "error")


def better_known(problems: Iterable[Problem], resources: Iterable[Resource]) -> Iterator[Problem]:
    """Leave out what components remark about a ConfigMap that they cannot see, where the stack has it."""
    seen = {f"{component.name}: config" for component, _, _ in endpoint_context.seen_contexts(resources)}
    yield from (problem for problem in problems if problem.code != "KS217" or problem.path not in seen)
