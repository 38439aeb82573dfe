"""Which of the sizes of `fit` a subscription of the quota file cannot order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kaito_iac.catalog.find import find_size
from kaito_iac.cli.reply import Refused
from kaito_iac.demand.demand import region_key
from kaito_iac.sizing.fit import Fit

Shop = Callable[[Fit], Fit]
"""Return an answer with the problem that its size cannot be ordered, where that is so."""


def everything(answer: Fit) -> Fit:
    """Return the answer as it is: nothing is known of what is sold."""
    return answer


def shop_of(quota: Path | None, subscription: str) -> Shop:
    """Return why a size cannot be ordered; of a file of several subscriptions, that none of them can."""
    if quota is None:
        return everything
    from kaito_iac.quota.file import account_of, read_quota
    from kaito_iac.quota.sold import by_key, unsold_size

    file, problems = read_quota(quota)
    if file is None:
        raise Refused("quota", tuple(problems))
    accounts = list(file.subscriptions)
    if subscription and accounts:
        named, wrong = account_of(file, subscription)
        if wrong:
            raise Refused("quota", tuple(wrong))
        accounts = [named]
    markets = [by_key(file.subscriptions[account]) for account in accounts]

    def shop(answer: Fit) -> Fit:
        size = find_size(answer.size)
        if size is None or not answer.region:
            return answer
        place = region_key(answer.region)
        listed = [market for market in markets if (region := market.get(place)) and region.sizes is not None]
        found = [unsold_size(size, place, market, "size") for market in listed]
        problem = found[0] if found and all(found) else None
        return answer if problem is None else replace(answer, problems=(*answer.problems, problem))

    return shop
