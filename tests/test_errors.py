"""The one exception a user's program sees, and the warnings beside it."""

from __future__ import annotations

import pulumi

from kaito_iac.errors import SpecError, heard, warn
from kaito_iac.problem import Problem
from kaito_iac.testing import record

REFUSED = Problem("KS203", "context", "20000", "at most 16384", "leave context out")
COSTLY = Problem("KS214", "size", "9 nodes", "at most 8", severity="warning")
NOTED = Problem("KS204", "model", "phi-9 is gated", severity="info")


def test_all_problems_at_once() -> None:
    """The error is one that Pulumi shows without a traceback, and lists every problem in order."""
    error = SpecError("KaitoWorkspace 'chat'", [REFUSED, COSTLY])
    assert isinstance(error, pulumi.RunError)
    assert error.problems == (REFUSED, COSTLY)
    assert str(error) == f"KaitoWorkspace 'chat': 2 problems\n{REFUSED.text()}\n{COSTLY.text()}"


def test_warnings_reach_the_listener_or_the_log() -> None:
    """What does not stop a component goes to the plan that listens; without one it is logged with its resource by severity."""
    listener: list[tuple[str, Problem]] = []

    def program() -> None:
        token = heard.set(listener)
        warn("chat", [COSTLY, NOTED], pulumi.ComponentResource("test:index:Chat", "chat"))
        heard.reset(token)
        warn("quiet", [COSTLY, NOTED], pulumi.ComponentResource("test:index:Chat", "quiet"))

    logs = [(entry.severity, entry.message) for entry in record(program).logs if entry.severity != "debug"]
    assert logs == [
        ("warning", "size: 9 nodes; expected at most 8 [KS214]"),
        ("info", "model: phi-9 is gated [KS204]"),
    ]
    assert listener == [("chat", COSTLY), ("chat", NOTED)]
