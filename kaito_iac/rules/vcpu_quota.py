"""KQ102: the vCPUs of every quota family and region, spot apart, stay within the limit on record."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from kaito_iac.demand.declared import fix_for
from kaito_iac.problem import Problem
from kaito_iac.quota.amount import amount, counted, shares
from kaito_iac.quota.balance import Position, positions
from kaito_iac.quota.file import Place, Quota, account_of, quota_of, quotas, read_quota
from kaito_iac.quota.ledger import identity, read_ledger
from kaito_iac.quota.model import Budgets, Limit
from kaito_iac.quota.sold import unsold
from kaito_iac.quota.stated_size import with_stated
from kaito_iac.rules.rule import OnUnknown, RuleConfig, StackFacts, StackRule, left


class Config(RuleConfig):
    """Settings of the rule: limits inline, or in a file."""

    quota_file: str = Field("", description="Path of a quota file; empty: none.")
    subscription: str = Field("", description="Id or name of the subscription, if the file lists several.")
    ledger: tuple[str, ...] = Field((), description="Plans of other stacks: JSON files of `kaito-iac plan --json`, or folders.")
    limits: tuple[Limit, ...] = Field((), description="Limits given here; they override those of the file.")
    region: str = Field("", description="Region of resources without one; empty: unknown.")
    on_unknown: OnUnknown = Field(
        "deny",
        description="deny: unknown vCPUs, family or region break the quota."
        " warn-unread: leave unknown types to unread-resources. warn: leave all of it to unknown-demand.",
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Add up vCPUs at their maximum by family and region, and compares with what use and other stacks leave of the limit."""
    table: dict[Place, Quota] = {}
    demands = tuple(facts.demands)
    if config.quota_file:
        quota, problems = read_quota(facts.folder / config.quota_file)
        if quota is not None and not (quota.subscriptions or quota.limits) and quota.budgets != Budgets():
            return  # a file of budgets alone limits no family
        if quota is not None:
            table, problems = quotas(quota, config.subscription)
            demands = with_stated(demands, quota)
        yield from problems
        if problems or quota is None:
            return
        if quota.subscriptions:
            account, _ = account_of(quota, config.subscription)
            yield from unsold(demands, quota.subscriptions[account], config.region)
    elif not config.limits:
        return
    table |= {limit.key: quota_of(limit) for limit in config.limits}
    own = identity(facts.demands)
    ledger = read_ledger([facts.folder / path for path in config.ledger], own, facts.today)
    yield from ledger.problems
    found, doubts = positions(left(demands, config.on_unknown), ledger.plans, table, own=own, region=config.region)
    if config.on_unknown != "warn":
        for who, what, unknown in doubts:
            yield Problem("KQ102", who, f"{what} unknown ({unknown.reason})", "what the quota can count", fix_for(demands, who))
    for position in found:
        if position.here:
            yield from compared(position)


def compared(position: Position) -> Iterator[Problem]:
    """Report when a stack holds more of a family and region than is left for it."""
    held = position.held
    path = f"{position.family} in {position.region}"
    message = f"{counted(held, 'vCPU')} ({shares([(demand.component, demand.vcpus) for demand in position.here])})"
    if position.quota is None:
        fix = f"add family {position.family}, region {position.region} to the quota file"
        yield Problem("KQ102", path, f"{message}, but no limit on record", "an entry in the quota file", fix)
    elif held > max(position.room, 0):
        most = f"at most {amount(max(position.room, 0))} ({position.explanation()})"
        yield Problem("KQ102", path, message, most, "use fewer or smaller nodes, or ask for quota")
    elif position.peak > max(position.room, 0):
        message = f"{counted(position.peak, 'vCPU')} while AKS upgrades: its surge needs quota too"
        most = f"at most {amount(max(position.room, 0))} ({position.explanation()})"
        fix = "set maxSurge 0 and maxUnavailable 1 in the upgrade settings, or ask for quota"
        yield Problem("KQ102", path, message, most, fix, "warning")


RULE = StackRule(
    code="KQ102",
    name="vcpu-quota",
    title="The vCPUs of every family and region stay within the quota",
    config=Config,
    check=check,
    why="Azure and AWS refuse nodes over quota while the update runs: half of the stack then exists and waits.",
    fix="Use fewer or smaller nodes, use another region, or ask the cloud for quota and refresh the quota file.",
    tags=("gpu", "quota"),
)
