"""KQ103: the quota file is there, can be read, and is not stale."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from kaito_iac.demand.demand import with_gpus
from kaito_iac.problem import Problem
from kaito_iac.quota.amount import counted
from kaito_iac.quota.file import read_quota
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.validation import Whole


class Config(RuleConfig):
    """Settings of the rule."""

    quota_file: str = Field("", description="Path of the quota file that vcpu-quota uses.")
    max_age_days: Whole = Field(30, ge=0, description="Days after which a quota file is stale.")


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Look at the file's date only if the stack holds any GPU."""
    if not any(demand.bought for demand in with_gpus(facts.demands)):
        return
    if not config.quota_file:
        yield Problem(
            "KQ103",
            "quotaFile",
            "missing: vCPU quotas are not checked",
            "the path of a quota file",
            "set quotaFile of vcpu-quota and quota-age",
        )
        return
    quota, problems = read_quota(facts.folder / config.quota_file)
    yield from problems
    if quota is None:
        return
    age = (facts.today - quota.date).days
    if age > config.max_age_days:
        message = f"limits of {quota.date.isoformat()}, {counted(age, 'day')} old"
        most = f"at most {counted(config.max_age_days, 'day')}"
        yield Problem("KQ103", config.quota_file, message, most, "read limits and use again")
    elif age < 0:
        yield Problem(
            "KQ103",
            config.quota_file,
            f"limits of {quota.date.isoformat()}, a day to come",
            "today or earlier",
            "correct the date",
        )


RULE = StackRule(
    code="KQ103",
    name="quota-age",
    title="The quota file exists and is not stale",
    config=Config,
    check=check,
    why="A limit that was read a month ago may not hold today.",
    level="advisory",
    severity="medium",
    fix="Read limits and use of the subscription again and date the file.",
    tags=("gpu", "quota"),
)
