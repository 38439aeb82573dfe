"""What an engine does, or would do, to a stack: one change per resource, with what it was and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

REPLACING: Final = frozenset({"replace", "create-replacement", "read-replacement", "import-replacement"})
"""Steps that put a new resource in the place of an old one."""
QUIET: Final = frozenset({"same", "read", "refresh", "discard", "discard-replaced", "extend-parameterize"})
"""Actions that change nothing in the cloud."""
DELETING: Final = frozenset({"delete", "delete-replaced", "replace"})
"""Actions after which something that exists is gone."""

Order = Literal["create-first", "delete-first", "unknown", ""]
"""Order of a replacement: both exist for a while, neither does, not known, or no replacement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One side of a resource."""

    inputs: Any
    """Plain data; secrets and what is known later are `Unknown`. Empty where nothing depends on it."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Outputs of components and of the stack, and the names of launch templates; empty for the rest."""
    parent: str | None = None
    custom: bool = True
    external: bool = False
    """Whether the stack only looks it up."""
    protect: bool = False
    retain: bool = False
    """Whether it stays in the cloud when the stack deletes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One property that differs."""

    path: str
    kind: Literal["add", "update", "delete", "secret", "unknown"]
    """`secret`: either side is secret, so neither is kept; `unknown`: known only after the update, so it may stay the same."""
    before: str = ""
    after: str = ""
    replaces: bool = False
    """Whether it forces the replacement."""


class Named:
    """A resource by its URN and type."""

    __slots__ = ()
    urn: str
    type: str

    @property
    def name(self) -> str:
        """Return the logical name."""
        return self.urn.split("::", 3)[3] if self.urn.count("::") >= 3 else self.urn

    @property
    def kind(self) -> str:
        """Return the last part of the type."""
        return self.type.rpartition(":")[2] or self.type

    @property
    def internal(self) -> bool:
        """Return whether it is the stack itself or a provider: the engine's own, counted by the engine alone."""
        return self.type == "pulumi:pulumi:Stack" or self.type.startswith("pulumi:providers:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Named):
    """Everything the engine does to one resource."""

    urn: str
    type: str
    steps: tuple[str, ...]
    """Operations in the order the engine names them."""
    before: State | None = None
    after: State | None = None
    keys: tuple[str, ...] = ()
    """Properties that force the replacement."""
    differences: tuple[Difference, ...] = ()
    hidden_differences: int = 0
    """Differences beyond those that are kept."""
    failed: bool = False
    drifted: bool = False
    """Whether a refresh found it changed or gone."""
    drift: tuple[Difference, ...] = ()
    """What a refresh found otherwise than it was recorded."""
    vanished: bool = False
    """Whether a refresh found it gone."""
    source: str = ""
    """File and line of the program: `__main__.py:12`."""
    digest: str = ""
    """Fingerprint of what it was, for finding renamed resources; empty when nothing is known."""
    new_digest: str = ""
    secrets: int = 0
    """Secret values among its inputs."""

    @property
    def action(self) -> str:
        """Return what is done to it, in one of the engine's words; one that is not known stays as it is."""
        steps = set(self.steps)
        if steps & REPLACING or {"create", "delete"} <= steps:
            return "replace"
        for name in ("delete", "delete-replaced", "create", "import", "update"):
            if name in steps:
                return name
        loud = [step for step in self.steps if step not in QUIET]
        return loud[-1] if loud else self.steps[-1]

    @property
    def order(self) -> Order:
        """Return the order of a replacement, as the steps show it."""
        if self.action != "replace":
            return ""
        gone = next((index for index, step in enumerate(self.steps) if step in ("delete-replaced", "delete")), None)
        made = next((index for index, step in enumerate(self.steps) if step in ("create-replacement", "create")), None)
        if made is None and gone is None:
            return "unknown"
        if gone is None:
            return "create-first"
        return "delete-first" if made is None or gone < made else "create-first"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A line that the engine, the program or a provider reported."""

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What a policy reported about a resource, or about the stack."""

    pack: str
    policy: str
    level: str
    """mandatory, advisory, remediate, or what else the engine names."""
    message: str
    urn: str = ""
    severity: str = ""


@dataclass(slots=True)
class PackRun:
    """What a policy pack is known to have judged."""

    name: str
    version: str = ""
    resources: int = 0
    """Resources it judged."""
    stack: bool = False
    """Whether it judged the whole stack."""
    passed: dict[str, int] = field(default_factory=dict)
    """By rule, how often it passed."""
    failed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How the engine ended."""

    counts: Mapping[str, int]
    """By operation, as the engine counts: the stack itself and providers included."""
    result: str
    preview: bool
    maybe_corrupt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLog:
    """One run of the engine."""

    project: str
    stack: str
    changes: tuple[Change, ...]
    """What changes, and what of the rest demand is counted from, in the order of the engine."""
    same: int
    """Resources that stay as they are and are not in `changes`."""
    summary: Summary | None
    """None: the events end before the engine did."""
    diagnostics: tuple[Diagnostic, ...] = ()
    violations: tuple[Violation, ...] = ()
    remediations: tuple[Violation, ...] = ()
    packs: tuple[PackRun, ...] = ()
    exports_before: Mapping[str, Any] = field(default_factory=dict)
    exports_after: Mapping[str, Any] = field(default_factory=dict)
    events: int = 0
    skipped_lines: int = 0
    """Lines that are no events."""
    others: tuple[str, ...] = ()
    """Other stacks that the events are about, as project/stack: those of several runs in one file."""
    last_timestamp: int = 0
    """Seconds since 1970 of the last event; 0 where no event has one."""
    whole: bool = True
    """False: a document without what stays the same, so only differences are known."""

    @property
    def complete(self) -> bool:
        """Return whether the run came to its end."""
        return self.summary is not None and self.summary.result == "succeeded"
