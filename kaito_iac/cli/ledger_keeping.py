"""The commands that keep the ledger: plans of main and of open pull requests, written and removed."""

from __future__ import annotations

from pathlib import Path

from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.files import PLAN_BYTES, FileError, read_bytes
from kaito_iac.problem import Problem


def write_plans(files: tuple[Path, ...], place: str, owner: str) -> Reply:
    """Write plans of stacks as entries of an owner; nothing is written when one of them is no plan."""
    from kaito_iac.quota.ledger import read_ledger
    from kaito_iac.report.ledger_store import Entry, StoreError, store_of

    _needed(place, owner)
    ledger = read_ledger(files)
    folders = [Problem("KQ112", str(path), "a folder", "the file of a plan") for path in files if path.is_dir()]
    if ledger.problems or folders:
        raise Refused("Ledger", (*ledger.problems, *folders))
    store = store_of(place)
    try:
        for path in files:
            for plan in read_ledger([path]).plans:
                store.write(Entry(owner, plan.stack), read_bytes(path, PLAN_BYTES))
    except (StoreError, FileError) as error:
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
