"""The command `quota running`: what saved stacks run, printed or written into the quota file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kaito_iac.cli.quota_fetching import before_of, replace_file
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.state_judging import read
from kaito_iac.files import locked
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.quota.model import QuotaFile
    from kaito_iac.quota.running import Running


def running(files: Sequence[Path], output: Path | None, *, subscription: str = "", region: str | None = None) -> Reply:
    """Return what the stacks of saved states run at their fewest; nothing is written unless all were read."""
    found, warned = _read(files, region or "")
    left_out: tuple[str, ...] = ()
    if output is not None:
        with locked(output):
            left_out = _write(output, subscription, found)
    data = {
        "running": [
            {
                "stack": one.stack,
                "made": one.made.isoformat() if one.made else None,
                "regions": one.regions,
                "unknown": [{"component": who, "what": what, "reason": why.reason} for who, what, why in one.doubts],
            }
            for one in found
        ]
    }
    doubts = (f"{one.stack}: {who}: {what} unknown ({why.reason})" for one in found for who, what, why in one.doubts)
    text = f"{output}: what {len(found)} {'stack runs' if len(found) == 1 else 'stacks run'}\n" if output else _fragment(found)
    return Reply(
        data=data,
        text=lambda page: text,
        talk=tuple(f"left out, so it stays in the use of others: {line}" for line in (*doubts, *left_out)),
        problems=warned,
        title="quota running",
    )


def _read(files: Sequence[Path], region: str) -> tuple[list[Running], tuple[Problem, ...]]:
    from kaito_iac.problem import errors
    from kaito_iac.quota.running import running_of

    states = [(file, read(file)) for file in files]
    problems = tuple(problem for _, state in states for problem in state.problems)
    if wrong := errors(problems):
        raise Refused("quota running", wrong)
    found = {}
    for file, state in states:
        one = running_of(state, region)
        if not state.resources:
            raise Refused(f"{file.name} holds no resource, so its owner is unknown")
        if one.stack in found:
            raise Refused(f"{file.name} is a second state of {one.stack}")
        found[one.stack] = one
    return list(found.values()), problems


def _write(output: Path, subscription: str, found: Sequence[Running]) -> tuple[str, ...]:
    from kaito_iac.quota.file import read_quota_text
    from kaito_iac.quota.running import with_running
    from kaito_iac.quota.text import quota_text

    before, text = before_of(output)
    if before is None or not before.subscriptions:
        raise Refused(f"{output} names no subscription; write it with `kaito-iac quota fetch` first")
    after, left_out = with_running(before, _account(before, subscription), found)
    written = quota_text(after, text)
    again, wrong = read_quota_text(written, output.name)
    if wrong:
        raise Refused(f"{output.name} would say that more runs than is used; `kaito-iac quota fetch` first", wrong)
    if again != after:
        raise Refused(f"{output.name} cannot be edited safely: write every key on a line of its own")
    replace_file(output, written)
    return left_out


def _account(quota: QuotaFile, subscription: str) -> str:
    from kaito_iac.quota.file import account_of

    account, problems = account_of(quota, subscription)
    if problems:
        raise Refused("quota running", problems)
    return account


def _fragment(found: Sequence[Running]) -> str:
    """Return what runs as the quota file says it, by region."""
    from kaito_iac.kubernetes.yaml_text import one_line

    lines: list[str] = []
    for place in sorted({place for one in found for place in one.regions}):
        lines += [f"{one_line(place)}:", "  running:"]
        shares = ((one.stack, one.regions[place]) for one in found if place in one.regions)
        for stack, held in shares:
            share = ", ".join(f"{one_line(family)}: {number}" for family, number in sorted(held.items()))
            lines.append(f"    {one_line(stack)}: {{{share}}}")
    return "".join(f"{line}\n" for line in lines or ["{}  # nothing for certain"])
