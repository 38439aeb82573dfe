"""What a refresh changes in a price file, and the text of the new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kaito_iac.catalog.price import list_price
from kaito_iac.kubernetes.yaml_text import one_line
from kaito_iac.problem import Unknown
from kaito_iac.quota.price_list import Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One price that is another one now."""

    region: str
    size: str
    kind: str
    before: float | None
    """US dollars an hour; None: there was none."""
    now: float | None

    @property
    def percent(self) -> float | None:
        """Return how much more it is, per cent; None where one of the two is missing."""
        return None if not self.before or self.now is None else 100 * (self.now / self.before - 1)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        share = None if self.percent is None else round(self.percent, 2)
        return {
            "region": self.region,
            "size": self.size,
            "kind": self.kind,
            "before": self.before,
            "now": self.now,
            "percent": share,
        }


def changes(before: Rates, now: Rates) -> Iterator[Change]:
    """Return what differs in the regions that were read; a price that the file did not have is held against the list price."""
    for region in sorted(now):
        old = before.get(region, {})
        for size in sorted({*old, *now[region]}):
            for kind in ("onDemand", "spot"):
                was, is_ = old.get(size, {}).get(kind), now[region].get(size, {}).get(kind)
                if was is None and region not in before:
                    was = _listed(size, region, kind)
                if was != is_:
                    yield Change(region=region, size=size, kind=kind, before=was, now=is_)


def _listed(size: str, region: str, kind: str) -> float | None:
    found = list_price(size, region, "spot" if kind == "spot" else "onDemand")
    return None if isinstance(found, Unknown) else found


def merged(before: Rates, now: Rates) -> Rates:
    """Return the regions that were read as they are now, with their rates of reservations, and the others as they were."""
    found = {**before, **now}
    for region in now:
        for size, kinds in before.get(region, {}).items():
            if "reserved" in kinds:
                found[region] = {**found[region], size: {**found[region].get(size, {}), "reserved": kinds["reserved"]}}
    return found


def price_text(rates: Rates, today: date, source: str, kept: Mapping[str, Any]) -> str:
    """Return a price file; `kept` holds the discounts, and whether list prices stand in, of the one before."""
    lines = [
        "# Written by `kaito-iac prices refresh`; the next one replaces it.",
        f"date: {today.isoformat()}",
        f"source: {one_line(source)}",
    ]
    if kept.get("discount_percent"):
        lines += ["discountPercent:", *(f"  {one_line(cloud)}: {share:g}" for cloud, share in kept["discount_percent"].items())]
    if kept.get("list_prices") is False:
        lines.append("listPrices: false")
    lines.append("rates:" if rates else "rates: {}")
    for region, of_sizes in sorted(rates.items()):
        lines.append(f"  {one_line(region)}:")
        for size, kinds in sorted(of_sizes.items()):
            message = ", ".join(f"{kind}: {usd!r}" for kind, usd in sorted(kinds.items()))
            lines.append(f"    {one_line(size)}: {{{message}}}")
    return "\n".join(lines) + "\n"
