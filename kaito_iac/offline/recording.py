"""What one run of a stack program registered, as frozen plain data; needs no Pulumi SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from kaito_iac.problem import Problem, listing
from kaito_iac.stack.resource import Resource

Severity = Literal["debug", "info", "warning", "error"]
"""How grave a log line is."""
NOT_SUPPLIED: Final = "outputs of a stack that were not supplied"
"""Reason of a StackReference that `--references` does not answer."""


class Refusal(Exception):
    """Report that a program or a policy pack cannot be run at all, and lists every reason."""

    problems: tuple[Problem, ...]
    """What was found before anything ran."""

    def __init__(self, title: str, problems: Sequence[Problem]) -> None:
        self.title = title
        self.problems = tuple(problems)
        super().__init__(listing(title, self.problems))


class NotRecorded(KeyError):
    """Report that a recording holds no such resource, or more than one."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line the program logged."""

    severity: Severity
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something an offline run cannot see, and why."""

    where: str
    """URN of a resource, token of a function, key of a config value or name of a stack."""
    reason: str
    supply: str = field(default="", compare=False)
    """What a file of results has to hold for it; empty where no file can."""


@dataclass(frozen=True, slots=True)
class ProgramError:
    """Why a program ended early."""

    message: str
    """The clean message of an error meant for the user; else a traceback cut down to the user's own files."""
    problems: tuple[Problem, ...] = ()
    user_error: bool = False
    """True when the message needs no traceback."""
    missing: str = ""
    """Package that the program imports and that is not installed."""
    cause: BaseException | None = field(default=None, compare=False, repr=False)
    """What was raised; None when nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Everything one run of a program showed."""

    project: str
    stack: str
    organization: str
    dry_run: bool
    resources: tuple[Resource, ...]
    """In the order in which the program makes them, the stack first."""
    exports: Mapping[str, Any]
    """The stack outputs."""
    logs: tuple[LogEntry, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    error: ProgramError | None = None

    def by_name(self, name: str, type: str | None = None) -> Resource:
        """Return the one resource of that name, and of that type when several share the name."""
        named = [resource for resource in self.resources if resource.name == name and type in (None, resource.type)]
        if len(named) == 1:
            return named[0]
        wanted = f"{name!r}" if type is None else f"{name!r} of type {type}"
        if not named:
            names = ", ".join(sorted({resource.name for resource in self.resources[1:]})) or "nothing"
            raise NotRecorded(f"no resource is called {wanted}; recorded: {names}")
        raise NotRecorded(f"{len(named)} resources are called {wanted}: {', '.join(found.type for found in named)}")

    def by_urn(self, urn: str) -> Resource:
        """Return the resource of that URN."""
        for resource in self.resources:
            if resource.urn == urn:
                return resource
        raise NotRecorded(f"no resource has the URN {urn}")

    def children(self, urn: str) -> tuple[Resource, ...]:
        """Return the resources whose parent has that URN, in the order in which the program makes them."""
        return tuple(resource for resource in self.resources if resource.parent == urn)
