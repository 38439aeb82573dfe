"""One resource while events of the engine come in: what it was, what it will be, and in which properties it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kaito_iac.stack.change import Change, Difference, State
from kaito_iac.stack.event_value import MOST_DIFFERENCES, differences

_REPLACES: Final = "-replace"


class Entry:
    """One resource while events come in."""

    __slots__ = (
        "after",
        "before",
        "detailed",
        "differences",
        "digest",
        "drift",
        "drifted",
        "failed",
        "hidden",
        "keys",
        "new_digest",
        "secrets",
        "steps",
        "type",
        "urn",
        "vanished",
    )

    def __init__(self, urn: str, token: str) -> None:
        self.urn = urn
        self.type = token
        self.steps: list[str] = []
        self.before: State | None = None
        self.after: State | None = None
        self.keys: tuple[str, ...] = ()
        self.differences: tuple[Difference, ...] = ()
        self.hidden = 0
        self.detailed: Mapping[str, Any] = {}
        self.failed = False
        self.drift: tuple[Difference, ...] = ()
        self.drifted = False
        self.vanished = False
        self.digest = ""
        self.new_digest = ""
        self.secrets = 0

    def change(self) -> Change:
        """Return everything the engine does to the resource."""
        return Change(
            urn=self.urn,
            type=self.type,
            steps=tuple(self.steps),
            before=self.before,
            after=self.after,
            keys=self.keys,
            differences=self.differences,
            hidden_differences=self.hidden,
            failed=self.failed,
            drifted=self.drifted,
            drift=self.drift,
            vanished=self.vanished,
            digest=self.digest,
            new_digest=self.new_digest,
            secrets=self.secrets,
        )

    def compare(self, before: Any, after: Any) -> None:
        """Keep the properties that differ, the engine's own differences among them, and which of them force a replacement."""
        forced = {
            path for path, how in self.detailed.items() if isinstance(how, dict) and str(how.get("diffKind")).endswith(_REPLACES)
        }
        self.keys = self.keys or tuple(sorted(forced))
        kind = self.type.rpartition(":")[2]
        found = list(differences(before, after, kind=kind)) if before or after else []
        paths = {one.path for one in found}
        for path, how in sorted(self.detailed.items()):
            if isinstance(path, str) and not any(_same_place(path, known) for known in paths):
                found.append(_of_engine(path, how))
        marked = {*forced, *self.keys}
        self.differences = tuple(
            Difference(path=one.path, kind=one.kind, before=one.before, after=one.after, replaces=_forces(one.path, marked))
            for one in found[:MOST_DIFFERENCES]
        )
        self.hidden = len(found) - len(self.differences)


def _same_place(path: str, known: str) -> bool:
    return known == path or known.startswith((f"{path}.", f"{path}["))


def _forces(path: str, marked: Iterable[str]) -> bool:
    return any(_same_place(key, path) for key in marked)


def _of_engine(path: str, how: Any) -> Difference:
    """Return a difference that only the provider sees, such as one of outputs or of secrets."""
    message = str(how.get("diffKind")).partition("-")[0] if isinstance(how, dict) else "update"
    # the comparison leaves the words of a difference, which mypy takes for any text
    return Difference(path=path, kind=message if message in ("add", "delete") else "update")  # type: ignore[arg-type]
