"""A served model: one Workspace, its engine configuration, and the endpoint it answers on."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.after import after
from kaito_iac.components.stand_in import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.workspace import resolve_workspace
from kaito_iac.resolve.workspace_spec import PLANNED_NODES, WorkspaceSpec
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.workspace import Workspace


class KaitoWorkspaceArgs(TypedDict):
    """Arguments of a KaitoWorkspace: preset or template, and nodePool or instanceType."""

    preset: NotRequired[str]
    """A name of `kaito-iac presets`, a model's short name, or `organisation/model`. Plain, because nodes follow from it."""
    template: NotRequired[dict[str, Any]]
    """A pod template of your own instead of a preset, as Kubernetes writes it."""
    modelFacts: NotRequired[dict[str, Any]]
    """Facts of a model outside the catalogue: weightsGiB, bytesPerToken, maxContextTokens; also layers, heads, kvHeads, gated."""
    name: NotRequired[str]
    """Name of the Workspace and its Service, at most 54 characters. Default: the component's name."""
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
    count: NotRequired[int]
    """Nodes for a template or the transformers runtime; for a preset under vLLM KAITO counts itself. Default: 1."""
    maxNodes: NotRequired[int]
    """Refuse to plan for more nodes than this; KAITO has no limit. Default: 8."""
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
    expose: NotRequired[str]
    """cluster, or loadBalancer: a public address without authentication, for trials. Default: cluster."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the Workspace."""
    annotations: NotRequired[dict[str, pulumi.Input[str]]]
    """Further annotations of the Workspace."""
    wait: NotRequired[bool]
    """Wait until the model answers. Default: true."""
    timeoutMinutes: NotRequired[int]
    """How long to wait. Default: computed from the weights, with time for new nodes."""


@collectable
class KaitoWorkspace(pulumi.ComponentResource):
    """Serves one model inside the cluster, on an OpenAI-compatible endpoint."""

    endpoint: pulumi.Output[dict[str, Any]]
    """url (in-cluster base address, ends in /v1), model (name to send), contextTokens."""
    nodes: pulumi.Output[int]
    """Nodes KAITO uses for it."""
    gpus: pulumi.Output[int | None]
    """GPUs of these nodes; null for a size nobody knows."""
    instanceType: pulumi.Output[str | None]
    """VM size of the nodes, also of existing ones; null where only their GPUs are known."""
    location: pulumi.Output[str | None]
    """Region of the nodes; null where nobody named one."""

    def __init__(self, name: str, args: KaitoWorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: WorkspaceSpec = resolve_workspace(name, args)
        super().__init__("kaito-iac:index:KaitoWorkspace", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        config = inference_config(f"{name}-config", self.spec, pulumi.ResourceOptions(parent=self))
        self.workload = made = Workspace(
            f"{name}-workspace",
            metadata=self.spec.metadata(),
            resource=self.spec.resource(),
            inference=self.spec.inference(config),
            opts=workspace_options(self, self.spec, args.get("nodePool")),
        )
        self.endpoint = made.metadata.apply(self.spec.endpoint)
        outputs = {key: after(made, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs({"endpoint": self.endpoint, **outputs})


def inference_config(name: str, spec: WorkspaceSpec, opts: pulumi.ResourceOptions) -> Any:
    """Declares the ConfigMap with the engine's configuration; gives its name, the user's own, or None when there is none."""
    text = spec.engine.text()
    if not text or spec.card is None:
        return spec.engine.config
    metadata = {"name": spec.engine.config_map_name(spec.object_name), "namespace": spec.namespace}
    made = ConfigMap(name, metadata=metadata, data={"inference_config.yaml": text}, opts=opts)
    return made.metadata.apply(lambda stored: stored["name"])


def workspace_options(parent: pulumi.Resource, spec: WorkspaceSpec, pool: Any) -> pulumi.ResourceOptions:
    """Gives the options of the Workspace: after its pool, replaced when its node count changes, waited for long enough."""
    wait = f"{spec.wait_seconds}s" if spec.wait_seconds else None
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=[pool] if isinstance(pool, pulumi.Resource) else None,
        replace_on_changes=[f'metadata.annotations["{PLANNED_NODES}"]'],
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create=wait, update=wait, delete="30m"),
    )
