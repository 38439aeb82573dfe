"""Takes apart what a policy reported: messages of our own packs become problems, those of others stay whole."""

from __future__ import annotations

import re
from typing import Final

from kaito_iac.problem import Problem, Severity

_OURS: Final = re.compile(
    r"(?P<path>[^\n]*?): (?P<found>.*?)(; expected (?P<accepted>.*?))? \[(?P<code>K[A-Z]\d{3})\](\n\s*fix: (?P<fix>.*))?",
    re.DOTALL,
)


def violation_problem(pack: str, policy: str, message: str, severity: Severity) -> Problem:
    """Return a violation as a problem."""
    described, _, rest = message.partition("\n")
    ours = _OURS.fullmatch(rest.strip()) or _OURS.fullmatch(message.strip())
    if ours:
        return Problem(ours["code"], ours["path"], ours["found"], ours["accepted"] or "", ours["fix"] or "", severity)
    return Problem(policy, pack, f"{described} {rest}".strip(), "", "", severity)
