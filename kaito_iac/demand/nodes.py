"""How many nodes one served or tuned model takes: counted as KAITO's controllers count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaito_iac.catalog.find import find_model, find_size
from kaito_iac.catalog.label import INFERENCE_KEY, RUNTIME
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.demand.demand import Graph, sized
from kaito_iac.demand.objects import config_data
from kaito_iac.demand.pool import pool_of
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.sizing.context_scan import scanned_context
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, NoFit, estimate
from kaito_iac.sizing.hardware import Hardware, of_accelerators, of_existing, of_mig, of_size
from kaito_iac.stack.reading import field, section, text, whole
from kaito_iac.stack.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the number of nodes of one model depends on, as registered."""

    graph: Graph
    resource: Resource
    place: Mapping[str, Any] | Unknown
    """The field `resource` of a Workspace, or what stands for it."""
    instance_type: Any
    """VM size of nodes that KAITO creates; nothing for nodes that exist."""
    inference: Any
    annotations: Mapping[str, Any] | Unknown
    namespace: Any
    planned: Any = None
    """Nodes that its component computed for one replica; None: what the component calls its nodes."""


def nodes_of(served: Served, tuning: Any) -> tuple[Range | Unknown, str]:
    """Return the nodes of one Workspace or replica, and how the number comes about."""
    if isinstance(served.place, Unknown):
        return served.place, "resource is not known"
    if tuning and not isinstance(tuning, Unknown):
        return Range.exactly(1), "tuning uses one node"
    inference = section({"inference": served.inference}, "inference")
    runtime = text(field(served.annotations, RUNTIME), "the runtime")
    for value in (tuning, inference, runtime):
        if isinstance(value, Unknown):
            return value, "inference is not known"
    if not inference:
        return Unknown("neither inference nor tuning is given"), "nothing to run"
    preset = section(inference, "preset")
    if isinstance(preset, Unknown):
        return preset, "the preset is not known"
    count = whole(served.place.get("count"), 1)
    counted: Range | Unknown = count if isinstance(count, Unknown) else Range.exactly(count)
    if not preset:
        return counted, "count of a pod template"
    if runtime == "transformers":
        return counted, "count, as the transformers runtime takes it"
    nodes, why = estimated(served, preset.get("name"))
    given = served.place.get("count")
    if given is None or isinstance(nodes, Unknown) or count == nodes.expected:
        return nodes, why
    return nodes, f"{why}, not the count{'' if isinstance(count, Unknown) else f' of {count}'}"


def estimated(served: Served, model: Any) -> tuple[Range | Unknown, str]:
    """Return KAITO's estimate for a preset under vLLM, and for which context it holds."""
    context = _context(served)
    message = "KAITO's estimate" if isinstance(context, Unknown) else f"KAITO's estimate for {context} tokens"
    found = _estimate(served, text(model, "the preset's name"), context)
    return found if isinstance(found, Unknown) else Range.exactly(found), message


def existing_size(graph: Graph, resource: Resource) -> Any:
    """Return the size of nodes that exist, if the component around the resource has it, or a pool of the stack is meant."""
    pool = pool_of(graph, resource)
    return (
        graph.of_component(resource, "instanceType")
        or (pool.size if pool else None)
        or Unknown("the size of the existing nodes is not stated")
    )


def _context(served: Served) -> int | Unknown:
    name = text(field(served.inference, "config"), "config")
    if name is None or isinstance(name, Unknown):
        return DEFAULT_CONTEXT if name is None else name
    data = config_data(served.graph, served.resource, served.namespace, name)
    if data is None:
        return Unknown(f"ConfigMap {name} with the context is not part of the program")
    config = text(field({"data": data}, "data", INFERENCE_KEY), INFERENCE_KEY)
    return config if isinstance(config, Unknown) else (scanned_context(config or "") or DEFAULT_CONTEXT)


def _estimate(served: Served, model: str | Unknown | None, context: int | Unknown) -> int | Unknown:
    if model is None or isinstance(model, Unknown):
        return model or Unknown("no preset is named")
    card = find_model(model)
    planned = _planned(served)
    if card is None:
        return whole(planned, Unknown(f"the facts of model {model} are not in the catalogue"), "nodes")
    if isinstance(context, Unknown):
        return context
    hardware = _hardware(served)
    if isinstance(hardware, Unknown):
        return whole(planned, hardware, "nodes")
    found = estimate(card, hardware, context)
    return Unknown(f"KAITO cannot size it: {found.reason}") if isinstance(found, NoFit) else found.nodes


def _planned(served: Served) -> Any:
    """Return the nodes that the component around an object computed, never fewer than one or than the object itself wants."""
    named = served.graph.of_component(served.resource, "nodes") if served.planned is None else served.planned
    found = named if named is None else whole(named, 1, "nodes")
    count = whole(field(served.place, "count"), 1)
    if not isinstance(found, int):
        return found
    return count if isinstance(count, Unknown) else max(found, count, 1)


def _hardware(served: Served) -> Hardware | Unknown:
    partition = section(served.place, "partition")
    mode = text(field(partition, "mode"), "the mode of partition")
    if isinstance(mode, Unknown):
        return mode
    if mode == "mig":
        profile = text(field(partition, "profile"), "the profile of partition")
        if profile is None or isinstance(profile, Unknown):
            return profile or Unknown("no MIG profile is named")
        known = mig_profiles().get(profile)
        return of_mig(known) if known else Unknown(f"{profile} is not a MIG profile of KAITO")
    existing = text(served.instance_type, "instanceType") is None
    name, size = sized(existing_size(served.graph, served.resource) if existing else served.instance_type)
    if isinstance(size, Unknown) or size is None:
        return size or Unknown(f"{name} is not a GPU size of KAITO")
    if not existing and find_size(name) is None:
        return Unknown(f"{name} is a GPU size that KAITO cannot size")
    node = of_existing(size) if existing else of_size(size)
    if mode is None:
        return node
    count = whole(field(partition, "count"), Unknown("no count of GPUs for the partition"), "the count of partition")
    if isinstance(count, Unknown):
        return count
    return (of_accelerators(node, count) if count else None) or Unknown(f"no {count} GPUs on a node with {node.gpus}")
