"""A checked InferenceSet, and the manifests it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.label import CREATED_BY_SET, SKIP_AWAIT
from kaito_iac.problem import Problem
from kaito_iac.resolve.object_metadata import object_metadata
from kaito_iac.resolve.workspace_spec import WorkspaceSpec

PORT: Final = 5000
"""Where the engine listens in a pod, and shows its metrics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceSetSpec:
    """Checked replicas of a served model."""

    served: WorkspaceSpec
    """One replica, under the name and metadata of the set."""
    replicas: int
    """Replicas at the start; an autoscaler changes them."""
    most_replicas: int
    """Replicas there may be at once, the one that an upgrade adds for a while included."""
    scaled: bool
    least_replicas: int
    """Replicas that a scaler leaves at least."""
    scaled_to: int
    """Replicas that a scaler makes at most."""
    update_strategy: Mapping[str, Any]
    auto_upgrade: Mapping[str, Any]
    node_count_limit: int | None
    """Read by nothing in KAITO 0.12: the rules refuse it."""
    triggers: tuple[Mapping[str, Any], ...]
    """Times of day that KEDA scales by; none with metrics, which KAITO's scaler reads."""
    service: bool
    """Whether a Service over all replicas is made."""
    replica_labels: Mapping[str, Any]
    replica_annotations: Mapping[str, Any]
    problems: tuple[Problem, ...]
    """Warnings; a specification with errors does not exist."""

    @property
    def gpus(self) -> int | None:
        """Return the GPUs of all replicas there may be; None when the size is unknown."""
        each = self.served.gpus
        return None if each is None else each * self.most_replicas

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component; `nodes` is of one replica."""
        return {
            **self.served.inputs(),
            "replicas": self.replicas,
            "maxReplicas": self.most_replicas,
            "maxNodes": self.served.nodes * self.most_replicas,
            "gpus": self.gpus,
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the component hands on beside its endpoint; policies on a whole stack see these alone."""
        seen = self.inputs()
        return {key: seen[key] for key in ("nodes", "maxNodes", "gpus", "instanceType", "location")}

    def spec(self, config: Any) -> dict[str, Any]:
        """Return the InferenceSet's spec, with the name of the engine's ConfigMap if it has one."""
        place = self.served.resource()
        metadata = {
            key: dict(value)
            for key, value in (("labels", self.replica_labels), ("annotations", self.replica_annotations))
            if value
        }
        resource = {key: place[key] for key in ("instanceType", "partition") if key in place}
        template: dict[str, Any] = {
            **({"metadata": metadata} if metadata else {}),
            **({"resource": resource} if resource else {}),
            "inference": self.served.inference(config),
        }
        fields: dict[str, Any] = {"labelSelector": place["labelSelector"], "replicas": self.replicas, "template": template}
        if self.update_strategy:
            fields["updateStrategy"] = dict(self.update_strategy)
        if self.auto_upgrade:
            fields["autoUpgrade"] = dict(self.auto_upgrade)
        if self.node_count_limit is not None:
            fields["nodeCountLimit"] = self.node_count_limit
        return fields

    def manifest(self) -> dict[str, Any]:
        """Return the InferenceSet as it is registered."""
        parts = {"metadata": self.served.metadata(), "spec": self.spec(self.served.config_name())}
        return {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", **parts}

    def scaler_metadata(self) -> dict[str, Any]:
        """Return the metadata of our ScaledObject."""
        return object_metadata(self.served.object_name, self.served.namespace, self.served.labels, {})

    def scaler_spec(self) -> dict[str, Any]:
        """Return the ScaledObject by which KEDA scales the set at times of day."""
        return {
            "scaleTargetRef": {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", "name": self.served.object_name},
            "minReplicaCount": self.least_replicas,
            "maxReplicaCount": self.scaled_to,
            "triggers": [dict(trigger) for trigger in self.triggers],
        }

    def service_metadata(self) -> dict[str, Any]:
        """Return the metadata of our Service, which has no pods to wait for while there are no replicas."""
        return {
            "name": self.served.object_name,
            "namespace": self.served.namespace,
            "labels": dict(self.served.labels),
            "annotations": {SKIP_AWAIT: "true"},
        }

    def service_spec(self) -> dict[str, Any]:
        """Return the Service over all replicas; of a replica with several nodes the first pod alone answers."""
        first = {"apps.kubernetes.io/pod-index": "0"} if self.served.nodes > 1 else {}
        return {
            "type": "ClusterIP",
            "selector": {CREATED_BY_SET: self.served.object_name, **first},
            "ports": [{"name": "http", "port": 80, "targetPort": PORT, "protocol": "TCP"}],
        }

    def endpoint(self, metadata: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the endpoint of our Service, or none; KAITO serves a replica's model under the name of the set."""
        model = (self.served.engine.served_name or self.served.object_name) if self.served.card else None
        if metadata is None:
            return {"url": None, "model": model, "contextTokens": self.served.context_tokens}
        return {**self.served.endpoint(metadata), "model": model}
