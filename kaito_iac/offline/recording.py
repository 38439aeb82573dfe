"""What one run of a stack program registered, as frozen plain data; needs no Pulumi SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from kaito_iac.problem import Problem, Unknown, listing

Severity = Literal["debug", "info", "warning", "error"]
"""How grave a log line is."""

CONCEALED: Final = "[secret]"
"""What stands for a secret wherever a person may read."""


class Refusal(Exception):
    """Says that a program or a policy pack cannot be run at all, and lists every reason."""

    problems: tuple[Problem, ...]
    """What was found before anything ran."""

    def __init__(self, title: str, problems: Sequence[Problem]) -> None:
        self.title = title
        self.problems = tuple(problems)
        super().__init__(listing(title, self.problems))


class NotRecorded(KeyError):
    """Says that a recording holds no such resource, or more than one."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A value that must not be shown; its text never holds the value."""

    value: Any
    """The value, or an `Unknown`."""

    def __repr__(self) -> str:
        return CONCEALED


def reveal(value: Any) -> Any:
    """Return the value with every secret in plain sight."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(item) for item in value]
    return value


def conceal(value: Any) -> Any:
    """Return the value with `[secret]` in the place of every secret; unknown values stay."""
    if isinstance(value, Secret):
        return CONCEALED
    if isinstance(value, Mapping):
        return {key: conceal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [conceal(item) for item in value]
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options a resource ends up with, inherited ones included."""

    protect: bool = False
    depends_on: tuple[str, ...] = ()
    """URNs of everything the resource waits for, given or found in its inputs."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By input name, the URNs its value comes from; inputs without any are left out."""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Earlier URNs."""
    custom_timeouts: Mapping[str, str] = field(default_factory=dict)
    """By `create`, `update`, `delete` or `read`, a duration such as `30m`."""
    retain_on_delete: bool = False
    deleted_with: str = ""
    version: str = ""
    plugin_download_url: str = ""
    import_id: str = ""
    providers: Mapping[str, str] = field(default_factory=dict)
    """By package, the provider reference that children of a component use."""
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By moment (`before_create`), the names of the hooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One registered resource: inputs and outputs are plain data with `Unknown` and `Secret` at any depth."""

    urn: str
    type: str
    name: str
    parent: str | None
    """URN of the parent; None for the stack only."""
    custom: bool
    """True when a provider makes it, False for a component."""
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """For a component what it registered as outputs; else the state the program was given."""
    provider: str = ""
    """`<urn>::<id>`, with `unknown` as the id in a preview; empty for the default provider of the package."""
    options: Options = field(default_factory=Options)
    id: str | Unknown | None = None
    """The id of the real thing; None for components."""
    remote: bool = False
    """True for a component that a plugin makes: its children are unseen."""
    read: bool = False
    """True when it exists already and is only looked up."""


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


@dataclass(frozen=True, slots=True)
class ProgramError:
    """Why a program ended early."""

    message: str
    """The clean message of an error meant for the user; else a traceback cut down to the user's own files."""
    problems: tuple[Problem, ...] = ()
    user_error: bool = False
    """True when the message alone says it all."""
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
    """In the order of registration, the stack first."""
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
        """Return the resources whose parent has that URN, in the order of registration."""
        return tuple(resource for resource in self.resources if resource.parent == urn)
