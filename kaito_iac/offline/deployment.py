"""What an offline run gets before it starts: names, mode, and the answers of the outside world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
"""The result of a provider function, or how to compute it from its arguments; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One stack of one project, and what replaces its surroundings."""

    project: str
    stack: str
    organization: str = "organization"
    dry_run: bool = True
    root: str = ""
    """Folder of the Pulumi.yaml."""
    config: Mapping[str, str] = field(default_factory=dict)
    """By full key (`project:key`), the text a program is given."""
    secret_keys: tuple[str, ...] = ()
    """Full keys whose values are secret."""
    encrypted: Mapping[str, str] = field(default_factory=dict)
    """By stand-in text, the full key of the encrypted value it stands for."""
    invokes: Mapping[str, Answer] = field(default_factory=dict)
    """By token, the answers of provider functions."""
    references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By `organization/project/stack`, the outputs of other stacks."""
