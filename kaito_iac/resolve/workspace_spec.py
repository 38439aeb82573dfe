"""A checked served model, and the manifests it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.adoption import Adoption
from kaito_iac.resolve.engine import Engine
from kaito_iac.resolve.object_metadata import object_metadata
from kaito_iac.resolve.placement import Placement
from kaito_iac.sizing.estimate import Estimate


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
    steering: Mapping[str, Any]
    """Annotations that configure how KAITO runs it; a replica of a set carries them itself."""
    wait_seconds: int
    """How long to wait for the Workspace to be ready; 0: not at all."""
    generation: Any = ""
    """Suffix of the name under blueGreen: another one stands for another Workspace. May be an Output; empty: recreate."""
    problems: tuple[Problem, ...]
    """Warnings; a specification with errors does not exist."""
    adopt: Adoption | None = None
    """The object that is taken over; None: one is made."""
    operator: Any = None
    """Version of the operator it was held against, possibly an Output; None: not known."""

    @property
    def blue_green(self) -> bool:
        """Return whether a replacement comes before what it replaces goes."""
        return isinstance(self.generation, pulumi.Output) or self.generation != ""

    @property
    def workspace_name(self) -> Any:
        """Return the name of the Workspace and its Service."""
        if isinstance(self.generation, pulumi.Output):
            return pulumi.Output.concat(self.object_name, "-", self.generation)
        return f"{self.object_name}-{self.generation}" if self.blue_green else self.object_name

    @property
    def gpus(self) -> int | None:
        """Return the GPUs of all nodes; None when the size is unknown."""
        return self.nodes * self.placement.hardware.gpus if self.placement.hardware else None

    @property
    def context_tokens(self) -> int | None:
        """Return the longest context of the endpoint: the one asked for, else the estimate of what fits."""
        return self.engine.context or (self.estimate.auto_context_tokens if self.estimate else None)

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        return {
            "preset": self.preset or None,
            "model": self.card.id if self.card else None,
            "name": self.workspace_name,
            "namespace": self.namespace,
            "operator": self.operator,
            **({"replacement": "blueGreen"} if self.blue_green else {}),
            "provisioner": self.placement.provisioner,
            "instanceType": self.placement.size_name or None,
            "location": self.placement.location or None,
            "runtime": self.engine.runtime,
            "contextTokens": self.context_tokens,
            "nodes": self.nodes,
            "gpus": self.gpus,
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the component hands on beside its endpoint; policies on a whole stack see these alone."""
        seen = self.inputs()
        return {key: seen[key] for key in ("nodes", "gpus", "instanceType", "location")}

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the Workspace."""
        return object_metadata(self.workspace_name, self.namespace, self.labels, self.annotations)

    def resource(self) -> dict[str, Any]:
        """Return the field `resource`: where it runs."""
        place = self.placement
        fields: dict[str, Any] = {"labelSelector": {"matchLabels": place.selector}}
        if place.instance_type:
            fields["instanceType"] = place.instance_type
        if place.partition:
            fields["partition"] = dict(place.partition)
        if self.estimate is None and self.nodes != 1:
            fields["count"] = self.nodes
        return fields

    def inference(self, config: Any) -> dict[str, Any]:
        """Return the field `inference`, with the name of its ConfigMap if it has one."""
        if self.card is None:
            return {"template": dict(self.template)}
        preset: dict[str, Any] = {"name": self.card.preset_name}
        if self.access_secret is not None:
            preset["presetOptions"] = {"modelAccessSecret": self.access_secret}
        fields: dict[str, Any] = {"preset": preset}
        if config is not None:
            fields["config"] = config
        if self.engine.adapters:
            fields["adapters"] = list(self.engine.adapters)
        return fields

    def config_name(self) -> Any:
        """Return the name of the ConfigMap with the engine's configuration: ours, the user's own, or None."""
        return self.engine.config_map_name(self.object_name) if self.engine.text() and self.card else self.engine.config

    def config_maps(self) -> dict[str, dict[str, str]]:
        """Return our ConfigMap as KAITO's rules read it: without the arguments that the user passes unchecked."""
        text = self.engine.text(checked=True)
        return {self.engine.config_map_name(self.object_name): {INFERENCE_KEY: text}} if text and self.card else {}

    def manifest(self) -> dict[str, Any]:
        """Return the Workspace as it is registered."""
        parts = {"metadata": self.metadata(), "resource": self.resource(), "inference": self.inference(self.config_name())}
        return {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", **parts}

    def endpoint(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """Return the endpoint of the Service KAITO makes for a Workspace with this metadata."""
        return {
            "url": f"http://{metadata['name']}.{metadata.get('namespace') or 'default'}.svc.cluster.local/v1",
            "model": (self.engine.served_name or self.card.name) if self.card else None,
            "contextTokens": self.context_tokens,
        }
