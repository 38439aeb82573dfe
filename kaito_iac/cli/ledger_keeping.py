"""The commands that keep the ledger: plans of main and of open pull requests, written and removed."""

from __future__ import annotations

from pathlib import Path

from kaito_iac.cli.reply import Refused, Reply


def write_plans(files: tuple[Path, ...], place: str, owner: str) -> Reply:
    """Write plans of stacks as entries of an owner; nothing is written when one of them is no plan."""
    from kaito_iac.quota.ledger import read_ledger
    from kaito_iac.report.ledger_store import Entry, StoreError, store_of

    _needed(place, owner)
    ledger = read_ledger(files)
    if ledger.problems:
        raise Refused("Ledger", ledger.problems)
    store = store_of(place)
    data = {path.name: path.read_bytes() for path in files}
    try:
        for plan in ledger.plans:
            store.write(Entry(owner, plan.stack), data[plan.file])
    except StoreError as error:
        raise Refused(str(error)) from error
    return _reply([f"wrote {plan.stack} of {owner}" for plan in ledger.plans])


def remove_plans(place: str, owner: str) -> Reply:
    """Remove every entry of an owner."""
    from kaito_iac.report.ledger_store import StoreError, store_of

    _needed(place, owner)
    try:
        store_of(place).remove(owner)
    except StoreError as error:
        raise Refused(str(error)) from error
    return _reply([f"removed what {owner} had"])


def _needed(place: str, owner: str) -> None:
    if not place or not owner:
        raise Refused("name the ledger with --store and the owner of the entries with --owner")


def _reply(lines: list[str]) -> Reply:
    return Reply(data=lines, text=lambda page: "", talk=tuple(lines))
