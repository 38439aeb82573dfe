"""Asks Azure which GPU sizes a subscription can order in a region, and why it cannot order others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaito_iac.demand.demand import region_key
from kaito_iac.problem import Problem
from kaito_iac.quota import fetch
from kaito_iac.quota.intake import Taken, take


def read_sizes(subscription: str, regions: Sequence[str]) -> tuple[Taken, list[Problem]]:
    """Return the GPU sizes that the subscription can order, with zones, and the restrictions of others; or why not."""
    client: Any = fetch.compute_client(subscription)
    taken = Taken()
    with client:
        for region in dict.fromkeys(map(region_key, regions)):
            try:
                rows = [sku.as_dict() for sku in client.resource_skus.list(filter=f"location eq '{region}'")]
            except Exception as error:
                problem = fetch.refused(error, subscription, region)
                if problem is None:
                    raise
                return Taken(), [problem]
            if rows:
                found, _ = take(rows, "skus")
                taken.sold[region] = found.sold.get(region, {})
                taken.refused[region] = found.refused.get(region, {})
    return taken, []
