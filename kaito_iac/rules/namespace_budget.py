"""KQ108: what a namespace holds, in this stack and those of the ledger, stays within its budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.quota.budget import of_namespace
from kaito_iac.rules.owner_budget import OwnerConfig, Owners, over_budget
from kaito_iac.rules.rule import OnUnknown, StackFacts, StackRule


class Config(OwnerConfig):
    """Settings of the rule."""

    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: demand whose namespace or amount is not known breaks the budgets."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


OWNERS: Final = Owners(
    code="KQ108",
    what="namespace",
    budgets=lambda budgets: budgets.namespaces,
    of=lambda demand, _: demand.namespace,
    held=lambda found, namespace, _: of_namespace(found, namespace),
)


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Count every workload in a namespace, on nodes of its own or shared ones."""
    yield from over_budget(OWNERS, facts, config, config.on_unknown)


RULE = StackRule(
    code="KQ108",
    name="namespace-budget",
    title="The resources of a namespace in all stacks stay within its budget",
    config=Config,
    check=check,
    why="KAITO creates nodes for everyone who may write a Workspace; a ResourceQuota does not count nodes.",
    fix="Use fewer or smaller nodes, stop what is unused, or raise the budget in the quota file with its owner.",
    tags=("gpu", "cost", "namespace"),
)
