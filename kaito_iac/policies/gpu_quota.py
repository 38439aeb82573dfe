"""The pack gpu-quota: budgets and quotas of GPUs, and demand that nobody knows."""

from __future__ import annotations

from typing import Any, Final

from kaito_iac.policies import gpu_budget, quota_age, unknown_demand, vcpu_quota
from kaito_iac.policies.rule import StackRule

NAME: Final = "gpu-quota"
RULES: Final[tuple[StackRule[Any], ...]] = (gpu_budget.RULE, vcpu_quota.RULE, quota_age.RULE, unknown_demand.RULE)
