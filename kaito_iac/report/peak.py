"""Quota while an update runs: new nodes that exist before the old ones are gone need room for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.total import total
from kaito_iac.problem import Problem, Unknown
from kaito_iac.quota.amount import amount, counted
from kaito_iac.quota.balance import Position
from kaito_iac.report.model import Room
from kaito_iac.report.side import Sides
from kaito_iac.stack.change import Change, Order


def rooms(found: Sides, changes: Iterable[Change], positions: Sequence[Position]) -> tuple[Room, ...]:
    """Return every family and region with what is held before, at the peak and after, and the room there is."""
    order = {change.urn: _order(change) for change in changes}
    table = {(at.family.lower(), at.region): at for at in positions}
    places = sorted({place for side in (found.before, found.after) for held in _placed(side) for place in _places(held)})
    return tuple(_room(place, found, order, table.get((place[0].lower(), place[1]))) for place in places)


def _order(change: Change) -> Order:
    """Return the order of a replacement; deletions come last, so they are as if the new nodes came first.

    What a deletion retains is held afterwards, too, so nothing comes on top of it.
    """
    if change.before is not None and change.before.retain:
        return ""
    return "create-first" if change.action == "delete" else change.order


def _placed(side: Iterable[Demand]) -> list[Demand]:
    return [held for held in with_gpus(side) if held.bought]


def _places(held: Demand) -> tuple[tuple[str, str], ...]:
    """Return every family and region that has to have room for nodes: both of what may be spot, none of what is reserved."""
    families, region = held.families, held.region
    return () if isinstance(families, Unknown) or isinstance(region, Unknown) else tuple((name, region) for name in families)


def _by_urn(side: Iterable[Demand], place: tuple[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for held in _placed(side):
        if place in _places(held):
            found[held.urn] = found.get(held.urn, 0) + total([held], lambda one: one.vcpus).known.high
    return found


def _room(place: tuple[str, str], found: Sides, order: Mapping[str, Order], at: Position | None) -> Room:
    before, after = _by_urn(found.before, place), _by_urn(found.after, place)
    peak = 0.0
    for urn in {*before, *after}:
        old, new = before.get(urn, 0), after.get(urn, 0)
        both = order.get(urn, "") in ("create-first", "unknown")
        peak += old + new if both else max(old, new)
    return Room(
        family=place[0],
        region=place[1],
        before=sum(before.values()),
        after=sum(after.values()),
        peak=peak,
        limit=at.quota.limit if at and at.quota else None,
        room=at.room if at and at.quota else None,
    )


def peak_problems(found: Sequence[Room]) -> tuple[Problem, ...]:
    """Report every family whose room is enough before and after the update, and not while it runs."""
    return tuple(
        Problem(
            "KQ160",
            f"{at.family} in {at.region}",
            f"old and new nodes at the same time need {counted(at.peak, 'vCPU')}",
            f"at most {amount(max(at.room, 0))} during the update",
            "delete the old nodes first (delete_before_replace=True, an outage), or raise the quota for the update",
        )
        for at in found
        if at.room is not None and at.left is not None and at.left >= 0 and at.peak > max(at.room, at.before)
    )
