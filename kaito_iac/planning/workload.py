"""Workloads of a plan: each component with a model, where it runs, and where it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.demand.total import together
from kaito_iac.offline.recording import Recording
from kaito_iac.planning.figure import span
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import CONCEALED, Resource, conceal


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One component that serves something."""

    component: str
    kind: str
    """Class of the component, such as KaitoWorkspace."""
    model: str
    endpoint: Mapping[str, Any]
    """url, and for a model its name and context."""
    nodes: Range | Unknown | None
    """None: it needs no separate node."""
    place: str
    """Where it runs, in words."""
    why: str
    """How the number of nodes comes about."""


SERVING: Final = ("KaitoWorkspace", "KaitoInferenceSet", "KaitoMultiRoleInference")
"""Components with an endpoint that answers for a model."""


def workloads(recording: Recording, found: Sequence[Demand]) -> Iterator[Workload]:
    """Return every component that serves, tunes or answers, with its nodes and its endpoint."""
    held: dict[str, list[Demand]] = {}
    for demand in found:
        if demand.kind in ("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference"):
            held.setdefault(demand.component, []).append(demand)
    for resource in recording.resources:
        kind = resource.type.removeprefix("kaito-iac:index:")
        outputs, inputs = conceal(resource.outputs), conceal(resource.inputs)
        held_here = held.get(resource.name, [])
        if kind in SERVING:
            endpoint = outputs.get("endpoint")
            model = str(inputs.get("model") or "pod template")
            known = {"url": endpoint} if endpoint == CONCEALED else endpoint
            yield _workload(resource, kind, model, known if isinstance(known, Mapping) else {}, held_here)
        elif kind == "KaitoRagEngine":
            yield _workload(resource, kind, str(inputs.get("embedding")), {"url": outputs.get("url")}, held_here)
        elif kind == "KaitoTuning":
            message = f"{inputs.get('method')} of {inputs.get('model')}"
            yield _workload(resource, kind, message, {"adapter": outputs.get("adapter")}, held_here)


def _workload(resource: Resource, kind: str, model: str, endpoint: Mapping[str, Any], found: Sequence[Demand]) -> Workload:
    return Workload(
        component=resource.name,
        kind=kind,
        model=model,
        endpoint=endpoint,
        nodes=together([demand.nodes for demand in found]),
        place=_place(found),
        why="; ".join(dict.fromkeys(demand.why for demand in found if demand.why)),
    )


def _place(found: Sequence[Demand]) -> str:
    """Return where a workload runs; of one with several sizes how many nodes of each."""
    where = {True: "created by KAITO", False: "nodes that exist or that a pool makes (byo)"}
    parts = [
        f"{demand.node_part} of a {demand.size_name or 'node'}" if demand.node_part else demand.size_name or "GPU node"
        for demand in found
    ]
    places = [f"{part}, {where[demand.bought]}" for part, demand in zip(parts, found, strict=True)]
    if len(set(places)) > 1:
        return f"nodes: {'; '.join(f'{span(demand.nodes)} x {place}' for demand, place in zip(found, places, strict=True))}"
    return places[0] if places else "no separate node"
