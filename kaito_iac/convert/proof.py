"""Makes proposed components in an offline preview, and gives the objects they declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaito_iac.convert.proposal import Nodes
from kaito_iac.errors import SpecError
from kaito_iac.offline.recording import Recording
from kaito_iac.problem import errors


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
    """Make every component once, all in one preview; `size`: that of existing nodes."""
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
                shown.refused = "; ".join(problem.headline for problem in errors(error.problems))

    recording = run_function(declare)
    if recording.error is not None:
        raise RuntimeError(f"components could not be tried: {recording.error}")
    _sort(recording, calls, found)
    return found


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
