"""Resolves what a Workspace and a replica of an InferenceSet share: model or pod template, nodes, engine, readiness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.admission.gpu_request import requests_gpu
from kaito_iac.admission.vocabulary import PERFORMANCE
from kaito_iac.catalog.label import (
    ENABLE_LB,
    LOCAL_WEIGHTS,
    NO_BENCHMARK,
    NODE_CLASS,
    PERFORMANCE_MODE,
    PLANNED_NODES,
    RUNTIME,
    WAIT_FOR,
)
from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.adoption import read_adoption
from kaito_iac.resolve.engine import Engine, resolve_engine
from kaito_iac.resolve.judgement import judged, partition_note
from kaito_iac.resolve.kubernetes_part import part_problems
from kaito_iac.resolve.model_choice import Choice, choose_model
from kaito_iac.resolve.node_class import resolve_node_class
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.own_metadata import judge_metadata
from kaito_iac.resolve.placement import Placement, resolve_placement
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, service_name
from kaito_iac.resolve.workspace_spec import WorkspaceSpec
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.weights import wait_seconds

OWN_ANNOTATIONS: Final[Mapping[str, str]] = {
    RUNTIME: "runtime",
    ENABLE_LB: "expose",
    NO_BENCHMARK: "benchmark",
    PERFORMANCE_MODE: "performance_mode",
    LOCAL_WEIGHTS: "local_weights",
    NODE_CLASS: "node_class",
    WAIT_FOR: "wait",
    PLANNED_NODES: "preset",
}
"""Annotations that an argument stands for."""
TEMPLATE_READY_SECONDS: Final = 30 * 60
"""Time allowed for a pod of the user's own, seconds: KAITO's shortest startup budget."""
PRESET_ONLY: Final = (
    "preset",
    "model_facts",
    "context",
    "vllm",
    "vllm_extra",
    "config",
    "adapters",
    "access_secret",
    "local_weights",
    "performance_mode",
)
"""Arguments that say something of a preset, and nothing of a pod template."""


def read_served(reader: Reader, name: str, operator: Operator, *, kind: str, replicas: int = 1) -> WorkspaceSpec:
    """Read a served model; problems go to the reader, and none stands in what is given."""
    template = _template(reader)
    choice = Choice(None, "", {}) if template else choose_model(reader)
    reader.put_under({key: value for key, value in choice.settings.items() if key != "instance_type"})
    object_name = reader.text("name", f"the name of the {kind}") or name
    reader.add(service_name(kind)("name", object_name))
    placement = _placement(reader, object_name, operator, choice, bool(template))
    operator.needs_kind(reader, kind, "operator")
    engine = resolve_engine(reader, choice.card)
    found = sized_estimate(reader, choice.card, placement, engine)
    nodes = found.nodes if found else (reader.number("count", 1, 1000, "nodes") or 1)
    reader.problems += judged(reader, choice.card, placement, engine, found, nodes, replicas=replicas)
    values: dict[str, Any] = {
        "namespace": reader.late("namespace", dns_label(), default="default"),
        "access_secret": reader.late("access_secret", dns_subdomain),
        "labels": reader.labels("labels"),
        "annotations": {**own_annotations(reader, "annotations"), PLANNED_NODES: str(nodes)},
    }
    judge_metadata(reader, kind, placement.environment)
    partition_note(reader, operator, placement)
    return WorkspaceSpec(
        problems=(),
        object_name=object_name,
        card=choice.card,
        preset=choice.preset_name,
        template=template,
        placement=placement,
        engine=engine,
        estimate=found,
        nodes=nodes,
        adopt=read_adoption(reader, kind, object_name, values["namespace"]),
        steering=_steering(reader, engine, placement),
        wait_seconds=_wait(reader, choice.card, placement),
        **values,
    )


def _placement(reader: Reader, name: str, operator: Operator, choice: Choice, templated: bool) -> Placement:
    """Resolve where the model runs, and what the operator has to have for it."""
    found = resolve_placement(
        reader,
        default_size=choice.settings.get("instance_type"),
        templated=templated,
        undecided=choice.card is None and not templated,
        name=name,
        operator=operator,
    )
    return resolve_node_class(reader, found, operator)


def _template(reader: Reader) -> dict[str, Any]:
    template = reader.mapping("template")
    if not template:
        if not reader.has("preset") and not reader.problems_at("template"):
            fix = "give preset, such as 'phi-4-mini-instruct', or template"
            reader.add(Problem("KS102", "preset", "missing", "preset or template", fix))
        return template
    if idle := [key for key in PRESET_ONLY if reader.has(key)]:
        told = f"together with {', '.join(idle)}, which a pod template does not have"
        fix = f"leave template out, or leave out {' and '.join(idle)}"
        reader.add(Problem("KS105", "template", told, "either preset or template", fix))
    reader.problems += part_problems("PodTemplateSpec", "template", template)
    if not requests_gpu(template):
        told = "no container requests a GPU: the node's GPUs stay unused"
        fix = "resources.limits: {'nvidia.com/gpu': 1} in the container that computes"
        reader.add(Problem("KS296", "template", told, "a limit of nvidia.com/gpu", fix, "warning"))
    return template


def sized_estimate(reader: Reader, card: ModelCard | None, placement: Placement, engine: Engine) -> Estimate | None:
    """Ask KAITO's estimate where KAITO asks it: for a model under vLLM."""
    if card is None or placement.hardware is None or engine.runtime != "vllm":
        return None
    if engine.context is not None and engine.context > card.max_context_tokens:
        return None
    found = estimate(card, placement.hardware, engine.context or DEFAULT_CONTEXT)
    if isinstance(found, NoFit):
        told = f"{found.reason}; KAITO admits it and then never starts it"
        reader.add(
            Problem("KS202", placement.path, told, "a size that holds the model", f"see `kaito-iac fit {card.preset_name}`")
        )
        return None
    return found


def own_annotations(reader: Reader, argument: str) -> dict[str, Any]:
    """Read annotations of the user's own, and refuse those that an argument stands for."""
    given = reader.annotations(argument)
    for key in given:
        better = OWN_ANNOTATIONS.get(key)
        if better in reader.known:
            reader.add(Problem("KS105", f"{argument}.{key}", f"set by the argument {better}", fix=f"use {better}"))
    return given


def _steering(reader: Reader, engine: Engine, placement: Placement) -> dict[str, Any]:
    """Return the annotations by which a Workspace tells KAITO how to run it."""
    expose = reader.text("expose", choices=("cluster", "loadBalancer")) or "cluster"
    mode = reader.text("performance_mode", choices=PERFORMANCE)
    ours: dict[str, Any] = {} if reader.flag("benchmark", False) else {NO_BENCHMARK: "true"}
    ours |= {RUNTIME: engine.runtime} if engine.runtime != "vllm" else {}
    ours |= {ENABLE_LB: "True"} if expose == "loadBalancer" else {}
    ours |= {PERFORMANCE_MODE: mode} if mode else {}
    ours |= {LOCAL_WEIGHTS: "true"} if reader.flag("local_weights", False) else {}
    ours |= {NODE_CLASS: placement.node_class} if placement.node_class else {}
    return ours


def _wait(reader: Reader, card: ModelCard | None, placement: Placement) -> int:
    wanted = reader.flag("wait", True)
    needed = wait_seconds(card.ready_seconds if card else TEMPLATE_READY_SECONDS, provisioned=placement.provisioned)
    minutes = reader.number("timeout_minutes", 1, 24 * 60, "minutes")
    if minutes is not None and minutes * 60 < needed and wanted:
        told = f"{minutes}, but downloading and loading the weights may take {-(-needed // 60)} minutes"
        reader.add(
            Problem("KS222", "timeout_minutes", told, f"{-(-needed // 60)} or more", "leave timeout_minutes out", "warning")
        )
    return 0 if not wanted else (minutes * 60 if minutes else needed)
