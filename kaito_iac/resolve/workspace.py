"""Resolves a served model: the Workspace to write, its nodes as KAITO will count them, and how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.check import dns_label, dns_subdomain, manifest, shown
from kaito_iac.resolve.engine import Engine, resolve_engine
from kaito_iac.resolve.judgement import judged
from kaito_iac.resolve.model_choice import Choice, choose_model
from kaito_iac.resolve.placement import Placement, resolve_placement
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import with_stack_defaults
from kaito_iac.resolve.workspace_spec import PLANNED_NODES, WorkspaceSpec
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.weights import wait_seconds

KEYS: Final = (
    "preset",
    "template",
    "modelFacts",
    "name",
    "namespace",
    "nodePool",
    "instanceType",
    "cloud",
    "provisioner",
    "nodeSelector",
    "partition",
    "location",
    "count",
    "maxNodes",
    "context",
    "runtime",
    "vllm",
    "config",
    "adapters",
    "accessSecret",
    "localWeights",
    "performanceMode",
    "nodeClass",
    "benchmark",
    "expose",
    "labels",
    "annotations",
    "wait",
    "timeoutMinutes",
)
LONGEST_NAME: Final = 54
"""KAITO's Service `<name>-headless` allows no more."""
OWN_ANNOTATIONS: Final[Mapping[str, str]] = {
    "kaito.sh/runtime": "runtime",
    "kaito.sh/enablelb": "expose",
    "kaito.sh/disable-benchmark": "benchmark",
    "kaito.sh/performance-mode": "performanceMode",
    "kaito.sh/use-local-weights": "localWeights",
    "kaito.sh/node-class-name": "nodeClass",
    "pulumi.com/waitFor": "wait",
    PLANNED_NODES: "preset",
}
"""Annotations that an argument stands for."""
TEMPLATE_READY_SECONDS: Final = 30 * 60
"""Time allowed for a pod of the user's own, seconds: KAITO's shortest startup budget."""
PRESET_ONLY: Final = (
    "preset",
    "modelFacts",
    "context",
    "vllm",
    "config",
    "adapters",
    "accessSecret",
    "localWeights",
    "performanceMode",
)
"""Arguments that say something of a preset, and nothing of a pod template."""


def resolve_workspace(name: str, args: Mapping[str, Any]) -> WorkspaceSpec:
    """Checks the arguments of a KaitoWorkspace; raises SpecError with every problem."""
    reader = Reader(with_stack_defaults("KaitoWorkspace", name, args), KEYS, title=f"KaitoWorkspace '{name}'")
    template = _template(reader)
    choice = Choice(None, "", {}) if template else choose_model(reader)
    reader.put_under({key: value for key, value in choice.settings.items() if key != "instanceType"})
    object_name = reader.text("name", "the name of the Workspace") or name
    reader.add(dns_label(LONGEST_NAME, letter_first=True)("name", object_name))
    placement = resolve_placement(
        reader,
        default_size=choice.settings.get("instanceType"),
        templated=bool(template),
        undecided=choice.card is None and not template,
        name=object_name,
    )
    engine = resolve_engine(reader, choice.card)
    found = _estimate(reader, choice.card, placement, engine)
    nodes = found.nodes if found else (reader.number("count", 1, 1000, "nodes") or 1)
    reader.problems += judged(reader, choice.card, placement, engine, found, nodes)
    wait = _wait(reader, choice.card, placement)
    waiting = {"pulumi.com/waitFor": "condition=WorkspaceSucceeded"} if wait else {}
    values: dict[str, Any] = {
        "namespace": reader.late("namespace", dns_label(), default="default"),
        "access_secret": reader.late("accessSecret", dns_subdomain),
        "labels": reader.labels("labels"),
        "annotations": {**_annotations(reader, engine, nodes), **waiting},
    }
    return WorkspaceSpec(
        problems=reader.finish(),
        object_name=object_name,
        card=choice.card,
        preset=choice.preset_name,
        template=template,
        placement=placement,
        engine=engine,
        estimate=found,
        nodes=nodes,
        wait_seconds=wait,
        **values,
    )


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
    reader.add(manifest("template", template))
    spec = template.get("spec")
    containers = spec.get("containers") if isinstance(spec, Mapping) else spec
    if containers is None or not (isinstance(containers, pulumi.Output) or (isinstance(containers, list | tuple) and containers)):
        path = "template.spec.containers" if isinstance(spec, Mapping) else "template.spec"
        told = "missing" if containers is None else shown(containers)
        reader.add(Problem("KS102", path, told, "a list of containers, as Kubernetes writes them"))
    return template


def _estimate(reader: Reader, card: ModelCard | None, placement: Placement, engine: Engine) -> Estimate | None:
    """Asks KAITO's estimate where KAITO asks it: for a model under vLLM."""
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


def _annotations(reader: Reader, engine: Engine, nodes: int) -> dict[str, Any]:
    given = reader.annotations("annotations")
    for key in given:
        if argument := OWN_ANNOTATIONS.get(key):
            reader.add(Problem("KS105", f"annotations.{key}", f"set by the argument {argument}", fix=f"use {argument}"))
    expose = reader.text("expose", choices=("cluster", "loadBalancer")) or "cluster"
    mode = reader.text("performanceMode", choices=("balanced", "interactivity", "throughput"))
    node_class = reader.text("nodeClass", "the name of a Karpenter NodeClass")
    ours: dict[str, Any] = {PLANNED_NODES: str(nodes)}
    ours |= {} if reader.flag("benchmark", False) else {"kaito.sh/disable-benchmark": "true"}
    ours |= {"kaito.sh/runtime": engine.runtime} if engine.runtime != "vllm" else {}
    ours |= {"kaito.sh/enablelb": "True"} if expose == "loadBalancer" else {}
    ours |= {"kaito.sh/performance-mode": mode} if mode else {}
    ours |= {"kaito.sh/use-local-weights": "true"} if reader.flag("localWeights", False) else {}
    ours |= {"kaito.sh/node-class-name": node_class} if node_class else {}
    return {**given, **ours}


def _wait(reader: Reader, card: ModelCard | None, placement: Placement) -> int:
    wanted = reader.flag("wait", True)
    needed = wait_seconds(card.ready_seconds if card else TEMPLATE_READY_SECONDS, provisioned=placement.provisioned)
    minutes = reader.number("timeoutMinutes", 1, 24 * 60, "minutes")
    if minutes is not None and minutes * 60 < needed and wanted:
        told = f"{minutes}, but downloading and loading the weights may take {-(-needed // 60)} minutes"
        reader.add(Problem("KS222", "timeoutMinutes", told, f"{-(-needed // 60)} or more", "leave timeoutMinutes out", "warning"))
    return 0 if not wanted else (minutes * 60 if minutes else needed)
