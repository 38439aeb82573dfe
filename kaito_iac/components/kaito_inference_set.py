"""Replicas of a served model: one InferenceSet, its engine configuration, and a Service over all replicas."""

from typing import Any, NotRequired

import pulumi

from kaito_iac.components.dependencies import after, before
from kaito_iac.components.kaito_workspace import inference_config, workspace_options
from kaito_iac.components.nested_args import AutoscaleArgs, AutoUpgradeArgs
from kaito_iac.components.refused import collectable
from kaito_iac.components.served_model_args import ServedModelArgs
from kaito_iac.errors import warn
from kaito_iac.resolve.inference_set import resolve_inference_set
from kaito_iac.resolve.inference_set_spec import InferenceSetSpec
from kaito_iac.resources.inference_set import InferenceSet
from kaito_iac.resources.scaled_object import ScaledObject
from kaito_iac.resources.service import Service


class KaitoInferenceSetArgs(ServedModelArgs):
    """Arguments of a KaitoInferenceSet: those of a KaitoWorkspace for each replica, and how many there are."""

    name: NotRequired[str]
    """Name of the InferenceSet and its Service, at most 48 characters; clients send it as model. Default: the component's."""
    replicas: NotRequired[int]
    """Replicas, 0 for none at all; with autoscale where they start. Default: 1, or autoscale.min."""
    autoscale: NotRequired[AutoscaleArgs]
    """Scaling by KEDA: min, max, and cron (start, end, timezone, replicas), or with KAITO's scaler metrics (name, type,
    upThreshold, downThreshold, cacheWindow), evaluationWindow, scaleUpCooldown, scaleDownCooldown in seconds. Default: none."""
    nodeCountLimit: NotRequired[int]
    """Refused: KAITO 0.12 reads it nowhere; use replicas or autoscale.max."""
    updateStrategy: NotRequired[dict[str, Any]]
    """How replicas are updated, as a StatefulSet's updateStrategy. Default: KAITO's, one after the other."""
    autoUpgrade: NotRequired[AutoUpgradeArgs]
    """Upgrades of the base image: enabled, strategy InPlace or Surge, maintenanceWindow (schedule, duration). Default: none."""
    maxNodes: NotRequired[int]
    """Refuse to plan for more nodes than this, all replicas together. Default: 8 for each replica."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the InferenceSet and its Service."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the InferenceSet; KAITO passes none on to the replicas."""
    service: NotRequired[bool]
    """Make a Service over all replicas; without one the endpoint has no address. Default: true."""
    replicaLabels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the Workspaces of the replicas."""
    replicaAnnotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the Workspaces of the replicas."""
    wait: NotRequired[bool]
    """Wait until all replicas answer. Default: true."""


@collectable
class KaitoInferenceSet(pulumi.ComponentResource):
    """Serves one model by any number of replicas, on one OpenAI-compatible endpoint."""

    endpoint: pulumi.Output[dict[str, Any]]
    """url (in-cluster base address over all replicas, ends in /v1; null without service), model (name to send), contextTokens."""
    nodes: pulumi.Output[int]
    """Nodes of one replica."""
    maxNodes: pulumi.Output[int]
    """Nodes of all replicas there may be."""
    gpus: pulumi.Output[int | None]
    """GPUs of all replicas there may be; null for a size nobody knows."""
    instanceType: pulumi.Output[str | None]
    """VM size of the nodes, also of existing ones; null where only their GPUs are known."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where nobody named one."""

    def __init__(self, name: str, args: KaitoInferenceSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: InferenceSetSpec = resolve_inference_set(name, args)
        super().__init__("kaito-iac:index:KaitoInferenceSet", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        served, child = self.spec.served, pulumi.ResourceOptions(parent=self)
        self.workload = made = InferenceSet(
            f"{name}-inferenceset",
            metadata=served.metadata(),
            spec=self.spec.spec(inference_config(f"{name}-config", served, child)),
            opts=set_options(self, self.spec, before(args)),
        )
        if self.spec.triggers:
            own = pulumi.ResourceOptions(parent=self, depends_on=[made])
            ScaledObject(f"{name}-scaler", metadata=self.spec.scaler_metadata(), spec=self.spec.scaler_spec(), opts=own)
        self.endpoint = after(made, replica_service(f"{name}-service", self.spec, child))
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs({"endpoint": self.endpoint, **outputs})


def replica_service(name: str, spec: InferenceSetSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declare the Service over all replicas, if there is to be one; return the endpoint."""
    if not spec.service:
        return spec.endpoint(None)
    made = Service(name, metadata=spec.service_metadata(), spec=spec.service_spec(), opts=opts)
    return made.metadata.apply(spec.endpoint)


def set_options(parent: pulumi.Resource, spec: InferenceSetSpec, first: list[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return the options of the InferenceSet: replaced when its template changes, replicas left to the scaler if there is one."""
    own = pulumi.ResourceOptions(
        replace_on_changes=["spec.template", "spec.labelSelector"],
        ignore_changes=["spec.replicas"] if spec.scaled else None,
    )
    return pulumi.ResourceOptions.merge(workspace_options(parent, spec.served, first), own)
