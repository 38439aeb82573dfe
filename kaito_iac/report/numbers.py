"""Numbers of a report in words: difference and result, unknown as a word, lower bounds as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaito_iac.demand.range import Range
from kaito_iac.demand.total import Total
from kaito_iac.problem import Unknown
from kaito_iac.quota.amount import amount
from kaito_iac.report.model import QUOTA, Amount, Report, Room, StackReport


def signed(value: float) -> str:
    """Return a difference with its sign."""
    return f"+{amount(value)}" if value > 0 else f"-{amount(-value)}" if value < 0 else "±0"


def added(found: Iterable[Total]) -> Total:
    """Return the sum of totals."""
    known = Range(0, 0, 0)
    unknown: list[tuple[str, Unknown]] = []
    for one in found:
        known = known.plus(one.known)
        unknown += one.unknown
    return Total(known, tuple(unknown))


def merged(found: Iterable[Amount]) -> tuple[Amount, ...]:
    """Return amounts of one name and region as one, in the order they come."""
    groups: dict[tuple[str, str], list[Amount]] = {}
    for one in found:
        groups.setdefault((one.name, one.region), []).append(one)
    return tuple(
        Amount(
            name=name,
            region=region,
            before=added(one.before for one in group),
            after=added(one.after for one in group),
        )
        for (name, region), group in groups.items()
    )


def change(one: Amount, digits: bool = False) -> str:
    """Return `8 → 12`, with the maximum where an autoscaler may go beyond."""
    old, new = (_value(total, digits) for total in (one.before, one.after))
    return f"{old} → {new}"


def _value(found: Total, digits: bool) -> str:
    known = found.known
    expected, high = (round(known.expected), round(known.high)) if digits else (known.expected, known.high)
    more = f", up to {amount(high)}" if high > expected else ""
    unknown = " + unknown" if found.unknown else ""
    if not known.low_known and not more:
        return f"up to {amount(high)}{unknown}"
    return f"{amount(expected)}{unknown}{more}"


def product(name: str) -> str:
    """Return a GPU product without its maker."""
    return name.removeprefix("NVIDIA ").removeprefix("AMD ")


def gpus(stacks: Sequence[StackReport]) -> str:
    """Return the GPUs of stacks: difference, then before and after."""
    found = merged(one for stack in stacks for one in stack.gpus)
    parts = []
    if found:
        whole = Amount(name="", before=added(one.before for one in found), after=added(one.after for one in found))
        difference = whole.after.known.expected - whole.before.known.expected
        if len(found) == 1:
            line = f"{change(found[0])} {product(found[0].name)}".removesuffix(" unknown")
        else:
            line = f"{change(whole)}: " + ", ".join(f"{product(one.name)} {change(one)}" for one in found)
        parts.append(f"{least(stacks)}{signed(difference)} {_plural(difference, 'GPU')} ({line})")
    shared = Amount(
        name="", before=added(stack.existing.before for stack in stacks), after=added(stack.existing.after for stack in stacks)
    )
    if shared.before.known.high or shared.after.known.high or shared.after.unknown:
        difference = shared.after.known.expected - shared.before.known.expected
        parts.append(f"{least(stacks)}{signed(difference)} {_plural(difference, 'GPU')} on existing nodes ({change(shared)})")
    return " · ".join(parts) or "no GPUs"


def differences(found: Sequence[Amount], cost: Amount | None) -> str:
    """Return the differences alone: `+4 GPUs, +10,724 USD/month`."""
    more = sum(one.after.known.expected - one.before.known.expected for one in found)
    dollars = round(cost.after.known.expected - cost.before.known.expected) if cost else 0
    return f"{signed(more)} {_plural(more, 'GPU')}, {signed(dollars)} USD/month"


def _plural(value: float, word: str) -> str:
    return word if abs(value) == 1 else f"{word}s"


def least(stacks: Sequence[StackReport]) -> str:
    """Return `at least` when a run did not come to its end."""
    return "at least " if any(stack.at_least for stack in stacks) else ""


def money(stacks: Sequence[StackReport]) -> str:
    """Return US dollars a month of stacks: difference, then before and after."""
    whole = Amount(
        name="", before=added(stack.money.before for stack in stacks), after=added(stack.money.after for stack in stacks)
    )
    if not (whole.before.known.high or whole.after.known.high or whole.after.unknown or whole.before.unknown):
        return "±0 USD/month"
    difference = round(whole.after.known.expected) - round(whole.before.known.expected)
    return f"{least(stacks)}{signed(difference)} USD/month ({change(whole, digits=True)})"


def quota(stacks: Sequence[StackReport]) -> str:
    """Return what of the quota is left, of the family where it is tightest."""
    rooms = [room for stack in stacks for room in stack.rooms]
    if not rooms:
        if any(one.after.unknown for stack in stacks for one in stack.gpus):
            return "quota not judged (vCPUs not known)"
        family = any(what == QUOTA for stack in stacks for _, what, _ in stack.unknown)
        return "quota not judged (quota family not known)" if family else "needs no GPU quota"
    if not all(stack.quota_judged for stack in stacks if stack.rooms):
        return "quota not judged (no quota file)"
    known = [room for room in rooms if room.left is not None]
    missing = len(rooms) - len(known)
    if not known:
        return "quota not judged (no limit on record)"
    tight = min(known, key=lambda room: (room.left or 0) / (room.limit or 1))
    left = tight.left or 0
    if left < 0:
        return f"exceeds the quota by {amount(-left)} vCPUs of {amount(tight.limit or 0)}"
    if (worst := peak(known)) is not None:
        return f"fits after the update, not during it: {amount(worst.peak)} vCPUs at once, {amount(worst.room or 0)} allowed"
    message = f"fits, {amount(left)} of {amount(tight.limit or 0)} vCPUs left"
    return f"{message}, {missing} without a limit on record" if missing else message


def peak(rooms: Iterable[Room]) -> Room | None:
    """Return the room that holds before and after the update, and not while it runs."""
    bad = [room for room in rooms if room.left_at_peak is not None and room.left_at_peak < 0 and (room.left or 0) >= 0]
    return min(bad, key=lambda room: room.left_at_peak or 0) if bad else None


def changing(report: Report) -> str:
    """Return how many stacks change."""
    stacks = [stack for stack in report.stacks if stack.changed]
    if not stacks:
        return "no changes"
    return f"{len(stacks)} of {len(report.stacks)} stacks change" if len(report.stacks) > 1 else "1 stack changes"
