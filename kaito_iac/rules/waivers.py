"""KQ116: a waiver lets one finding of one resource pass, for a reason, with an owner, until a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pydantic import Field

from kaito_iac.problem import Problem
from kaito_iac.rules.rule import RuleConfig, StackFacts, StackRule
from kaito_iac.validation import StrictRecord

NAME: Final = "waivers"


class Waiver(StrictRecord):
    """An exception to one rule."""

    rule: str = Field(min_length=1, description="Name of the rule, such as `gpu-budget`.")
    resource: str = Field(min_length=1, description="Name of the resource, or the path of the finding, such as `stack`.")
    owner: str = Field(min_length=1, description="Person or team that answers for it.")
    reason: str = Field(min_length=1, description="Why the rule does not hold here.")
    expires: date = Field(description="Last day on which it holds.")

    def covers(self, rule: str, name: str, path: str, today: date) -> bool:
        """Return whether it holds today for a finding of a rule about a resource."""
        if self.rule != rule or today > self.expires:
            return False
        return name == self.resource if name else path == self.resource or path.startswith(f"{self.resource}.")

    @property
    def note(self) -> str:
        """Return the note on a finding that it lets pass."""
        return f"waived until {self.expires.isoformat()} by {self.owner}: {self.reason}"


class Config(RuleConfig):
    """Settings of the rule."""

    granted: tuple[Waiver, ...] = Field((), description="Exceptions to the rules of this configuration.")


def check(facts: StackFacts, config: Config) -> Iterator[Problem]:
    """Report every waiver whose day is over."""
    for waiver in config.granted:
        if facts.today > waiver.expires:
            message = f"the waiver of {waiver.owner} ended on {waiver.expires.isoformat()}"
            fix = f"take it out of {NAME}, or have it granted anew with a later day"
            yield Problem("KQ116", f"waiver of {waiver.rule} for {waiver.resource}", message, "a waiver that holds", fix)


RULE = StackRule(
    code="KQ116",
    name=NAME,
    title="Every waiver names its owner and reason, and is not over",
    config=Config,
    check=check,
    why="An exception without a last day is never reviewed.",
    fix="Remove the waiver, or extend it to a later day.",
    tags=("quota", "operation"),
)
