"""A checked tuning job, and the manifests it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaito_iac.catalog.label import TRAINING_KEY
from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.object_metadata import object_metadata
from kaito_iac.resolve.placement import Placement
from kaito_iac.resolve.training import Sections, training_name, training_text


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningSpec:
    """A checked tuning job: one node, one adapter."""

    object_name: str
    namespace: Any
    card: ModelCard | None
    method: str
    placement: Placement
    config: Any
    """Name of a ConfigMap of the user's, possibly an Output; None: ours, or KAITO's default."""
    training: Sections
    dataset: Mapping[str, Any]
    output: Mapping[str, Any]
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    wait_seconds: int
    problems: tuple[Problem, ...]
    operator: Any = None
    """Version of the operator it was held against, possibly an Output; None: not known."""

    @property
    def gpus(self) -> int | None:
        """Return the GPUs of the node: a tuning job takes all of them."""
        return self.placement.hardware.gpus if self.placement.hardware else None

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        return {
            "model": self.card.id if self.card else None,
            "method": self.method,
            "name": self.object_name,
            "namespace": self.namespace,
            "operator": self.operator,
            "provisioner": self.placement.provisioner,
            "instanceType": self.placement.size_name or None,
            "location": self.placement.location or None,
            "nodes": 1,
            "gpus": self.gpus,
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the component hands on beside its adapter; policies on a whole stack see these alone."""
        seen = self.inputs()
        return {key: seen[key] for key in ("nodes", "gpus", "instanceType", "location")}

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the Workspace."""
        return object_metadata(self.object_name, self.namespace, self.labels, self.annotations)

    def config_metadata(self) -> dict[str, Any]:
        """Return the metadata of the ConfigMap with the training configuration."""
        return {"name": training_name(self.object_name, self.training), "namespace": self.namespace}

    def config_text(self) -> str:
        """Return training_config.yaml; empty when KAITO's default or the user's own is meant."""
        return training_text(self.training)

    def resource(self) -> dict[str, Any]:
        """Return the field `resource`: where it runs."""
        return {
            "labelSelector": {"matchLabels": self.placement.selector},
            "instanceType": self.placement.instance_type,
        }

    def tuning(self, config: Any) -> dict[str, Any]:
        """Return the field `tuning`, with the name of its ConfigMap if it has one."""
        fields: dict[str, Any] = {
            "preset": {"name": self.card.preset_name if self.card else ""},
            "method": self.method,
            "input": dict(self.dataset),
            "output": dict(self.output),
        }
        return {**fields, "config": config} if config is not None else fields

    def config_maps(self) -> dict[str, dict[str, str]]:
        """Return our ConfigMap as KAITO's rules read it."""
        text = self.config_text()
        return {training_name(self.object_name, self.training): {TRAINING_KEY: text}} if text else {}

    def manifest(self) -> dict[str, Any]:
        """Return the Workspace as it is registered."""
        config = training_name(self.object_name, self.training) if self.config_text() else self.config
        parts = {"metadata": self.metadata(), "resource": self.resource(), "tuning": self.tuning(config)}
        return {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", **parts}

    def adapter(self) -> dict[str, Any]:
        """Return the adapter as the argument `adapters` of a served model takes it."""
        if "image" not in self.output:
            return {"name": self.object_name, "volume": self.output["volumeSource"]}
        return {"name": self.object_name, "image": self.output["image"], "imagePullSecrets": [self.output["imagePushSecret"]]}
