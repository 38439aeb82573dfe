"""Arguments of replicas of a served model."""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired

import pulumi

from kaito_iac.catalog.label import SCALER
from kaito_iac.kinds.field import At, annotation
from kaito_iac.kinds.nested import AdoptArgs, AutoscaleArgs, AutoUpgradeArgs
from kaito_iac.kinds.served_model import ServedModelArgs


class KaitoInferenceSetArgs(ServedModelArgs):
    """Arguments of a KaitoInferenceSet: those of a KaitoWorkspace for each replica, and the number of replicas.

    Keys: preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector,
    partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights,
    performance_mode, node_class, benchmark, timeout_minutes, name, replicas, autoscale, node_count_limit, update_strategy,
    auto_upgrade, max_nodes, labels, annotations, service, replica_labels, replica_annotations, wait,
    adopt.
    """

    name: NotRequired[Annotated[str, At("metadata.name")]]
    """Name of the InferenceSet and its Service, at most 48 characters; clients send it as model. Default: the component's."""
    replicas: NotRequired[Annotated[int, At("spec.replicas")]]
    """Number of replicas, 0 for none; with autoscale the initial number. Default: 1, or autoscale.min_count."""
    autoscale: NotRequired[Annotated[AutoscaleArgs, annotation(SCALER)]]
    """Scaling by KEDA, by the time of day or by KAITO's scaler. Default: none."""
    node_count_limit: NotRequired[Annotated[int, At("spec.nodeCountLimit")]]
    """Refused: only KEDA's scaler would use it; use replicas or autoscale.max_count."""
    update_strategy: NotRequired[Annotated[Mapping[str, Any], At("spec.updateStrategy")]]
    """How replicas are updated, as updateStrategy of a StatefulSet. Default: KAITO's, one after the other."""
    auto_upgrade: NotRequired[Annotated[AutoUpgradeArgs, At("spec.autoUpgrade")]]
    """Upgrades of the base image: enabled, strategy InPlace or Surge, maintenance_window (schedule, duration). Default: none."""
    max_nodes: NotRequired[int]
    """Refuse to plan for more nodes than this, all replicas together. Default: 8 for each replica."""
    labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.labels")]]
    """Labels of the InferenceSet and its Service."""
    annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.annotations")]]
    """Further annotations of the InferenceSet; KAITO passes none on to the replicas."""
    service: NotRequired[bool]
    """Create a Service over all replicas; without it the endpoint has no address. Default: true."""
    replica_labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("spec.template.metadata.labels")]]
    """Labels of the Workspaces of the replicas."""
    replica_annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("spec.template.metadata.annotations")]]
    """Further annotations of the Workspaces of the replicas."""
    wait: NotRequired[bool]
    """Wait until all replicas answer. Default: true."""
    adopt: NotRequired[AdoptArgs]
    """Manage an existing InferenceSet: object, force, delete; remove the argument after the update. Default: create one."""
