"""How a run of the engine ended: a violation, a crash and a refused update end with the same exit code."""

from __future__ import annotations

from typing import Final

from kaito_iac.stack.change import Diagnostic, EventLog

CRASHED: Final = "the program ended with an error"
CANCELLED: Final = "the run was cancelled"
CUT_OFF: Final = "the events end before the engine did"
_OF_PROGRAM: Final = ("unhandled error", "Traceback", "exited with non-zero")
"""What engines and language hosts write when the program itself failed."""


def of_program(diagnostic: Diagnostic) -> bool:
    """Return whether a diagnostic says that the program failed."""
    return any(text in diagnostic.message for text in _OF_PROGRAM)


def broken_off(log: EventLog, *, explained: bool) -> str:
    """Return why the run did not come to its end; empty when it did. `explained`: a mandatory finding explains a failure."""
    if log.summary is None:
        return CUT_OFF if log.events else "there are no events"
    if log.summary.result == "canceled":
        return CANCELLED
    errors = [one for one in log.diagnostics if one.severity == "error"]
    if any(map(of_program, errors)):
        return CRASHED
    failed = [change.name for change in log.changes if change.failed]
    if failed:
        return f"{failed[0]} failed" if len(failed) == 1 else f"{failed[0]} and {len(failed) - 1} more failed"
    if log.summary.result == "succeeded" or (log.summary.result == "" and not errors):
        return ""  # older engines report no result
    own = [one for one in errors if one.urn]
    if own:
        return f"{own[0].urn.rpartition('::')[2]} failed"
    return "" if explained else "the run failed"
