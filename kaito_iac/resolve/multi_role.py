"""Resolves one model served by prefill and decode roles: each has its own size, replicas and engine configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kaito_iac.catalog.label import INFERENCE_KEY, WAIT_FOR
from kaito_iac.catalog.record import ModelCard
from kaito_iac.kinds.kaito_multi_role_inference import KaitoMultiRoleInferenceArgs
from kaito_iac.kinds.nested import RoleArgs
from kaito_iac.kinds.rows import keys_of, lines_of
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.engine import Engine, resolve_engine
from kaito_iac.resolve.judgement import judged
from kaito_iac.resolve.merge import merged
from kaito_iac.resolve.model_choice import Choice, choose_model
from kaito_iac.resolve.object_metadata import object_metadata
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.placement import Placement, resolve_placement
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.served_model import own_annotations, sized_estimate, steering
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, service_name
from kaito_iac.sizing.estimate import Estimate
from kaito_iac.sizing.weights import wait_seconds

ROLES: Final = ("prefill", "decode")
SHARED_KEYS: Final = ("operator", "node_pool", "cloud", "provisioner", "node_selector", "location", "access_secret", "max_nodes")
"""Arguments of the component that hold for each role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One checked role."""

    kind: str
    """prefill or decode."""
    replicas: int
    placement: Placement
    engine: Engine
    estimate: Estimate | None

    @property
    def nodes_each(self) -> int:
        """Return the nodes of one replica."""
        return self.estimate.nodes if self.estimate else 1

    @property
    def nodes(self) -> int:
        """Return the nodes of all its replicas."""
        return self.replicas * self.nodes_each

    @property
    def gpus(self) -> int | None:
        """Return the GPUs of all its replicas; None when the size is unknown."""
        return self.nodes * self.placement.hardware.gpus if self.placement.hardware else None

    def config_name(self, owner: str) -> Any:
        """Return the name of the ConfigMap with the engine's configuration: ours, the user's own, or None."""
        return self.engine.config_map_name(f"{owner}-{self.kind}") if self.engine.text() else self.engine.config

    def field(self, config: Any) -> dict[str, Any]:
        """Return the entry of `roles`, with the name of its ConfigMap if it has one."""
        fields: dict[str, Any] = {"type": self.kind, "replicas": self.replicas}
        if self.placement.instance_type:
            fields["instanceType"] = self.placement.instance_type
        return {**fields, "runtimeConfig": config} if config is not None else fields


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiRoleSpec:
    """A checked model with two roles."""

    object_name: str
    namespace: Any
    card: ModelCard | None
    access_secret: Any
    epp_plugins: Any
    roles: tuple[Role, ...]
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    wait_seconds: int
    problems: tuple[Problem, ...]
    operator: Any = None
    """Version of the operator it was held against, possibly an Output; None: not known."""

    @property
    def context_tokens(self) -> int | None:
        """Return the longest context that both roles take."""
        found = [role.engine.context or (role.estimate.auto_context_tokens if role.estimate else None) for role in self.roles]
        known = [tokens for tokens in found if tokens is not None]
        return min(known) if len(known) == len(found) and known else None

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        gpus = [role.gpus for role in self.roles]
        sizes = [role.placement.size_name for role in self.roles]
        return {
            "model": self.card.id if self.card else None,
            "name": self.object_name,
            "namespace": self.namespace,
            "operator": self.operator,
            "provisioner": self.roles[0].placement.provisioner,
            "instanceType": sizes[0] if len(set(sizes)) == 1 and sizes[0] else None,
            "location": self.roles[0].placement.location or None,
            "contextTokens": self.context_tokens,
            "maxNodes": sum(role.nodes for role in self.roles),
            "roleNodes": {role.kind: role.nodes_each for role in self.roles},
            "gpus": None if None in gpus else sum(count for count in gpus if count is not None),
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the component hands on beside its endpoint; policies on a whole stack see these alone."""
        seen = self.inputs()
        return {key: seen[key] for key in ("maxNodes", "roleNodes", "gpus", "instanceType", "location")}

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the MultiRoleInference."""
        return object_metadata(self.object_name, self.namespace, self.labels, self.annotations)

    def spec(self, configs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the MultiRoleInference's spec, with the names of the roles' ConfigMaps."""
        model: dict[str, Any] = {"name": self.card.preset_name if self.card else ""}
        if self.access_secret is not None:
            model["modelAccessSecret"] = self.access_secret
        fields = {
            "labelSelector": {"matchLabels": self.roles[0].placement.selector},
            "model": model,
            "roles": [role.field(configs[role.kind]) for role in self.roles],
        }
        return {**fields, "eppPluginsConfig": self.epp_plugins} if self.epp_plugins is not None else fields

    def config_maps(self) -> dict[str, dict[str, str]]:
        """Return the ConfigMaps of the roles as KAITO's rules read them."""
        found = {role.config_name(self.object_name): role.engine.text(checked=True) for role in self.roles}
        return {name: {INFERENCE_KEY: text} for name, text in found.items() if text and isinstance(name, str)}

    def manifest(self) -> dict[str, Any]:
        """Return the MultiRoleInference as it is registered."""
        configs = {role.kind: role.config_name(self.object_name) for role in self.roles}
        parts = {"metadata": self.metadata(), "spec": self.spec(configs)}
        return {"apiVersion": "kaito.sh/v1alpha1", "kind": "MultiRoleInference", **parts}

    def endpoint(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """Return the InferencePool KAITO makes, which a gateway routes to, and the model name to send: there is no address."""
        return {
            "pool": f"{metadata['name']}-inferencepool",
            "namespace": metadata.get("namespace") or "default",
            "model": self.card.name if self.card else None,
            "contextTokens": self.context_tokens,
        }


def resolve_multi_role(name: str, args: Mapping[str, Any] | None) -> MultiRoleSpec:
    """Check the arguments of a KaitoMultiRoleInference; raises SpecError with every problem."""
    kind = "KaitoMultiRoleInference"
    reader = component_reader(kind, name, args)
    if not reader.has("preset"):
        reader.add(Problem("KS102", "preset", "missing", "a name from `kaito-iac presets`", "give preset"))
    choice = choose_model(reader)
    object_name = reader.text("name", "the name of the MultiRoleInference") or name
    reader.add(service_name("MultiRoleInference")("name", object_name))
    operator = Operator(reader)
    roles = tuple(_role(reader, role, choice, object_name, operator) for role in ROLES)
    reader.add(_shortage(roles))
    wait = _wait(reader, choice.card, roles)
    waiting = {WAIT_FOR: "condition=Ready"} if wait else {}
    values: dict[str, Any] = {
        "namespace": reader.late("namespace", dns_label(), default="default"),
        "access_secret": reader.late("access_secret", dns_subdomain),
        "epp_plugins": reader.late("epp_plugins_config", dns_subdomain),
        "labels": reader.labels("labels"),
        "annotations": {
            **own_annotations(reader, "annotations"),
            **steering(reader),
            **waiting,
        },
    }
    operator.needs_kind(reader, "MultiRoleInference", "preset")
    spec = MultiRoleSpec(object_name=object_name, card=choice.card, roles=roles, wait_seconds=wait, problems=(), **values)
    reader.ask(KaitoMultiRoleInferenceArgs, spec.manifest(), roles[0].placement.environment, spec.config_maps())
    return replace(spec, problems=reader.finish(), operator=operator.version())


class RoleReader(Reader):
    """Reads one role: arguments that both roles share keep their own path."""

    def path(self, key: str) -> str:
        """Return the path of a key as the user wrote it."""
        return _path(self.prefix, key)


def _role(reader: Reader, kind: str, choice: Choice, object_name: str, operator: Operator) -> Role:
    given = reader.mapping(kind)
    if not given and not reader.problems_at(kind):
        reader.add(Problem("KS102", kind, "missing", "instance_type and replicas of the role", f"give {kind}"))
    defaults = {key: value for key, value in choice.settings.items() if key != "instance_type"}
    shared = {key: reader.args[key] for key in SHARED_KEYS if reader.has(key)}
    reader.problems += Reader(given, RoleArgs, prefix=f"{kind}.", title=reader.title, top=reader.top).problems
    own = {key: value for key, value in given.items() if key in keys_of(RoleArgs)}
    inner = RoleReader(
        {**merged(defaults, own), **shared},
        (*keys_of(RoleArgs), *SHARED_KEYS),
        prefix=f"{kind}.",
        title=reader.title,
        top=reader.top,
    )
    beside = lines_of(KaitoMultiRoleInferenceArgs)
    inner.lines = {**lines_of(RoleArgs), **{key: beside[key] for key in SHARED_KEYS}}
    placement = resolve_placement(
        inner,
        default_size=choice.settings.get("instance_type"),
        templated=False,
        undecided=choice.card is None,
        name=object_name,
        operator=operator,
    )
    engine = resolve_engine(inner, choice.card)
    found = sized_estimate(inner, choice.card, placement, engine)
    replicas = inner.number("replicas", 1, 1000, "replicas") or 1
    nodes = found.nodes if found else 1
    inner.problems += judged(inner, choice.card, placement, engine, found, nodes, replicas=replicas)
    reader.problems += [replace(problem, path=_path(inner.prefix, problem.path)) for problem in inner.problems]
    return Role(kind=kind, replicas=replicas, placement=placement, engine=engine, estimate=found)


def _path(prefix: str, path: str) -> str:
    """Return the path as the user wrote it: shared arguments stand beside the roles, the others inside one."""
    bare = path.removeprefix(prefix)
    head = bare.partition(".")[0].partition("[")[0]
    return bare if head in SHARED_KEYS else f"{prefix}{bare}"


def _shortage(roles: tuple[Role, ...]) -> Problem | None:
    """Report that a pool has fewer nodes than both roles together need."""
    pool = roles[0].placement.pool
    needed = sum(role.nodes for role in roles)
    if pool is None or isinstance(pool.max_nodes, Unknown) or needed <= pool.max_nodes:
        return None
    message = f"{needed} nodes are needed for both roles, the pool has at most {pool.max_nodes}"
    return Problem("KS223", "node_pool", message, f"a pool of {needed} or more nodes", f"give it {needed} nodes")


def _wait(reader: Reader, card: ModelCard | None, roles: tuple[Role, ...]) -> int:
    wanted = reader.flag("wait", True)
    provisioned = any(role.placement.provisioned for role in roles)
    needed = wait_seconds(card.ready_seconds, provisioned=provisioned) if card else 0
    minutes = reader.number("timeout_minutes", 1, 24 * 60, "minutes")
    if minutes is not None and minutes * 60 < needed and wanted:
        message = f"{minutes}, but downloading and loading the weights may take {-(-needed // 60)} minutes"
        reader.add(
            Problem("KS222", "timeout_minutes", message, f"{-(-needed // 60)} or more", "leave timeout_minutes out", "warning")
        )
    return 0 if not wanted else (minutes * 60 if minutes else needed)
