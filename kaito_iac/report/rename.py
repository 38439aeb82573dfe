"""Finds resources that are deleted and made anew with equal inputs: with an alias they stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

from kaito_iac.report.model import Rename
from kaito_iac.stack.change import Change


def renames(changes: Sequence[Change]) -> tuple[Rename, ...]:
    """Return every pair of one deleted and one created resource of a type that differ in the name alone."""
    gone, made = _grouped(changes, "delete"), _grouped(changes, "create")
    pairs = {old[0].urn: (old[0], made[key][0]) for key, old in gone.items() if len(old) == 1 and len(made.get(key, ())) == 1}
    return tuple(
        Rename(old=old.urn, new=new.urn, type=old.type, alias=_alias(old, new))
        for old, new in pairs.values()
        if _parent(old) not in pairs
    )


def _grouped(changes: Sequence[Change], action: str) -> dict[tuple[str, str], list[Change]]:
    found: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        mark = change.digest if action == "delete" else change.new_digest
        if change.action == action and mark and not change.internal:
            found.setdefault((change.type, mark), []).append(change)
    return found


def _parent(change: Change) -> str:
    state = change.before or change.after
    return (state.parent or "") if state else ""


def _alias(old: Change, new: Change) -> str:
    """Return the option that keeps the resource: its old name, or its old URN when more than the name is different."""
    same_place = old.urn.rpartition("::")[0] == new.urn.rpartition("::")[0]
    return f"aliases=[pulumi.Alias(name={old.name!r})]" if same_place and old.name != new.name else f"aliases=[{old.urn!r}]"
