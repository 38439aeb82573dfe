"""Settings of rules as records that a policy configuration is read into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.validation import StrictRecord


class RuleConfig(StrictRecord):
    """The configuration of a rule."""


class Watchful(RuleConfig):
    """The configuration of a rule that may meet values that are unknown before the update."""

    on_unknown: Literal["deny", "warn"] = Field(
        "deny", description="deny: a value that is not known stops the stack. warn: leave it to unknown-values."
    )

    def unread(self, code: str, path: str, value: Unknown, accepted: str, fix: str = "") -> Iterator[Problem]:
        """Report that a value is not known, unless it is left to the rule that lists them."""
        if self.on_unknown == "deny":
            yield Problem(code, path, str(value), accepted, fix)
