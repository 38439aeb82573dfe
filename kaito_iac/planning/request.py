"""What a plan is asked about: a program as its stack runs it, and the limits and prices that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Program:
    """A stack program, and what its run is given."""

    folder: Path
    """Folder of Pulumi.yaml, or one below it."""
    stack: str | None = None
    """Name of the stack. Default: dev."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Configuration that overrides the file of the stack: texts, and for a function any plain value or `Secret`."""
    references: Path | Mapping[str, Mapping[str, Any]] | None = None
    """Outputs of other stacks, by organization/project/stack: a JSON file of them, or themselves."""
    invokes: Path | Sequence[Mapping[str, Any]] | None = None
    """Results of provider functions, a list of {token, args, result}: a JSON file of them, or themselves."""
    minutes: float | None = None
    """How long the program may run. Default: 10 minutes."""
    function: Callable[[], Any] | None = None
    """The program itself, run in this process; `folder` is then the name of its project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What there is: quota, what other stacks hold of it, and prices."""

    quota: Path | None = None
    """Quota file."""
    ledger: tuple[Path, ...] = ()
    """Plans of other stacks: files, or folders of them."""
    subscription: str = ""
    """Id or name of the subscription in the quota file. Default: the one the stack is configured for."""
    region: str | None = None
    """Region of nodes that name none."""
    prices: Path | None = None
    """Price file. Default: the quota file's prices, else list prices."""


NO_LIMITS: Final = Limits()
"""Nothing to hold a plan against, and list prices."""
