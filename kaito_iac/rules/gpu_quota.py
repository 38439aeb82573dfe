"""The pack gpu-quota: budgets and quotas of GPUs, and demand that is not known."""

from __future__ import annotations

from typing import Final

from kaito_iac.rules import (
    autoscaler_maximum,
    declared_demand,
    gpu_budget,
    gpu_products,
    ledger_age,
    namespace_budget,
    quota_age,
    resource_cap,
    stack_cost,
    team_budget,
    unknown_demand,
    unread_resources,
    vcpu_quota,
    waivers,
)
from kaito_iac.rules.rule import AnyRule

NAME: Final = "gpu-quota"
RULES: Final[tuple[AnyRule, ...]] = (
    gpu_budget.RULE,
    vcpu_quota.RULE,
    quota_age.RULE,
    unknown_demand.RULE,
    unread_resources.RULE,
    gpu_products.RULE,
    team_budget.RULE,
    namespace_budget.RULE,
    autoscaler_maximum.RULE,
    stack_cost.RULE,
    resource_cap.RULE,
    ledger_age.RULE,
    declared_demand.RULE,
    waivers.RULE,
)
