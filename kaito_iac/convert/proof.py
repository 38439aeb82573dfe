"""Makes proposed components in an offline preview, and gives the objects they declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.convert.proposal import Nodes
from kaito_iac.errors import SpecError
from kaito_iac.offline.recording import Recording
from kaito_iac.problem import Problem, errors

_SUCCEEDED: Final = ("KS101", "KS201")
"""Codes of models and sizes whose successor the fix names."""
_BATCH: Final = 1_000
"""Components in one preview, so that memory stays bounded."""
_LONG_ENOUGH: Final = 4
"""Characters of a name that stands for itself wherever it is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One component as a program would make it."""

    component: str
    logical: str
    args: Mapping[str, Any]


@dataclass(slots=True)
class Shown:
    """What came of a call."""

    objects: list[Mapping[str, Any]] = field(default_factory=list)
    """Inputs of the objects it declares."""
    refused: str = ""
    """Why it declares nothing."""


def prove(calls: Sequence[Call], size: str | None) -> list[Shown]:
    """Make every component once; of those that differ in their name alone, the first. `size`: that of existing nodes."""
    found: list[Shown | None] = [None] * len(calls)
    groups: dict[Any, list[int]] = {}
    for index, call in enumerate(calls):
        groups.setdefault(_alike(call, index), []).append(index)
    first = [group[0] for group in groups.values()]
    for start in range(0, len(first), _BATCH):
        part = first[start : start + _BATCH]
        for index, shown in zip(part, _tried([calls[index] for index in part], size), strict=True):
            found[index] = shown
    for one, *others in groups.values():
        made = found[one]
        assert made is not None
        for index in others:
            found[index] = _renamed(made, calls[one].logical, calls[index].logical)
    return [shown for shown in found if shown is not None]


def _alike(call: Call, index: int) -> Any:
    """Return what calls share that differ in their name alone, and whose names read alike; a short name is like no other."""
    name = call.logical
    if len(name) < _LONG_ENOUGH:
        return index
    shape = "".join("0" if sign.isdigit() else "a" if sign.isalpha() else sign for sign in name)
    return call.component, shape, repr(_replaced(call.args, name, "\0"))


def _renamed(made: Shown, name: str, other: str) -> Shown:
    return Shown([_replaced(one, name, other) for one in made.objects], made.refused.replace(name, other))


def _replaced(value: Any, name: str, other: str) -> Any:
    if isinstance(value, str):
        return value.replace(name, other) if name in value else value
    if isinstance(value, Mapping):
        return {_replaced(key, name, other): _replaced(part, name, other) for key, part in value.items()}
    return [_replaced(part, name, other) for part in value] if isinstance(value, list | tuple) else value


def _tried(calls: Sequence[Call], size: str | None) -> list[Shown]:
    """Make components in one preview."""
    from kaito_iac.components.package import COMPONENTS
    from kaito_iac.offline.run import run_function

    classes: dict[str, Any] = {component.__name__: component for component in COMPONENTS}
    found = [Shown() for _ in calls]

    def declare() -> None:
        pools: dict[Nodes, Any] = {}
        for call, shown in zip(calls, found, strict=True):
            try:
                args = _with_pool(call.args, pools, size)
                classes[call.component](call.logical, args)
            except SpecError as error:
                shown.refused = "; ".join(_reason(problem) for problem in errors(error.problems))

    recording = run_function(declare)
    if recording.error is not None:
        raise RuntimeError(f"components could not be tried: {recording.error}")
    _sort(recording, calls, found)
    return found


def _reason(problem: Problem) -> str:
    """Return a refusal on one line, with what to do about it, such as the successor of a model or size."""
    return f"{problem.headline} ({problem.fix})" if problem.fix and problem.code in _SUCCEEDED else problem.headline


def _with_pool(args: Mapping[str, Any], pools: dict[Nodes, Any], size: str | None) -> dict[str, Any]:
    from kaito_iac.components.gpu_node_pool import GpuNodePool

    nodes = args.get("node_pool")
    if not isinstance(nodes, Nodes):
        return dict(args)
    if nodes not in pools:
        name = f"nodes-{len(pools) + 1}"
        pools[nodes] = GpuNodePool(name, {"instance_type": str(size), "labels": dict(nodes.labels)})
    return {**args, "node_pool": pools[nodes]}


def _sort(recording: Recording, calls: Sequence[Call], found: Sequence[Shown]) -> None:
    """Put every object under the component that declares it."""
    index = {(f"kaito-iac:index:{call.component}", call.logical): shown for call, shown in zip(calls, found, strict=True)}
    owners = {resource.urn: index.get((resource.type, resource.name)) for resource in recording.resources}
    for resource in recording.resources:
        shown = owners.get(resource.parent or "")
        if resource.custom and shown is not None:
            shown.objects.append(resource.inputs)
