"""Replicas of a served model: one InferenceSet, its engine configuration, and a Service over all replicas."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.after import after
from kaito_iac.components.kaito_workspace import inference_config, workspace_options
from kaito_iac.components.stand_in import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.inference_set import resolve_inference_set
from kaito_iac.resolve.inference_set_spec import InferenceSetSpec
from kaito_iac.resources.inference_set import InferenceSet
from kaito_iac.resources.service import Service


class KaitoInferenceSetArgs(TypedDict):
    """Arguments of a KaitoInferenceSet: those of a KaitoWorkspace for each replica, and how many there are."""

    preset: NotRequired[str]
    """A name of `kaito-iac presets`, a model's short name, or `organisation/model`. Plain, because nodes follow from it."""
    template: NotRequired[dict[str, Any]]
    """A pod template of your own instead of a preset, as Kubernetes writes it."""
    modelFacts: NotRequired[dict[str, Any]]
    """Facts of a model outside the catalogue: weightsGiB, bytesPerToken, maxContextTokens; also layers, heads, kvHeads, gated."""
    name: NotRequired[str]
    """Name of the InferenceSet and its Service, at most 48 characters; clients send it as model. Default: the component's."""
    replicas: NotRequired[int]
    """Replicas, 0 for none at all; with autoscale where they start. Default: 1, or autoscale.min."""
    autoscale: NotRequired[dict[str, Any]]
    """Scaling by KEDA and KAITO's scaler: min, max, metrics (name, type, upThreshold, downThreshold, cacheWindow),
    evaluationWindow, scaleUpCooldown and scaleDownCooldown in seconds. Default: none."""
    nodeCountLimit: NotRequired[int]
    """Refused: KAITO 0.12 reads it nowhere; use replicas or autoscale.max."""
    updateStrategy: NotRequired[dict[str, Any]]
    """How replicas are updated, as a StatefulSet's updateStrategy. Default: KAITO's, one after the other."""
    autoUpgrade: NotRequired[dict[str, Any]]
    """Upgrades of the base image: enabled, strategy InPlace or Surge, maintenanceWindow (schedule, duration). Default: none."""
    maxNodes: NotRequired[int]
    """Refuse to plan for more nodes than this, all replicas together. Default: 8 for each replica."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace. Default: `default`."""
    nodePool: NotRequired[Any]
    """A GpuNodePool of this program, or instanceType and selector of existing nodes. KAITO then runs with nodeProvisioner byo."""
    instanceType: NotRequired[str]
    """VM size of nodes that KAITO creates. Default: the preset's."""
    cloud: NotRequired[str]
    """Cloud of instanceType: azure, aws or arc. Default: the one that has the size."""
    provisioner: NotRequired[str]
    """KAITO's nodeProvisioner: azure-gpu-provisioner, karpenter or byo. Default: byo with nodePool, else by the cloud."""
    nodeSelector: NotRequired[dict[str, pulumi.Input[str]]]
    """Further labels of the nodes. Default: the pool's selector, or `apps: <name>`."""
    partition: NotRequired[dict[str, Any]]
    """Part of an existing node: mode mig with profile, or mode accelerator with count. Needs KAITO's gate for it."""
    location: NotRequired[str]
    """Region, for prices and quota. Default: the pool's."""
    context: NotRequired[int]
    """Longest context in tokens; nodes are sized for it. Default: what fits, and nodes are sized for 2048."""
    runtime: NotRequired[str]
    """vllm or transformers. Default: vllm."""
    vllm: NotRequired[dict[str, Any]]
    """Arguments of vLLM without leading dashes, such as max-num-seqs. Default: KAITO's."""
    vllmExtra: NotRequired[dict[str, Any]]
    """Further arguments of vLLM whose names nobody checks. Default: none."""
    config: NotRequired[pulumi.Input[str]]
    """Name of a ConfigMap of your own with inference_config.yaml, instead of context and vllm."""
    adapters: NotRequired[list[pulumi.Input[Any]]]
    """LoRA adapters, at most 10: name, and image or volume, or a KaitoTuning's adapter; strength for transformers alone."""
    accessSecret: NotRequired[pulumi.Input[str]]
    """Name of a Secret with the key HF_TOKEN; needed for gated models."""
    localWeights: NotRequired[bool]
    """Load the weights from /opt/kaito/models on the node. Default: false."""
    performanceMode: NotRequired[str]
    """balanced, interactivity or throughput. Default: KAITO's, balanced."""
    nodeClass: NotRequired[str]
    """Karpenter NodeClass. Default: KAITO's default class."""
    benchmark: NotRequired[bool]
    """Let KAITO benchmark the model before it counts as ready. Default: false."""
    timeoutMinutes: NotRequired[int]
    """How long to wait. Default: computed from the weights, with time for new nodes."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the InferenceSet and its Service."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the InferenceSet; KAITO passes none on to the replicas."""
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
    """url (in-cluster base address over all replicas, ends in /v1), model (name to send), contextTokens."""
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
            opts=set_options(self, self.spec, args.get("nodePool")),
        )
        service = Service(f"{name}-service", metadata=self.spec.service_metadata(), spec=self.spec.service_spec(), opts=child)
        self.endpoint = after(made, service.metadata.apply(self.spec.endpoint))
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs({"endpoint": self.endpoint, **outputs})


def set_options(parent: pulumi.Resource, spec: InferenceSetSpec, pool: Any) -> pulumi.ResourceOptions:
    """Gives the options of the InferenceSet: replaced when its template changes, replicas left to the scaler if there is one."""
    own = pulumi.ResourceOptions(
        replace_on_changes=["spec.template", "spec.labelSelector"],
        ignore_changes=["spec.replicas"] if spec.scaled else None,
    )
    return pulumi.ResourceOptions.merge(workspace_options(parent, spec.served, pool), own)
