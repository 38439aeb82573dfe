"""Stacks of a few lines, the plans of others, and what a rule says of them."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Problem
from kaito_iac.rules.rule import AnyRule, ResourceRule, StackFacts, StackRule
from kaito_iac.stack.resource import Resource

TODAY = date(2026, 6, 30)


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{kind}::{name}"


def pool_facts(pools: Sequence[dict[str, Any]]) -> list[Resource]:
    """Return AKS clusters of one pool each; what has a key `kind` is a KAITO object of that kind."""
    found = []
    for index, pool in enumerate(pools):
        name = pool.get("name", "pool")
        kind = "azure-native:containerservice:ManagedCluster"
        inputs = {"location": pool.get("location", "eastus"), "agentPoolProfiles": [pool]}
        if "kind" in pool:
            kind = f"kubernetes:kaito.sh/v1beta1:{pool['kind']}"
            inputs = {key: value for key, value in pool.items() if key not in ("kind", "name")}
        found.append(Resource(f"{urn(kind, name)}{index}", kind, name, None, inputs))
    return found


def stack_of(pools: Sequence[dict[str, Any]]) -> tuple[Demand, ...]:
    """Return what pools and KAITO objects hold."""
    return demands(pool_facts(pools), region="eastus" if any("kind" in pool for pool in pools) else None)


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., list[str]]:
    """Return the findings of a rule about AKS pools, whole, with their fix."""

    def judge(rule: StackRule[Any], pools: Sequence[dict[str, Any]], settings: dict[str, Any]) -> list[str]:
        seen = StackFacts(demands=stack_of(pools), today=TODAY, folder=tmp_path)
        return [problem.text(indent="") for problem in rule.judge(seen, settings)]

    return judge


@pytest.fixture
def plans(tmp_path: Path) -> Callable[..., Path]:
    """Writes the plan of another stack, as `kaito-iac plan --json` does, into the folder plans."""
    from kaito_iac.planning.plan_json import demand_json

    def write(stack: str, pools: Sequence[Any], *, name: str = "", made: str | None = "2026-06-30", **more: Any) -> Path:
        project, _, of = stack.partition("/")
        told = json.dumps([demand_json(demand) for demand in stack_of(pools)])
        found = json.loads(told.replace("dev::shop", f"{of}::{project}"))
        plan = {"schema": 1, "project": project, "stack": of, "complete": True, "demands": found, **more}
        path = tmp_path / "plans" / (name or f"{project}-{of}.json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**plan, "made": made} if made else plan))
        return path

    return write


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., list[str]]:
    """Return what a rule says of resources, whole, with its fix; of one resource after the other, or of all together."""

    def tell(rule: AnyRule, resources: Sequence[Resource], settings: dict[str, Any] | None = None) -> list[str]:
        found: list[Problem] = []
        if isinstance(rule, ResourceRule):
            assert all(rule.concerns(fact.type) for fact in resources)
            for fact in resources:
                found += rule.judge(fact, settings or {})
        else:
            found += rule.judge(StackFacts.of(resources, TODAY, tmp_path), settings or {})
        return [problem.text(indent="", marked=False) for problem in found]

    return tell
