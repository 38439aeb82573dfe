"""Finds names for resources of a program: short where that is possible, and every one only once."""

from __future__ import annotations

import re
from collections.abc import Sequence


class Names:
    """Remembers the names of a program."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def add(self, name: str, space: object, kind: str = "") -> str:
        """Return a name; with the namespace, then a number, where that is taken."""
        start = f"{kind}-" if kind else ""
        names = [f"{start}{name}", *([f"{start}{space}-{name}"] if isinstance(space, str) and space else [])]
        return self._first(
            [re.sub(r"[^a-z0-9._-]+", "-", one, flags=re.ASCII | re.IGNORECASE).rstrip("-")[:250] for one in names]
        )

    def _first(self, names: Sequence[str]) -> str:
        chosen = next((name for name in names if name not in self._taken), names[-1])
        while chosen in self._taken:
            self._taken[names[-1]] += 1
            chosen = f"{names[-1]}-{self._taken[names[-1]]}"
        self._taken[chosen] = 1
        return chosen
