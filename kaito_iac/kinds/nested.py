"""Arguments inside arguments: the keys of autoscale, partition, dataset, storage and the like."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi

from kaito_iac.kinds.field import At
from kaito_iac.kinds.vllm_arguments import VllmArguments


class AdoptArgs(TypedDict):
    """An existing object that the component manages instead of creating one."""

    object: str
    """namespace/name of the object, or the ARM id of the agent pool: the one that this component would create."""
    force: NotRequired[bool]
    """Also adopt it from Helm, Argo CD, Flux or another owner, with the fields that others set. Default: false."""
    delete: NotRequired[bool]
    """Let `pulumi destroy` delete it while adopt is set. Default: false, it remains."""


class ModelFactsArgs(TypedDict):
    """Properties of a model outside the catalogue, from its files and its config.json."""

    weights_gib: float
    """Size of the weight files, GiB."""
    bytes_per_token: int
    """Bytes of KV cache for one token."""
    max_context_tokens: int
    """Longest context, tokens."""
    layers: NotRequired[int]
    """Layers. Default: not known, and not compared with the nodes."""
    heads: NotRequired[int]
    """Attention heads. Default: not known, and not compared with the GPUs."""
    kv_heads: NotRequired[int]
    """Heads of keys and values. Default: not known."""
    gated: NotRequired[bool]
    """Whether Hugging Face requires a token. Default: not known, and a plan reports it."""


class GpuArgs(TypedDict):
    """GPUs of existing nodes, as the labels of GPU feature discovery state them."""

    product: str
    """The label nvidia.com/gpu.product, such as NVIDIA-A100-SXM4-80GB."""
    memory_mib: int
    """The label nvidia.com/gpu.memory: MiB of one GPU."""
    count: NotRequired[int]
    """The label nvidia.com/gpu.count. Default: that of instance_type, or 1."""


class PartitionArgs(TypedDict):
    """A part of existing nodes."""

    mode: Annotated[Literal["mig", "accelerator"], At("mode")]
    """mig, or accelerator for whole GPUs of a shared node."""
    profile: NotRequired[Annotated[str, At("profile")]]
    """A MIG profile such as 2g.24gb; for mode mig."""
    count: NotRequired[Annotated[int, At("count")]]
    """Whole GPUs; for mode accelerator."""


class MetricArgs(TypedDict):
    """A metric that replicas are scaled by."""

    name: str
    """A metric of vLLM, such as vllm:num_requests_waiting."""
    up_threshold: float
    """Value above which a replica is added."""
    down_threshold: float
    """Value below which a replica is removed."""
    type: NotRequired[Literal["gauge", "histogram"]]
    """gauge or histogram. Default: gauge."""
    cache_window: NotRequired[int]
    """Seconds of a histogram that are evaluated."""


class CronArgs(TypedDict):
    """A time of day with its own number of replicas."""

    start: str
    """When it begins, five cron fields, such as `0 7 * * 1-5`."""
    end: str
    """When it ends, five cron fields."""
    replicas: int
    """Replicas between start and end."""
    timezone: NotRequired[str]
    """Time zone of start and end, such as Europe/Berlin. Default: Etc/UTC."""


class AutoscaleArgs(TypedDict):
    """Scaling by KEDA: by the time of day, or by KAITO's scaler."""

    max_count: int
    """Maximum number of replicas: quota and budget count it."""
    min_count: NotRequired[int]
    """Minimum number of replicas. Default: 1."""
    cron: NotRequired[list[CronArgs]]
    """Times of day, instead of metrics. Default: none."""
    metrics: NotRequired[list[MetricArgs]]
    """Metrics that decide. Default: the number of waiting requests."""
    combine_policy: NotRequired[Literal["AND"]]
    """AND: all metrics must agree. Default: the scaler's."""
    evaluation_window: NotRequired[int]
    """Seconds between two decisions. Default: the scaler's."""
    scale_up_cooldown: NotRequired[int]
    """Seconds until the next change after a replica was added. Default: the scaler's."""
    scale_down_cooldown: NotRequired[int]
    """Seconds until the next change after a replica was removed. Default: the scaler's."""


class MaintenanceWindowArgs(TypedDict):
    """When upgrades may happen."""

    schedule: Annotated[pulumi.Input[str], At("schedule")]
    """Five cron fields in UTC, such as `0 2 * * 6`, or a word such as @daily."""
    duration: NotRequired[Annotated[pulumi.Input[str], At("duration")]]
    """How long, such as 4h or 1h30m. Default: KAITO's."""


class AutoUpgradeArgs(TypedDict):
    """Upgrades of the base image."""

    enabled: NotRequired[Annotated[bool, At("enabled", own=True)]]
    """Default: true."""
    strategy: NotRequired[Annotated[Literal["InPlace", "Surge"], At("strategy")]]
    """InPlace, or Surge, which needs nodes of one more replica during the upgrade. Default: KAITO's."""
    maintenance_window: NotRequired[Annotated[MaintenanceWindowArgs, At("maintenanceWindow")]]
    """Default: at any time."""


class AdapterArgs(TypedDict):
    """A LoRA adapter: image or volume."""

    name: Annotated[str, At("source.name")]
    """Name of the adapter, which clients send as model."""
    image: NotRequired[Annotated[pulumi.Input[str], At("source.image")]]
    """Image that contains it."""
    image_pull_secrets: NotRequired[Annotated[list[pulumi.Input[str]], At("source.imagePullSecrets")]]
    """Names of Secrets that may pull the image."""
    volume: NotRequired[Annotated[Mapping[str, Any], At("source.volumeSource")]]
    """A volume source that contains it, as Kubernetes writes it."""
    strength: NotRequired[Annotated[float, At("strength")]]
    """From 0 to 1; only for the runtime transformers."""


class RoleArgs(TypedDict):
    """One of the two roles that serve a model."""

    instance_type: NotRequired[Annotated[str, At("instanceType")]]
    """VM size of its nodes; none with node_pool. Default: the preset's."""
    replicas: NotRequired[Annotated[int, At("replicas", default=1)]]
    """Replicas of the role. Default: 1."""
    context: NotRequired[int]
    """Longest context in tokens; nodes are sized for it. Default: what fits."""
    vllm: NotRequired[VllmArguments]
    """Arguments of vLLM without leading dashes. Default: KAITO's."""
    vllm_extra: NotRequired[Mapping[str, Any]]
    """Further arguments of vLLM whose names are not checked. Default: none."""
    config: NotRequired[Annotated[pulumi.Input[str], At("runtimeConfig")]]
    """Name of your own ConfigMap with inference_config.yaml, instead of context and vllm."""


class DatasetArgs(TypedDict):
    """Source of the training data: one of urls, image, claim and volume."""

    name: NotRequired[Annotated[str, At("name")]]
    """A name for the data."""
    urls: NotRequired[Annotated[list[pulumi.Input[str]], At("urls")]]
    """Public http or https addresses."""
    image: NotRequired[Annotated[pulumi.Input[str], At("image")]]
    """Image that contains the data."""
    image_pull_secrets: NotRequired[Annotated[list[pulumi.Input[str]], At("imagePullSecrets")]]
    """Names of Secrets that may pull the image."""
    claim: NotRequired[Annotated[pulumi.Input[str], At("volumeSource.persistentVolumeClaim.claimName")]]
    """Name of an existing PersistentVolumeClaim."""
    volume: NotRequired[Annotated[Mapping[str, Any], At("volumeSource")]]
    """A volume source as Kubernetes writes it."""


class TuningOutputArgs(TypedDict):
    """Destination of the adapter: one of image, claim and volume."""

    image: NotRequired[Annotated[pulumi.Input[str], At("image")]]
    """Image to which the adapter is pushed; needs push_secret."""
    push_secret: NotRequired[Annotated[pulumi.Input[str], At("imagePushSecret")]]
    """Name of a Secret that may push the image."""
    claim: NotRequired[Annotated[pulumi.Input[str], At("volumeSource.persistentVolumeClaim.claimName")]]
    """Name of an existing PersistentVolumeClaim."""
    volume: NotRequired[Annotated[Mapping[str, Any], At("volumeSource")]]
    """A volume source as Kubernetes writes it."""


class VectorStoreArgs(TypedDict):
    """Storage of vectors."""

    kind: NotRequired[Annotated[Literal["faiss", "qdrant"], At("engine")]]
    """faiss, inside the service, or qdrant. Default: faiss."""
    url: NotRequired[Annotated[pulumi.Input[str], At("url")]]
    """Address of the Qdrant server."""
    access_secret: NotRequired[Annotated[pulumi.Input[str], At("accessSecret")]]
    """Name of a Secret with the key VECTOR_DB_ACCESS_SECRET."""


class StorageArgs(TypedDict):
    """Volume of the index: a new claim, or an existing one."""

    size_gib: NotRequired[int]
    """Size of a new claim, GiB. Default: the preset's."""
    storage_class: NotRequired[pulumi.Input[str]]
    """StorageClass of a new claim. Default: the cluster's."""
    claim: NotRequired[Annotated[pulumi.Input[str], At("persistentVolume.persistentVolumeClaim")]]
    """Name of an existing PersistentVolumeClaim."""
    mount_path: NotRequired[Annotated[str, At("persistentVolume.mountPath", default="/mnt/data")]]
    """Path of the volume in the service. Default: /mnt/data."""


class GuardrailsArgs(TypedDict):
    """Checks of answers."""

    enabled: NotRequired[Annotated[bool, At("enabled", own=True)]]
    """Default: true."""
    config_map: NotRequired[Annotated[pulumi.Input[str], At("configMapRef.name")]]
    """Name of a ConfigMap with guardrails.yaml. Default: KAITO's."""


class MirrorSecretArgs(TypedDict):
    """A Secret with the key HF_TOKEN, which may be in any namespace."""

    name: Annotated[pulumi.Input[str], At("name")]
    """Name of the Secret."""
    namespace: Annotated[pulumi.Input[str], At("namespace")]
    """Its namespace."""
