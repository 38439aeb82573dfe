"""Demand of KAITO's kinds: the nodes its controllers will create, counted as they count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.find import find_model
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.problem import Unknown
from kaito_iac.sizing.context_scan import scanned_context
from kaito_iac.sizing.demand import Demand, Graph, Plain, Range, made, mapping, sized, whole
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, NoFit, estimate
from kaito_iac.sizing.hardware import Hardware, of_accelerators, of_existing, of_mig, of_size

_TOKEN: Final = re.compile(r"kubernetes:kaito\.sh/v1(alpha|beta)1:(?P<kind>Workspace|InferenceSet|RAGEngine|MultiRoleInference)")
_KEDA: Final = "scaledobject.kaito.sh/"


def kaito_demands(graph: Graph, resource: Plain) -> Iterator[Demand]:
    """Gives the demand of a KAITO object; byo objects are told with `bought` false."""
    found = _TOKEN.fullmatch(resource.type)
    if found:
        yield from _READERS[found["kind"]](graph, resource)


def _workspace(graph: Graph, resource: Plain) -> Iterator[Demand]:
    inputs = resource.inputs
    place, annotations = mapping(inputs.get("resource")), mapping(mapping(inputs.get("metadata")).get("annotations"))
    namespace = mapping(inputs.get("metadata")).get("namespace") or "default"
    nodes, why = _nodes(graph, resource, place, inputs, annotations, namespace)
    yield _placed(graph, resource, "Workspace", place.get("instanceType"), nodes, why)


def _placed(graph: Graph, resource: Plain, kind: str, instance_type: Any, nodes: Range | Unknown, why: str) -> Demand:
    if instance_type:
        return made(graph, resource, kind, instance_type, nodes, why=why)
    return made(graph, resource, kind, _existing_size(graph, resource), nodes, why=why, bought=False)


def _existing_size(graph: Graph, resource: Plain) -> Any:
    component = graph.component(resource)
    return (component.inputs.get("instanceType") if component else None) or Unknown("nobody says what the existing nodes are")


def _nodes(
    graph: Graph,
    resource: Plain,
    place: Mapping[str, Any],
    inputs: Mapping[str, Any],
    annotations: Mapping[str, Any],
    namespace: Any,
) -> tuple[Range | Unknown, str]:
    """Gives the nodes of one Workspace, and how the number comes about."""
    count = whole(place.get("count"), 1)
    counted: Range | Unknown = count if isinstance(count, Unknown) else Range.exactly(count)
    inference, runtime = inputs.get("inference"), annotations.get("kaito.sh/runtime")
    if inputs.get("tuning"):
        return Range.exactly(1), "tuning uses one node"
    for value in (inference, runtime):
        if isinstance(value, Unknown):
            return value, "inference is not known yet"
    preset = mapping(mapping(inference).get("preset"))
    if not preset:
        return counted, "count of a pod template"
    if runtime == "transformers":
        return counted, "count, as the transformers runtime takes it"
    context = _context(graph, mapping(inference).get("config"), namespace)
    nodes = _estimated(graph, resource, preset.get("name"), place, context)
    told = "KAITO's estimate" if isinstance(context, Unknown) else f"KAITO's estimate for {context} tokens"
    if isinstance(nodes, Unknown):
        return nodes, told
    ignored = f", not the count of {count}" if place.get("count") is not None and count != nodes else ""
    return Range.exactly(nodes), f"{told}{ignored}"


def _context(graph: Graph, config: Any, namespace: Any) -> int | Unknown:
    if config is None or isinstance(config, Unknown):
        return DEFAULT_CONTEXT if config is None else config
    data = graph.config_maps.get((namespace, config))
    if data is None:
        return Unknown(f"ConfigMap {config} with the context is not part of the program")
    text = data.get("inference_config.yaml", "")
    return text if isinstance(text, Unknown) else (scanned_context(str(text)) or DEFAULT_CONTEXT)


def _estimated(graph: Graph, resource: Plain, name: Any, place: Mapping[str, Any], context: int | Unknown) -> int | Unknown:
    if isinstance(name, Unknown):
        return name
    card = find_model(name) if isinstance(name, str) else None
    component = graph.component(resource)
    planned = component.inputs.get("nodes") if component else None
    if card is None:
        return whole(planned, Unknown(f"the facts of model {name} are not in the catalogue"))
    if isinstance(context, Unknown):
        return context
    hardware = _hardware(graph, resource, place)
    if isinstance(hardware, Unknown):
        return whole(planned, hardware)
    found = estimate(card, hardware, context)
    return Unknown(f"KAITO cannot size it: {found.reason}") if isinstance(found, NoFit) else found.nodes


def _hardware(graph: Graph, resource: Plain, place: Mapping[str, Any]) -> Hardware | Unknown:
    partition = mapping(place.get("partition"))
    if partition.get("mode") == "mig":
        profile = mig_profiles().get(str(partition.get("profile")))
        return of_mig(profile) if profile else Unknown(f"{partition.get('profile')} is no MIG profile")
    existing = not place.get("instanceType")
    _, size = sized(_existing_size(graph, resource) if existing else place["instanceType"])
    if isinstance(size, Unknown) or size is None:
        return size or Unknown(f"{place.get('instanceType')} is no GPU size KAITO knows")
    node = of_existing(size) if existing else of_size(size)
    count = whole(partition.get("count"), 0)
    return (
        node if not count or isinstance(count, Unknown) else of_accelerators(node, count) or Unknown("more GPUs than a node has")
    )


def _inference_set(graph: Graph, resource: Plain) -> Iterator[Demand]:
    spec = mapping(resource.inputs.get("spec"))
    template = mapping(spec.get("template"))
    place = mapping(template.get("resource"))
    annotations = mapping(mapping(template.get("metadata")).get("annotations"))
    metadata = mapping(resource.inputs.get("metadata"))
    nodes, why = _nodes(graph, resource, place, template, annotations, metadata.get("namespace") or "default")
    replicas = _replicas(spec, mapping(metadata.get("annotations")))
    total = replicas if isinstance(replicas, Unknown) else nodes if isinstance(nodes, Unknown) else replicas.times(nodes.expected)
    yield _placed(graph, resource, "InferenceSet", place.get("instanceType"), total, f"{why}, for every replica")


def _replicas(spec: Mapping[str, Any], annotations: Mapping[str, Any]) -> Range | Unknown:
    replicas = whole(spec.get("replicas"), 1)
    if isinstance(replicas, Unknown):
        return replicas
    spare = 1 if mapping(spec.get("autoUpgrade")).get("strategy") == "Surge" else 0
    if annotations.get(f"{_KEDA}auto-provision") != "true":
        return Range(replicas, replicas, replicas + spare)
    low, high = (annotations.get(f"{_KEDA}{key}-replicas") for key in ("min", "max"))
    if not isinstance(high, str) or not high.isdigit():
        return Unknown("scaled by KEDA without a max-replicas that is a number")
    least = int(low) if isinstance(low, str) and low.isdigit() else 1
    return Range(least, max(replicas, least), int(high) + spare)


def _rag_engine(graph: Graph, resource: Plain) -> Iterator[Demand]:
    compute = mapping(resource.inputs.get("spec")).get("compute")
    instance_type = compute if isinstance(compute, Unknown) else mapping(compute).get("instanceType")
    if instance_type:
        yield made(graph, resource, "RAGEngine", instance_type, Range.exactly(1), why="one node of its own")


def _multi_role(graph: Graph, resource: Plain) -> Iterator[Demand]:
    spec, namespace = mapping(resource.inputs.get("spec")), mapping(resource.inputs.get("metadata")).get("namespace") or "default"
    model, roles = mapping(spec.get("model")).get("name"), spec.get("roles")
    if isinstance(roles, Unknown):
        yield made(graph, resource, "MultiRoleInference", roles, roles)
    for role in map(mapping, roles if isinstance(roles, list | tuple) else ()):
        context = _context(graph, role.get("runtimeConfig"), namespace)
        nodes = _estimated(graph, resource, model, role, context)
        replicas = whole(role.get("replicas"), Unknown("the role's replicas are left to an autoscaler"))
        total = (
            replicas
            if isinstance(replicas, Unknown)
            else nodes
            if isinstance(nodes, Unknown)
            else Range.exactly(replicas * nodes)
        )
        yield _placed(graph, resource, "MultiRoleInference", role.get("instanceType"), total, f"role {role.get('type')}")


_READERS: Final = {
    "Workspace": _workspace,
    "InferenceSet": _inference_set,
    "RAGEngine": _rag_engine,
    "MultiRoleInference": _multi_role,
}
