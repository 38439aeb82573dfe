"""Finds resources that are deleted and made anew with equal inputs: with an alias they stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from kaito_iac.report.model import Rename
from kaito_iac.stack.change import Change

_MOST: Final = 20
"""Equal resources among which pairs are looked for."""
_LONGEST: Final = 200


def renames(changes: Sequence[Change]) -> tuple[Rename, ...]:
    """Return every pair of a deleted and a created resource of a type that differ in the name alone.

    Where as many are created as deleted with equal inputs, those whose names are alike are pairs: any of them can take any place.
    """
    gone, made = _grouped(changes, "delete"), _grouped(changes, "create")
    equal = ((old, made[key]) for key, old in gone.items() if len(old) == len(made.get(key, ())) <= _MOST)
    pairs = {old.urn: (old, new) for group in equal for old, new in _paired(*group)}
    return tuple(
        Rename(old=old.urn, new=new.urn, type=old.type, alias=_alias(old, new))
        for old, new in pairs.values()
        if _parent(old) not in pairs
    )


def _paired(gone: Sequence[Change], made: Sequence[Change]) -> Iterator[tuple[Change, Change]]:
    """Return each of the old with the one of the new whose name is most like its own."""
    left = list(made)
    for old in gone:
        new = max(left, key=lambda one: SequenceMatcher(None, old.name[:_LONGEST], one.name[:_LONGEST]).ratio())
        left.remove(new)
        yield old, new


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
