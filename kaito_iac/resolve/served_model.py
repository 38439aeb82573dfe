"""Resolves what a Workspace and a replica of an InferenceSet share: model or pod template, nodes, engine, readiness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.catalog.label import PLANNED_NODES, WAIT_FOR
from kaito_iac.catalog.record import ModelCard
from kaito_iac.kinds.manifest import notes, write_notes
from kaito_iac.problem import Problem
from kaito_iac.resolve.adoption import read_adoption
from kaito_iac.resolve.engine import Engine, resolve_engine
from kaito_iac.resolve.judgement import judged
from kaito_iac.resolve.model_choice import Choice, choose_model
from kaito_iac.resolve.node_class import resolve_node_class
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.placement import Placement, resolve_placement
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, service_name
from kaito_iac.resolve.workspace_spec import WorkspaceSpec
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.fit_problems import NEVER_READY, no_fit_problem
from kaito_iac.sizing.weights import wait_seconds

OURS: Final[Mapping[str, str]] = {WAIT_FOR: "wait", PLANNED_NODES: "preset"}
"""Annotations that are written for other reasons than that KAITO reads them, and the arguments that decide them."""
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
    """Read a served model; problems go to the reader, and refused values are left out of the result."""
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
        steering=steering(reader, placement.node_class),
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
        message = f"together with {', '.join(idle)}, which a pod template does not have"
        fix = f"leave template out, or leave out {' and '.join(idle)}"
        reader.add(Problem("KS105", "template", message, "either preset or template", fix))
    return reader.manifest("template") or {"spec": {}}


def sized_estimate(reader: Reader, card: ModelCard | None, placement: Placement, engine: Engine) -> Estimate | None:
    """Ask KAITO's estimate where KAITO asks it: for a model under vLLM."""
    if card is None or placement.hardware is None or engine.runtime != "vllm":
        return None
    if engine.context is not None and engine.context > card.max_context_tokens:
        return None
    found = estimate(card, placement.hardware, engine.context or DEFAULT_CONTEXT)
    if isinstance(found, NoFit):
        reader.add(no_fit_problem(card, found, placement.path, NEVER_READY))
        return None
    return found


def own_annotations(reader: Reader, argument: str) -> dict[str, Any]:
    """Read annotations of the user's own, and refuse those that an argument stands for."""
    given = reader.annotations(argument)
    stated = {key: line.name for key, line in notes(reader.kind).items()} | dict(OURS)
    for key in given:
        better = stated.get(key)
        if better in reader.known:
            reader.add(Problem("KS105", f"{argument}.{key}", f"set by the argument {better}", fix=f"use {better}"))
    return given


def steering(reader: Reader, node_class: str = "") -> dict[str, Any]:
    """Return the annotations that configure how KAITO runs an object, from the lines of the arguments."""
    values = {line.name: reader.plain(line.name) for line in notes(reader.kind).values() if line.name != "node_class"}
    return write_notes(reader.kind, {**values, "node_class": node_class or None})


def _wait(reader: Reader, card: ModelCard | None, placement: Placement) -> int:
    wanted = reader.flag("wait", True)
    needed = wait_seconds(card.ready_seconds if card else TEMPLATE_READY_SECONDS, provisioned=placement.provisioned)
    minutes = reader.number("timeout_minutes", 1, 24 * 60, "minutes")
    if minutes is not None and minutes * 60 < needed and wanted:
        message = f"{minutes}, but downloading and loading the weights may take {-(-needed // 60)} minutes"
        reader.add(
            Problem("KS222", "timeout_minutes", message, f"{-(-needed // 60)} or more", "leave timeout_minutes out", "warning")
        )
    return 0 if not wanted else (minutes * 60 if minutes else needed)
