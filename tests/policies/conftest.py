"""Stacks of a few lines, and what a rule says of them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.policies.facts import Fact
from kaito_iac.policies.rule import AnyRule, ResourceRule, StackFacts, StackRule
from kaito_iac.problem import Problem
from kaito_iac.sizing.stack_demand import demands

TODAY = date(2026, 6, 30)


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., list[str]]:
    """Gives the findings of a rule about AKS pools, whole, with their fix."""

    def judge(rule: StackRule[Any], pools: Sequence[dict[str, Any]], settings: dict[str, Any]) -> list[str]:
        profiles = [
            Fact(
                f"urn:{index}",
                "azure-native:containerservice:ManagedCluster",
                pool.get("name", "pool"),
                None,
                {"location": pool.get("location", "eastus"), "agentPoolProfiles": [pool]},
            )
            for index, pool in enumerate(pools)
        ]
        seen = StackFacts(demands=demands(profiles), today=TODAY, folder=tmp_path)
        return [problem.text(indent="") for problem in rule.judge(seen, settings)]

    return judge


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., list[str]]:
    """Gives what a rule says of resources, whole, with its fix; of one resource after the other, or of all together."""

    def tell(rule: AnyRule, resources: Sequence[Fact], settings: dict[str, Any] | None = None) -> list[str]:
        found: list[Problem] = []
        if isinstance(rule, ResourceRule):
            assert all(rule.concerns(fact.type) for fact in resources)
            for fact in resources:
                found += rule.judge(fact, settings or {})
        else:
            found += rule.judge(StackFacts.of(resources, TODAY, tmp_path), settings or {})
        return [problem.text(indent="", marked=False) for problem in found]

    return tell
