"""Resolves a served model: the Workspace to write, its nodes as KAITO will count them, and how long to wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.record import ModelCard
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem, errors
from kaito_iac.resolve.engine import Engine, resolve_engine
from kaito_iac.resolve.merge import merged, with_stack_defaults
from kaito_iac.resolve.model_choice import Choice, choose_model
from kaito_iac.resolve.placement import Placement, pool_shortage, resolve_placement
from kaito_iac.resolve.reading import Reader, dns_label, dns_subdomain, shown
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.fit import MANY_NODES, context_problems, layout_problems
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
}
"""Annotations that an argument stands for."""
PLANNED_NODES: Final = "kaito-iac/target-nodes"
"""Annotation with the planned node count: KAITO counts once, so another plan replaces the Workspace."""
TEMPLATE_READY_SECONDS: Final = 30 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSpec:
    """A checked served model."""

    object_name: str
    namespace: Any
    card: ModelCard | None
    """None: a pod template of the user's."""
    preset: str
    template: Mapping[str, Any]
    placement: Placement
    engine: Engine
    estimate: Estimate | None
    """None: KAITO takes `count` as it is."""
    nodes: int
    """Nodes KAITO will use."""
    access_secret: Any
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    wait_seconds: int
    """How long to wait for the Workspace to be ready; 0: not at all."""
    problems: tuple[Problem, ...]
    """Warnings; a specification with errors does not exist."""

    @property
    def gpus(self) -> int | None:
        """Gives the GPUs of all nodes; None when nobody tells what the size has."""
        return self.nodes * self.placement.hardware.gpus if self.placement.hardware else None

    @property
    def context_tokens(self) -> int | None:
        """Gives the longest context of the endpoint: the one asked for, else the estimate of what fits."""
        return self.engine.context or (self.estimate.auto_context_tokens if self.estimate else None)

    def inputs(self) -> dict[str, Any]:
        """Gives what state and policies see of the component."""
        return {
            "preset": self.preset or None,
            "model": self.card.id if self.card else None,
            "name": self.object_name,
            "namespace": self.namespace,
            "provisioner": self.placement.provisioner,
            "instanceType": self.placement.size_name or None,
            "location": self.placement.location or None,
            "runtime": self.engine.runtime,
            "contextTokens": self.context_tokens,
            "nodes": self.nodes,
            "gpus": self.gpus,
        }

    def metadata(self) -> dict[str, Any]:
        """Gives the metadata of the Workspace."""
        return {
            "name": self.object_name,
            "namespace": self.namespace,
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
        }

    def resource(self) -> dict[str, Any]:
        """Gives the field `resource`: where it runs."""
        place = self.placement
        fields: dict[str, Any] = {"labelSelector": {"matchLabels": dict(place.selector)}}
        if place.instance_type:
            fields["instanceType"] = place.instance_type
        if place.partition:
            fields["partition"] = dict(place.partition)
        if self.estimate is None and self.nodes != 1:
            fields["count"] = self.nodes
        return fields

    def inference(self, config: Any) -> dict[str, Any]:
        """Gives the field `inference`, with the name of its ConfigMap if it has one."""
        if self.card is None:
            return {"template": dict(self.template)}
        preset: dict[str, Any] = {"name": self.card.preset_name}
        if self.access_secret is not None:
            preset["presetOptions"] = {"modelAccessSecret": self.access_secret}
        fields: dict[str, Any] = {"preset": preset}
        if config is not None:
            fields["config"] = config
        if self.engine.adapters:
            fields["adapters"] = [dict(adapter) for adapter in self.engine.adapters]
        return fields

    def endpoint(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the endpoint of the Service KAITO makes for a Workspace with this metadata."""
        return {
            "url": f"http://{metadata['name']}.{metadata.get('namespace') or 'default'}.svc.cluster.local/v1",
            "model": self.card.name if self.card else None,
            "contextTokens": self.context_tokens,
        }


def resolve_workspace(name: str, args: Mapping[str, Any]) -> WorkspaceSpec:
    """Checks the arguments of a KaitoWorkspace; raises SpecError with every problem."""
    own = with_stack_defaults("KaitoWorkspace", name, args)
    reader = Reader(own, KEYS)
    template = _template(reader)
    choice = Choice(None, "", {}) if template else choose_model(own, reader)
    default_size = choice.settings.get("instanceType")
    reader.args = merged({key: value for key, value in choice.settings.items() if key != "instanceType"}, reader.args)
    object_name = reader.text("name", "the name of the Workspace") or name
    reader.add(dns_label(LONGEST_NAME, letter_first=True)("name", object_name))
    namespace = reader.late("namespace", dns_label(), default="default")
    placement = resolve_placement(reader, default_size=default_size, templated=bool(template), name=object_name)
    engine = resolve_engine(reader, choice.card)
    found = _estimate(reader, choice.card, placement, engine)
    nodes = found.nodes if found else (reader.number("count", 1, 1000, "nodes") or 1)
    reader.problems += _judged(reader, choice.card, placement, engine, found, nodes)
    labels, annotations = reader.labels("labels"), _annotations(reader, engine, nodes)
    secret = reader.late("accessSecret", dns_subdomain)
    wait = _wait(reader, choice.card, placement)
    if errors(reader.problems):
        raise SpecError(f"KaitoWorkspace '{name}'", reader.problems)
    return WorkspaceSpec(
        object_name=object_name,
        namespace=namespace,
        card=choice.card,
        preset=choice.preset_name,
        template=template,
        placement=placement,
        engine=engine,
        estimate=found,
        nodes=nodes,
        access_secret=secret,
        labels=labels,
        annotations=annotations if wait == 0 else {**annotations, "pulumi.com/waitFor": "condition=WorkspaceSucceeded"},
        wait_seconds=wait,
        problems=tuple(reader.problems),
    )


def _template(reader: Reader) -> dict[str, Any]:
    template = reader.mapping("template")
    if template and reader.has("preset"):
        reader.add(Problem("KS105", "template", "together with preset", "either preset or template", "leave one out"))
    if template and (reader.has("adapters") or reader.has("context") or reader.has("vllm") or reader.has("config")):
        told = "together with context, vllm, config or adapters, which only a preset has"
        reader.add(
            Problem("KS105", "template", told, "arguments of the containers in the template", "put them into the template")
        )
    if not template and not reader.has("preset"):
        fix = "give preset, such as 'phi-4-mini-instruct', or template"
        reader.add(Problem("KS102", "preset", "missing", "preset or template", fix))
    return template


def _estimate(reader: Reader, card: ModelCard | None, placement: Placement, engine: Engine) -> Estimate | None:
    """Asks KAITO's estimate where KAITO asks it: for a model under vLLM."""
    if card is None or placement.hardware is None or engine.runtime != "vllm":
        return None
    if engine.context is not None and engine.context > card.max_context_tokens:
        return None
    found = estimate(card, placement.hardware, engine.context or DEFAULT_CONTEXT)
    if isinstance(found, NoFit):
        where = "nodePool" if placement.pool else "instanceType"
        told = f"{found.reason}; KAITO admits it and then never starts it"
        reader.add(Problem("KS202", where, told, "a size that holds the model", f"see `kaito-iac fit {card.preset_name}`"))
        return None
    return found


def _judged(
    reader: Reader, card: ModelCard | None, placement: Placement, engine: Engine, found: Estimate | None, nodes: int
) -> Iterator[Problem]:
    where = "nodePool" if placement.pool else "instanceType"
    if found and card and placement.hardware:
        for problem in (*layout_problems(card, found), *context_problems(card, placement.hardware, found, engine.context)):
            path = where if problem.path == "size" else problem.path
            yield Problem(problem.code, path, problem.found, problem.accepted, problem.fix, problem.severity)
        yield from _counted(reader, placement, found)
    if (
        card
        and engine.runtime == "transformers"
        and placement.hardware
        and placement.hardware.node_gpu_memory_bytes * nodes < card.weights_bytes
    ):
        told = (
            f"{nodes} x {placement.hardware.label} has less GPU memory than the {card.weights_size} of weights; KAITO refuses it"
        )
        yield Problem("KS202", where, told, "more GPU memory", f"see `kaito-iac fit {card.preset_name}`")
    if shortage := pool_shortage(placement, nodes):
        yield shortage
    if card and card.gated is True and not reader.has("accessSecret") and not reader.flag("localWeights", False):
        told = f"missing, but {card.id} is gated; KAITO admits it, buys the nodes, and then cannot download the weights"
        fix = "kubectl create secret generic hf-token --from-literal=HF_TOKEN=…; accessSecret='hf-token'"
        yield Problem("KS204", "accessSecret", told, "the name of a Secret with the key HF_TOKEN", fix)
    if engine.config is not None and card:
        told = f"the context in ConfigMap {shown(engine.config)} is not seen here; nodes are planned for {DEFAULT_CONTEXT} tokens"
        yield Problem(
            "KS217", "config", told, "context, which a plan can see", "use context and vllm instead of config", "warning"
        )
    if reader.args.get("expose") == "loadBalancer":
        told = "a public load balancer without authentication, which also opens Ray's ports 6379 and 8265"
        yield Problem("KN301", "expose", told, "cluster", "leave expose out and put a gateway in front", "warning")


def _counted(reader: Reader, placement: Placement, found: Estimate) -> Iterator[Problem]:
    limit = reader.number("maxNodes", 1, 1000, "nodes") or MANY_NODES
    if found.nodes > limit:
        size = placement.size_name or (placement.hardware.label if placement.hardware else "nodes")
        told = f"KAITO would use {found.nodes} x {size} for this model; it has no limit of its own"
        yield Problem("KS214", "maxNodes", told, f"at most {limit} nodes", f"choose a bigger size, or set maxNodes={found.nodes}")
    count = reader.number("count", 1, 1000, "nodes")
    if count is not None and count != found.nodes:
        told = f"{count}, but KAITO ignores count for a preset under vLLM and uses {found.nodes}"
        yield Problem("KS215", "count", told, str(found.nodes), "leave count out", "warning")


def _annotations(reader: Reader, engine: Engine, nodes: int) -> dict[str, Any]:
    given = reader.mapping("annotations")
    for key in given:
        if key in OWN_ANNOTATIONS:
            argument = OWN_ANNOTATIONS[key]
            reader.add(
                Problem("KS105", f"annotations.{key}", f"set by the argument {argument}", f"{argument}", f"use {argument}")
            )
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
        told = f"{minutes}, but downloading and loading the weights may take {needed // 60}"
        reader.add(Problem("KS222", "timeoutMinutes", told, f"{-(-needed // 60)} or more", "leave timeoutMinutes out", "warning"))
    return 0 if not wanted else (minutes * 60 if minutes else needed)
