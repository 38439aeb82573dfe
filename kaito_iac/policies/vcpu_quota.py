"""KQ102: the vCPUs of every quota family and region stay within the limit on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from kaito_iac.policies.quota_file import Limit, family_key, read_quota
from kaito_iac.policies.rule import RuleConfig, StackFacts, StackRule, amount, counted, shares
from kaito_iac.problem import Problem, Unknown
from kaito_iac.sizing.demand import NO_REGION, Demand, region_key, with_gpus
from kaito_iac.sizing.total import total

ALL = "cores"
"""Family name of the regional limit over all families."""


class Config(RuleConfig):
    """Settings of the rule: limits inline, or in a file."""

    quota_file: str = Field("", description="Path of a quota file; empty: none.")
    limits: tuple[Limit, ...] = Field((), description="Limits written out here; they stand above those of the file.")
    region: str = Field("", description="Region of resources that name none; empty: unknown.")
    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: unknown vCPUs, family or region break the quota. warn: leave it to unknown-demand."
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Adds up vCPUs at their maximum by family and region, and compares with limit less use."""
    table: dict[tuple[str, str], Limit] = {}
    if config.quota_file:
        quota, problems = read_quota(facts.folder / config.quota_file)
        yield from problems
        if quota is None:
            return
        table = {limit.key: limit for limit in quota.limits}
    elif not config.limits:
        return
    table |= {limit.key: limit for limit in config.limits}
    groups: dict[tuple[str, str], list[Demand]] = {}
    for demand in with_gpus(facts.demands):
        if not demand.bought:
            continue
        region = region_key(config.region) if demand.region == NO_REGION and config.region else demand.region
        values = {"vCPUs": demand.vcpus, "quota family": demand.family, "region": region}
        unknown = [(name, value.reason) for name, value in values.items() if isinstance(value, Unknown)]
        if not unknown:
            for family in _families(demand, str(region), table):
                groups.setdefault((family, str(region)), []).append(demand)
        elif config.on_unknown == "deny":
            told = f"{unknown[0][0]} unknown ({unknown[0][1]})"
            yield Problem("KQ102", demand.component, told, "what the quota can count")
    for (family, place), found in groups.items():
        yield from _compared(found, family, place, table)


def _families(demand: Demand, region: str, table: Mapping[tuple[str, str], Limit]) -> tuple[str, ...]:
    """Gives what vCPUs count against: their family, and all families together where that limit is on record."""
    regional = demand.spot is False and (ALL, region) in table
    return (str(demand.family), ALL) if regional else (str(demand.family),)


def _compared(found: Sequence[Demand], family: str, region: str, table: Mapping[tuple[str, str], Limit]) -> Iterator[Problem]:
    limit = table.get((family_key(family), region))
    held = total(found, lambda demand: demand.vcpus).known.high
    path = f"{family} in {region}"
    told = f"{counted(held, 'vCPU')} ({shares([(demand.component, demand.vcpus) for demand in found])})"
    if limit is None:
        fix = f"add family {family}, region {region} to the quota file"
        yield Problem("KQ102", path, f"{told}, but no limit on record", "an entry in the quota file", fix)
        return
    left = max(limit.limit - limit.used, 0)
    if held > left:
        most = f"at most {amount(left)} ({amount(limit.limit)} less {amount(limit.used)} used)"
        yield Problem("KQ102", path, told, most, "hold fewer or smaller nodes, or ask for quota")


RULE = StackRule(
    code="KQ102",
    name="vcpu-quota",
    title="The vCPUs of every family and region stay within the quota",
    config=Config,
    check=check,
    why="Azure and AWS refuse nodes over quota while the update runs: half of the stack then exists and waits.",
    fix="Hold fewer or smaller nodes, use another region, or ask the cloud for quota and refresh the quota file.",
    tags=("gpu", "quota"),
)
