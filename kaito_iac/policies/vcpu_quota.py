"""KQ102: the vCPUs of every quota family and region stay within the limit on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from kaito_iac.policies.quota_file import Limit, family_key, read_quota
from kaito_iac.policies.rule import RuleConfig, StackFacts, StackRule, amount, shares
from kaito_iac.problem import Problem, Unknown
from kaito_iac.sizing.demand import Demand, with_gpus
from kaito_iac.sizing.total import total

ALL = "cores"
"""Family name of the regional limit over all families."""


class Config(RuleConfig):
    """Settings of the rule: limits inline, or in a file."""

    quota_file: str = Field("", description="Path of a quota file; empty: none.")
    limits: tuple[Limit, ...] = Field((), description="Limits written out here, beside those of the file.")
    region: str = Field("", description="Region of resources that name none; empty: unknown.")
    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: unknown vCPUs, family or region break the quota. warn: leave it to unknown-demand."
    )


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Adds up vCPUs at their maximum by family and region, and compares with limit less use."""
    limits = list(config.limits)
    if config.quota_file:
        quota, problems = read_quota(facts.folder / config.quota_file)
        yield from problems
        limits += quota.limits if quota else ()
        if quota is None:
            return
    if not limits:
        return
    table = {(family_key(limit.family), limit.region.lower()): limit for limit in limits}
    groups: dict[tuple[str, str], list[Demand]] = {}
    for demand in with_gpus(facts.demands):
        if not demand.bought:
            continue
        region = config.region if isinstance(demand.region, Unknown) and config.region else demand.region
        values = {"vCPUs": demand.vcpus, "quota family": demand.family, "region": region}
        unknown = [(name, value) for name, value in values.items() if isinstance(value, Unknown)]
        if unknown and config.on_unknown == "deny":
            yield Problem(
                "KQ102", demand.component, f"{unknown[0][0]} unknown ({unknown[0][1].reason})", "what the quota can count"
            )
        if not unknown:
            families = [str(demand.family), *([ALL] if (ALL, str(region).lower()) in table and not demand.spot else [])]
            for family in families:
                groups.setdefault((family, str(region)), []).append(demand)
    for (family, place), found in groups.items():
        yield from _compared(found, family, place, table)


def _compared(found: Sequence[Demand], family: str, region: str, table: Mapping[tuple[str, str], Limit]) -> Iterator[Problem]:
    limit = table.get((family_key(family), region.lower()))
    held = total(found, lambda demand: demand.vcpus).known.high
    path = f"{family} in {region}"
    who = shares([(demand.component, demand.vcpus) for demand in found])
    if limit is None:
        told = f"{amount(held)} vCPUs ({who}), but no limit on record"
        yield Problem(
            "KQ102", path, told, "an entry in the quota file", f"add family {family}, region {region} to the quota file"
        )
        return
    left = limit.limit - limit.used
    if held > left:
        told = f"{amount(held)} vCPUs ({who})"
        yield Problem(
            "KQ102",
            path,
            told,
            f"at most {left} ({limit.limit} less {limit.used} used)",
            "hold fewer or smaller nodes, or ask for quota",
        )


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
