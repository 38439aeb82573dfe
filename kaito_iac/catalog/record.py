"""The frozen records of the catalogue, and the strict reading of one from a row of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final, TypeVar

from kaito_iac.catalog.cloud import Cloud
from kaito_iac.problem import Unknown

GIB: Final = 2**30
"""Bytes in a GiB."""


class CatalogError(ValueError):
    """Report that a table of facts does not have the expected shape; a packaging defect, not a user's mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where facts come from, and of which day they are."""

    key: str
    """Short name used inside the table."""
    title: str
    """What was read."""
    date: str
    """ISO date of what was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What is known of one model that KAITO serves without looking anything up."""

    id: str
    """`organisation/name` in lower case, as vLLM gets it."""
    hf_id: str
    """The same in the spelling of Hugging Face."""
    name: str
    """Last segment of the id: the served model name of a Workspace."""
    aliases: tuple[str, ...]
    """Older short names that mean this model."""
    family: str
    """Such as `phi` or `llama`."""
    organisation: str
    """Owner of the model on Hugging Face."""
    license: str
    """Licence tag of the model card."""
    gated: bool | Unknown
    """Whether Hugging Face hands out the weights only with a token of a user who accepted the licence."""
    gated_source: str
    """Key of the source that says so."""
    gated_why: str
    """The reason in words."""
    weights_size: str
    """Weights on disk as KAITO writes them, a Kubernetes quantity such as `7.15Gi`."""
    weights_bytes: int
    """The same in bytes, rounded up to a whole byte."""
    quantization: str | None
    """Quantisation of the weights; None: not quantised."""
    bytes_per_token: int
    """KV-cache bytes per token of context, over all GPUs, as KAITO counts them (always two bytes a value)."""
    max_context_tokens: int
    """Longest context the model supports, in tokens."""
    attention: str
    """MHA, MQA, GQA or MLA."""
    layers: int
    """Hidden layers."""
    heads: int
    """Attention heads; vLLM needs a multiple of the tensor-parallel size."""
    kv_heads: int
    """Key-value heads."""
    disk_gib: int
    """Disk KAITO asks for per node, GiB."""
    ready_seconds: float
    """Startup-probe budget of KAITO: from pod start to ready, seconds, without node provisioning."""
    runtimes: tuple[str, ...]
    """Of `vllm` and `transformers`."""
    tool_parser: str
    """vLLM's tool-call parser; empty: no automatic tool calls."""
    reasoning_parser: str
    """vLLM's reasoning parser; empty: none."""
    chat_template: str
    """File name of the chat template KAITO sets; empty: the model's own."""
    kv_cache_dtype: str | None
    """KV-cache type KAITO sets; None: the default."""
    tuning_methods: tuple[str, ...]
    """Of `lora` and `qlora`; empty: KAITO cannot tune it."""
    tuning_image: str | None
    """Image with the weights for tuning, without registry."""
    tuning_defect: str | None
    """Why tuning fails although KAITO lists the model."""

    @property
    def weights_gib(self) -> float:
        """Return the weights on disk in GiB."""
        return float(self.weights_size.removesuffix("Gi"))

    @property
    def preset_name(self) -> str:
        """Return the name to write in a Workspace: KAITO takes the older short name or the id, no other short form."""
        return self.aliases[0] if self.aliases else self.id

    @property
    def tunable(self) -> bool:
        """Return whether KAITO can tune it."""
        return bool(self.tuning_methods)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredModel:
    """A name that older KAITO releases knew."""

    name: str
    """The retired preset name."""
    said: str
    """What KAITO answers to it."""
    note: str
    """What can be done instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuSize:
    """A VM size with GPUs, as KAITO's table lists it."""

    cloud: Cloud
    """Which cloud sells it."""
    name: str
    """Name in KAITO's table, in canonical case."""
    cloud_name: str
    """Name the cloud itself uses; another one means that KAITO's name cannot be provisioned."""
    gpu_model: str
    """GPU product, such as `NVIDIA A100`."""
    gpu_vendor: str
    """`nvidia`, `amd` or `aws`."""
    gpus: int
    """GPUs per node."""
    gpu_memory_gib: int
    """Memory of all GPUs of a node together, GiB."""
    label_memory_mib: int | Unknown
    """Memory of one GPU as its driver reports it, MiB: what KAITO sizes existing nodes by, a little less than is sold."""
    nvme: bool
    """Whether KAITO uses the node's NVMe disk for weights."""
    cuda_capability: float | None
    """CUDA compute capability; None: no GPU of NVIDIA."""
    mig_capable: bool
    """Whether the GPUs can be cut into MIG slices."""
    vcpus: int | Unknown
    """vCPUs per node: what quota is counted in."""
    memory_gib: int | Unknown
    """Main memory per node, GiB."""
    quota_family: str | Unknown
    """Quota family the vCPUs count against."""
    note: str | None
    """What else one has to know."""

    @property
    def gpu_memory_per_gpu_gib(self) -> float:
        """Return the memory of one GPU in GiB."""
        return self.gpu_memory_gib / self.gpus

    @property
    def schedulable(self) -> bool:
        """Return whether a pod that requests `nvidia.com/gpu`, as KAITO's do, can run there."""
        return self.gpu_vendor == "nvidia"

    @property
    def provisionable(self) -> bool:
        """Return whether the cloud sells the size under the name KAITO knows."""
        return self.cloud_name == self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MigProfile:
    """A MIG slice that KAITO admits."""

    profile: str
    """Such as `2g.24gb`."""
    slices: int
    """Compute slices."""
    memory_gib: int
    """Memory of the slice, GiB, decimals cut as KAITO does."""
    gpus: str
    """GPUs that offer it."""
    resource: str
    """Extended resource a pod requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KaitoVersion:
    """What one KAITO release can do."""

    version: str
    """Such as `0.12.0`."""
    kind: str
    """`chart` (self-installed) or `aks-add-on` (run by Azure)."""
    source: str
    """Key of the source."""
    base_image: str | None
    """Image every preset runs in; None: unknown."""
    apis: Mapping[str, str]
    """Kind to the apiVersion to write."""
    feature_gates: Mapping[str, bool]
    """Gate to default."""
    provisioners: tuple[str, ...]
    """Values of `nodeProvisioner`."""
    charts: Mapping[str, str]
    """Chart to version: KAITO's own, and those of provisioners that KAITO's build pins."""
    defects: tuple[Mapping[str, str], ...]
    """Known defects: id, about, text."""
    values: Mapping[str, tuple[str, ...]]
    """Chart to the paths of its Helm values."""
    crds: tuple[Mapping[str, Any], ...]
    """CRDs: name, kind, chart, shipped (`template` or `crds`), gate; each version with storage, deprecated, fields."""


Row = TypeVar("Row", ModelCard, RetiredModel, GpuSize, MigProfile, KaitoVersion)

_UNKNOWN_REASONS: Final = {
    "gated": "no source states whether the weights are gated",
    "vcpus": "the platform states no vCPUs for this size",
    "label_memory_mib": "no source states what the driver of this GPU reports",
    "memory_gib": "the platform states no memory for this size",
    "quota_family": "no quota family is on record",
}

_UNITS: Final = {"gib": "GiB", "mib": "MiB"}


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(_UNITS.get(part, part.capitalize()) for part in tail)


_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "tuple": (list,),
    "Mapping": (dict,),
}


def _fits(value: Any, annotation: str) -> bool:
    """Return whether a value of JSON is what the annotation of a field says; anything not listed above is text."""
    expected = _JSON_TYPES.get(annotation.partition("[")[0].partition(" | ")[0], (str,))
    return isinstance(value, expected) and (expected == (bool,) or not isinstance(value, bool))


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return MappingProxyType({key: _frozen(item) for key, item in value.items()}) if isinstance(value, dict) else value


def read(kind: type[Row], row: Mapping[str, Any]) -> Row:
    """Read one row strictly: every field there, no other key, the type of the field, null only where a fact may be unknown."""
    known = {_camel(field.name): field for field in fields(kind)}
    label = f"{kind.__name__} {next((row[key] for key in ('id', 'name', 'profile', 'version') if key in row), '?')}"
    wrong = [f"{key} is no key of it" for key in sorted(set(row) - set(known))]
    wrong += [f"{key} is missing" for key in sorted(set(known) - set(row))]
    values: dict[str, Any] = {}
    for key in known.keys() & row.keys():
        name, annotation, value = known[key].name, str(known[key].type), row[key]
        if value is None and name in _UNKNOWN_REASONS:
            value = Unknown(_UNKNOWN_REASONS[name])
        elif not (value is None and annotation.endswith("| None")) and not _fits(value, annotation):
            wrong.append(f"{key} is {value!r}, not {annotation}")
        values[name] = _frozen(value)
    if wrong:
        raise CatalogError(f"{label}: {', '.join(sorted(wrong))}")
    return kind(**values)
