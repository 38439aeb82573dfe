"""What an examination finds: one line about one thing, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

State = Literal["ok", "info", "warning", "error"]
STATES: Final[tuple[State, ...]] = ("ok", "info", "warning", "error")
"""info: not there and not needed, or not seen. warning: works until it does not. error: `pulumi up` cannot work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of an examination."""

    area: str
    """tools, packages, configuration, program or cluster."""
    subject: str
    state: State
    found: str
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"area": self.area, "subject": self.subject, "state": self.state, "found": self.found, "fix": self.fix}


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without what follows them, such as an alpha."""
    found = []
    for part in version.lstrip("v").split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
        if digits != part:
            break
    return tuple(found)
