"""The offline engine: runs a stack program as a preview would, without CLI, cloud or cluster, and records what it registers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.offline.recording import LogEntry, NotRecorded, ProgramError, Recording, Refusal, Unseen
from kaito_iac.stack.resource import Options, Resource, Secret, conceal, reveal

if TYPE_CHECKING:
    from kaito_iac.offline.run import run_function, run_program

__all__ = [
    "LogEntry",
    "NotRecorded",
    "Options",
    "ProgramError",
    "Recording",
    "Refusal",
    "Resource",
    "Secret",
    "Unseen",
    "conceal",
    "reveal",
    "run_function",
    "run_program",
]

_LATE: Final = ("run_program", "run_function")


def __getattr__(name: str) -> Any:
    """Load what needs the Pulumi SDK when it is first asked for."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.run"), name)
