"""Reads the quota file, says what is wrong with it by line, and gives the limits of one subscription."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kaito_iac.demand.demand import region_key
from kaito_iac.files import FileError, read_text
from kaito_iac.kubernetes.document import Document
from kaito_iac.kubernetes.yaml_file import read_yaml
from kaito_iac.problem import Problem
from kaito_iac.quota.model import QuotaFile, Subscription, family_key
from kaito_iac.quota.price_file import price_problems
from kaito_iac.validation import problems_by_line

_TOP: Final = "the keys date and subscriptions"
_MEND: Final = "correct the quota file"
RUNNING: Final = "running"
"""Cause of problems with the part of the file about running stacks."""
Place = tuple[str, str]
"""Family and region, in the one spelling that limits are looked up by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The limit of one family in one region, and who uses it."""

    family: str
    """As the file spells it."""
    region: str
    limit: int
    used: int
    """vCPUs in use, those of `running` included."""
    running: Mapping[str, int] = field(default_factory=dict)
    """vCPUs within `used` by project/stack."""


def read_quota(path: Path) -> tuple[QuotaFile | None, list[Problem]]:
    """Read a quota file; return None and every problem, with lines, when it cannot be used."""
    try:
        text = read_text(path)
    except FileError as error:
        fix = "" if path.exists() else "name the file, or write one: kaito-iac quota fetch --subscription ID --region REGION"
        return None, [Problem("KQ103", path.name, str(error), "a readable quota file", fix)]
    quota, problems = read_quota_text(text, path.name)
    return quota, list(problems)


@lru_cache(maxsize=8)
def read_quota_text(text: str, name: str) -> tuple[QuotaFile | None, tuple[Problem, ...]]:
    """Read the text of a quota file; `name` is what problems call it."""
    document, problems = read_yaml(text, name, code="KQ103", top=_TOP)
    if document is None:
        return None, tuple(problems)
    try:
        quota = QuotaFile.model_validate(document.data)
    except ValidationError as error:
        return None, tuple(problems_by_line("KQ103", document, name, QuotaFile, error, _MEND))
    prices = price_problems(quota.prices, document, name, ("prices",)) if quota.prices else ()
    wrong = (*_versions(quota, document, name), *_repeated(quota, document, name), *_doubtful(quota, document, name), *prices)
    return None if wrong else quota, wrong


def _versions(quota: QuotaFile, document: Document, name: str) -> Iterator[Problem]:
    """Report when a file is empty, or mixes the two forms of limits."""
    if not quota.model_fields_set & {"subscriptions", "limits", "budgets", "prices"}:
        yield Problem("KQ103", f"{name}:1", "neither subscriptions, budgets nor prices", "at least one of them", _MEND)
    if {"subscriptions", "limits"} <= quota.model_fields_set:
        where = f"{name}:{document.line_of(('limits',))}"
        yield Problem("KQ103", where, "limits beside subscriptions", "one of them", "move the limits into subscriptions")


def _repeated(quota: QuotaFile, document: Document, name: str) -> Iterator[Problem]:
    """Report what is there twice in two spellings, so that it is unclear which one holds."""

    def twice(entries: Iterable[tuple[Hashable, str, tuple[str | int, ...]]], accepted: str) -> Iterator[Problem]:
        lines: dict[Hashable, int] = {}
        for key, shown, place in entries:
            line = document.line_of(place)
            first = lines.get(key)
            if first is None:
                lines[key] = line
            else:
                found = f"{shown} a second time, first on line {first}"
                yield Problem("KQ103", f"{name}:{line}", found, accepted, "keep the one that holds")

    one = "one limit per family and region"
    limits = ((limit.key, f"{limit.family} in {limit.region}", ("limits", n)) for n, limit in enumerate(quota.limits))
    yield from twice(limits, one)
    for account, subscription in quota.subscriptions.items():
        top = ("subscriptions", account, "regions")
        regions = ((region_key(region), region, (*top, region)) for region in subscription.regions)
        yield from twice(regions, "every region once")
        for region, found in subscription.regions.items():
            families = (
                (family_key(family), f"{family} in {region}", (*top, region, "families", family)) for family in found.families
            )
            yield from twice(families, one)
    teams = quota.budgets.teams.items()
    yield from twice(
        (
            (namespace, f"namespace {namespace} of {team}", ("budgets", "teams", team, "namespaces", index))
            for team, budget in teams
            for index, namespace in enumerate(budget.namespaces)
        ),
        "one team per namespace",
    )


def _doubtful(quota: QuotaFile, document: Document, name: str) -> Iterator[Problem]:
    """Report where more of the use is declared to be running than there is use."""
    for account, subscription in quota.subscriptions.items():
        for place, region in subscription.regions.items():
            used = {family_key(family): found.used for family, found in region.families.items()}
            shares: dict[str, int] = {}
            for stack, families in region.running.items():
                path = ("subscriptions", account, "regions", place, "running", stack)
                where = f"{name}:{document.line_of(path)}"
                if stack.count("/") != 1:
                    yield Problem(
                        "KQ103",
                        where,
                        f"running: {stack!r}",
                        "a project and a stack, such as platform/prod",
                        _MEND,
                        cause=RUNNING,
                    )
                for family, share in families.items():
                    key = family_key(family)
                    shares[key] = shares.get(key, 0) + share
                    if shares[key] > used.get(key, 0):
                        message = f"running: {shares[key]} of {family} in {place}"
                        most = f"at most the {used.get(key, 0)} used"
                        where = f"{name}:{document.line_of((*path, family))}"
                        yield Problem("KQ103", where, message, most, _MEND, cause=RUNNING)


def quotas(quota: QuotaFile, subscription: str = "") -> tuple[dict[Place, Quota], list[Problem]]:
    """Return the limits of a subscription by family and region; one of several has to be named by id or name."""
    if not quota.subscriptions:
        return {limit.key: quota_of(limit) for limit in quota.limits}, []
    account, problems = account_of(quota, subscription)
    return ({}, problems) if problems else (dict(_of_subscription(quota.subscriptions[account])), [])


def account_of(quota: QuotaFile, subscription: str = "") -> tuple[str, list[Problem]]:
    """Return the id of a subscription named by id or name, or of the only one; else what is wrong with the name."""
    named = [
        account
        for account, found in quota.subscriptions.items()
        if not subscription or subscription.lower() in (account.lower(), found.name.lower())
    ]
    if len(named) == 1:
        return named[0], []
    message = f"'{subscription}' names {len(named) or 'none'} of the subscriptions" if subscription else "several subscriptions"
    known = ", ".join(found.name or account for account, found in quota.subscriptions.items())
    return "", [Problem("KQ103", "subscription", message, f"one of {known}", "name the subscription that pays for the stack")]


def quota_of(limit: Any) -> Quota:
    """Return a limit of the first version, or of a rule's settings, as a quota."""
    return Quota(family=limit.family, region=limit.region, limit=limit.limit, used=limit.used)


def _of_subscription(subscription: Subscription) -> Iterator[tuple[Place, Quota]]:
    for place, region in subscription.regions.items():
        for family, found in region.families.items():
            key = family_key(family)
            running = {
                stack: share
                for stack, families in region.running.items()
                for name, share in families.items()
                if family_key(name) == key
            }
            yield (
                (key, region_key(place)),
                Quota(family=family, region=place, limit=found.limit, used=found.used, running=running),
            )
