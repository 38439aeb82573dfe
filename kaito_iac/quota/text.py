"""Writes limits and use into the text of a quota file; budgets, comments and other keys stay as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from kaito_iac.demand.demand import region_key
from kaito_iac.kubernetes.yaml_text import one_line
from kaito_iac.quota.fetch import Usage
from kaito_iac.quota.intake import Taken
from kaito_iac.quota.model import Budgets, FamilyQuota, QuotaFile, Region, Subscription, family_key

_KEY: Final = re.compile(r"""["']?(\w+)["']?\s*:""")
_WRITTEN: Final = ("date", "source", "subscriptions", "limits")
"""Keys whose text is replaced; `limits` are those of the first version."""


def regions_to_read(before: QuotaFile | None, subscription: str, regions: Sequence[str]) -> list[str]:
    """Return the regions asked for, and those that the file already has of the subscription, so that all are of one day."""
    old = before.subscriptions.get(subscription) if before else None
    return list(dict.fromkeys(map(region_key, [*regions, *(old.regions if old else ())])))


def updated(
    before: QuotaFile | None,
    subscription: str,
    usages: Sequence[Usage],
    source: str,
    today: date,
    taken: Taken | None = None,
) -> QuotaFile:
    """Return the file with the subscription's limits and use, and the sizes it can order, as read today.

    `running` stays, and so do the sizes of regions where they were not read. Where another subscription is in the file, which
    was not read, the day stays the older one.
    """
    known = dict(before.subscriptions) if before else {}
    old = known.get(subscription)
    kept = {region_key(name): region for name, region in old.regions.items()} if old else {}
    running = {name: region.running for name, region in kept.items()}
    regions: dict[str, dict[str, FamilyQuota]] = {}
    for usage in usages:
        regions.setdefault(usage.region, {})[usage.family] = FamilyQuota(limit=usage.limit, used=usage.used)
    found = Subscription(
        name=old.name if old else "",
        regions={
            name: Region(
                families=dict(sorted(families.items(), key=lambda pair: family_key(pair[0]))),
                running=running.get(name, {}),
                **_orderable(name, taken or Taken(), kept.get(name)),
            )
            for name, families in regions.items()
        },
    )
    others = set(known) - {subscription}
    return QuotaFile(
        date=min(before.date, today) if before and others else today,
        source=source,
        subscriptions={**known, subscription: found},
        budgets=before.budgets if before else Budgets(),
        prices=before.prices if before else None,
    )


def _orderable(name: str, taken: Taken, before: Region | None) -> dict[str, Any]:
    """Return which sizes can be ordered in a region, as read today, else as the file has it."""
    if name in taken.sold:
        return {"sizes": dict(sorted(taken.sold[name].items())), "refused": dict(sorted(taken.refused.get(name, {}).items()))}
    return {} if before is None else {"sizes": before.sizes, "refused": before.refused}


def with_taken(before: QuotaFile | None, account: str, taken: Sequence[Taken], source: str, today: date) -> QuotaFile:
    """Return the file with what was imported of one subscription; regions and families that were not read stay as they are."""
    old = before.subscriptions.get(account) if before else None
    regions = {region_key(name): region for name, region in old.regions.items()} if old else {}
    for one in taken:
        for usage in one.usages:
            region = regions.setdefault(usage.region, Region(families={}))
            kept = {name: found for name, found in region.families.items() if family_key(name) != family_key(usage.family)}
            known = FamilyQuota(limit=usage.limit, used=usage.used)
            families = dict(sorted({**kept, usage.family: known}.items(), key=lambda pair: family_key(pair[0])))
            regions[usage.region] = region.model_copy(update={"families": families})
        for place in {*one.sold, *one.refused}:
            region = regions.setdefault(place, Region(families={}))
            offered = {
                "sizes": dict(sorted(one.sold.get(place, {}).items())),
                "refused": dict(sorted(one.refused.get(place, {}).items())),
            }
            regions[place] = region.model_copy(update=offered)
    found = Subscription(name=old.name if old else "", regions=regions)
    return QuotaFile(
        date=today if before is None else min(before.date, today) if set(before.subscriptions) - {account} else today,
        source=source,
        subscriptions={**(before.subscriptions if before else {}), account: found},
        budgets=before.budgets if before else Budgets(),
        prices=before.prices if before else None,
    )


def quota_text(quota: QuotaFile, before: str = "") -> str:
    """Return the text of a quota file; what `before` says beyond limits and use stays word by word."""
    head, blocks = _blocks(before)
    fresh = "\n".join(_lines(quota)) + "\n"
    kept = "".join(text for key, text in blocks if key not in _WRITTEN)
    return head + fresh + (f"\n{kept.lstrip(chr(10))}" if kept else "")


def _blocks(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Cut a text into what precedes the first key, and one piece per top-level key with the comments above it."""
    head: list[str] = []
    blocks: list[tuple[str, list[str]]] = []
    waiting: list[str] = []
    for line in text.splitlines(keepends=True):
        found = _KEY.match(line)
        if found:
            if not blocks:
                head, waiting = waiting, []
            blocks.append((found[1], [*waiting, line]))
            waiting = []
        elif line.startswith("#") or (waiting and not line.strip()) or not blocks or line.strip() in ("---", "..."):
            waiting.append(line)
        else:
            blocks[-1][1].extend([*waiting, line])
            waiting = []
    tail = "".join(waiting)
    texts = [(key, "".join(lines)) for key, lines in blocks]
    return "".join(head), [*texts, ("", tail)] if tail.strip() else texts


def _lines(quota: QuotaFile) -> Iterator[str]:
    yield f"date: {quota.date.isoformat()}"
    if quota.source:
        yield f"source: {one_line(quota.source)}"
    yield "subscriptions:" if quota.subscriptions else "subscriptions: {}"
    for account, subscription in quota.subscriptions.items():
        yield f"  {one_line(account)}:"
        if subscription.name:
            yield f"    name: {one_line(subscription.name)}"
        yield "    regions:" if subscription.regions else "    regions: {}"
        for place, region in subscription.regions.items():
            yield f"      {one_line(place)}:"
            yield "        families:" if region.families else "        families: {}"
            for family, found in region.families.items():
                yield f"          {one_line(family)}: {{limit: {found.limit}, used: {found.used}}}"
            if region.sizes is not None:
                yield "        sizes:" if region.sizes else "        sizes: {}"
                for size, zones in region.sizes.items():
                    yield f"          {one_line(size)}: [{', '.join(map(one_line, zones))}]"
            if region.refused:
                yield "        refused:"
                for size, reason in region.refused.items():
                    yield f"          {one_line(size)}: {one_line(reason)}"
            if region.running:
                yield "        running:"
                for stack, shares in region.running.items():
                    yield f"          {one_line(stack)}: {_flow(shares)}"


def _flow(shares: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{one_line(name)}: {value}" for name, value in shares.items()) + "}"
