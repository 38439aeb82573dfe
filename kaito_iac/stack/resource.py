"""A registered resource as frozen plain data, from whatever source: a preview, a saved state, a policy engine, a program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, Final

from kaito_iac.problem import Problem, Unknown

CONCEALED: Final = "[secret]"
"""What stands for a secret wherever a person may read."""
STACK_TYPE: Final = "pulumi:pulumi:Stack"
"""Type of the resource that stands for the stack itself."""
DECLARATION_TYPE: Final = "kaito-iac:index:Declaration"
"""Type of the component that `kaito_iac.declare` registers: it has no children, and carries the words alone."""
_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}  # Go writes either micro


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
    """Whether the engine refuses to delete it."""
    depends_on: tuple[str, ...] = ()
    """URNs of everything the resource waits for, given or found in its inputs."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By input name, the URNs its value comes from; inputs without any are left out."""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    """Properties that the state keeps encrypted whatever their values say."""
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

    @property
    def create_seconds(self) -> float:
        """Return how long the creation may take; 0: as long as the provider grants."""
        return seconds(self.custom_timeouts.get("create", ""))


@dataclass(frozen=True, slots=True)
class Resource:
    """One registered resource: inputs and outputs are plain data with `Unknown` and `Secret` at any depth."""

    urn: str
    type: str
    name: str
    parent: str | None
    """URN of the parent; None for the stack only."""
    inputs: Any
    """What the program gives; of a stack that a policy engine shows the outputs, which are all it shows there.

    `Unknown` when nothing of them can be read.
    """
    _: KW_ONLY
    outputs: Any = field(default_factory=dict)
    """For a component what it registered as outputs; else the state as far as it is known. Empty where nothing shows it."""
    custom: bool = True
    """True when a provider makes it, False for a component."""
    provider: str = ""
    """`<urn>::<id>`, with `unknown` as the id in a preview; empty for the default provider of the package."""
    options: Options = field(default_factory=Options)
    id: str | Unknown | None = None
    """The id of the real thing; None for components, and where nothing shows it."""
    remote: bool = False
    """True for a component that a plugin makes: its children are unseen."""
    space: Any = field(default=None, compare=False)
    """Namespace that its provider, or the configuration of the stack, gives an object that names none; None: neither does."""
    read: bool = False
    """True when it exists already and is only looked up: the stack does not buy it."""
    source: str = field(default="", compare=False)
    """File and line of the program that made it, as `file:line`; empty where the source is unknown."""
    certain: bool = True
    """False: an interrupted update may have made it or not."""

    @property
    def stack(self) -> str:
        """Return the stack's name, as the URN holds it; empty when it holds none."""
        parts = self.urn.split("::")[0].split(":")
        return parts[2] if len(parts) > 2 else ""


@dataclass(frozen=True, slots=True)
class Stack:
    """What a source shows of a stack, and what of it could not be read."""

    resources: tuple[Resource, ...]
    """Resources, those that wait for their deletion last; providers may be left out."""
    problems: tuple[Problem, ...] = ()
    exports: Mapping[str, Any] = field(default_factory=dict)
    """The stack outputs, where the source shows them."""
    made: date | None = None
    """Day of the update that wrote it; None where it is not there."""

    @property
    def owner(self) -> tuple[str, str]:
        """Return project and stack, as the first resource names them; empty texts where there is none."""
        first = next((found.urn for found in self.resources), "").split("::")
        stack = first[0].split(":", 2)
        return (first[1], stack[2]) if len(first) > 1 and len(stack) > 2 else ("", "")


def in_tree_order(found: Sequence[Resource]) -> tuple[Resource, ...]:
    """Return resources with what is below each after it: the engine meets parents first, or children, as it comes."""
    known = {resource.urn for resource in found}
    below: dict[str | None, list[Resource]] = {}
    for resource in found:
        below.setdefault(resource.parent if resource.parent in known else None, []).append(resource)
    placed: list[Resource] = []
    waiting = below.pop(None, [])[::-1]
    while waiting:
        resource = waiting.pop()
        placed.append(resource)
        waiting += below.pop(resource.urn, [])[::-1]
    return (*placed, *(resource for rest in below.values() for resource in rest))


def seconds(duration: str) -> float:
    """Return a duration such as `1h30m` in seconds."""
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)(ns|us|µs|ms|s|m|h)", duration))


def duration(count: Any) -> str:
    """Return seconds as a duration; empty for none, and for what is no number that a duration can be of."""
    if isinstance(count, bool) or not isinstance(count, int | float) or not 0 < count < 2**63:
        return ""
    return f"{count:.9f}".rstrip("0").rstrip(".") + "s"
