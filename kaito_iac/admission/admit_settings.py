"""What KAITO refuses of the ConfigMaps that a new object names, as far as they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Any, Final

from kaito_iac.admission.admit_resource import looks_at_nodes, matching_nodes
from kaito_iac.admission.admit_workspace import annotation, streams
from kaito_iac.admission.case import Case, known_preset
from kaito_iac.admission.rule import Found, info, rule
from kaito_iac.admission.training import FOLDER, SECTIONS, folder_is_admitted, quantisation_found, unknown_section
from kaito_iac.admission.vocabulary import WHOLE
from kaito_iac.catalog.label import INFERENCE_KEY, NODE_CLASS, TRAINING_KEY
from kaito_iac.kubernetes.builder import Dialect
from kaito_iac.kubernetes.document import Unreadable, read_one
from kaito_iac.kubernetes.names import is_subdomain
from kaito_iac.kubernetes.scalar import plain, tagged

GUARDRAILS_KEY: Final = "guardrails.yaml"


def data_of(case: Case, namespace: str, name: str) -> Mapping[str, Any] | None:
    """Gives the data of a ConfigMap; None: not known."""
    return case.env.cluster.config_maps.get((namespace, name))


def lacking(case: Case, namespace: str, name: str, key: str, path: str) -> Iterator[Found]:
    """Says that a ConfigMap is not there, or has not the key that is read."""
    data = data_of(case, namespace, name)
    if data is None and not is_subdomain(name):
        return
    if data is None and case.env.cluster.complete:
        yield Found(path, f"ConfigMap '{name[:80]}' is not in namespace {namespace}", f"a ConfigMap with the key {key}")
    elif data is not None and not isinstance(data.get(key), str):
        yield Found(path, f"ConfigMap '{name[:80]}' has no key {key}", f"a ConfigMap with the key {key}")


def inference_config(case: Case) -> str:
    """Gives the name of the ConfigMap that admission reads for inference; empty: none."""
    if case.get("inference") is None or case.runtime != "vllm":
        return ""
    return case.text("inference.config") or ("" if case.version == "v1beta1" else "inference-params-template")


def _config_namespace(case: Case) -> str:
    return case.namespace if case.text("inference.config") else case.env.release_namespace


@rule("KS320", "Workspace", on="create")
def configs_can_exist(case: Case) -> Iterator[Found]:
    """inference.config and tuning.config are names that a ConfigMap can have: KAITO never finds another."""
    places = (("inference.config", INFERENCE_KEY), ("tuning.config", TRAINING_KEY))
    for path, key in places:
        name = case.text(path)
        if name and not is_subdomain(name) and (path != "inference.config" or case.runtime == "vllm"):
            told = f"'{name[:60]}' is no name that a ConfigMap can have: KAITO answers 'not found'"
            yield Found(path, told, "the name of a ConfigMap", f"put the settings under {key} of a ConfigMap, and its name here")


@rule("KS320", "Workspace", on="create")
def inference_config_is_there(case: Case) -> Iterator[Found]:
    """Under vLLM inference.config names a ConfigMap of the same namespace with the key inference_config.yaml."""
    if name := inference_config(case):
        yield from lacking(case, _config_namespace(case), name, INFERENCE_KEY, "inference.config")


def engine_arguments(case: Case, resolve: Callable[[str], str | None] | None = None) -> Mapping[str, str] | Unreadable | None:
    """Return the arguments of vLLM as text; None: not known; Unreadable: no YAML that KAITO reads."""
    name = inference_config(case)
    data = data_of(case, _config_namespace(case), name) if name else None
    text = data.get(INFERENCE_KEY) if data else None
    if not isinstance(text, str):
        return None
    try:
        top = read_one(text, Dialect(plain=resolve or _as_written, tagged=tagged)).data
    except Unreadable as error:
        return error
    found = top.get("vllm") if isinstance(top, dict) else None
    if not isinstance(top, dict | NoneType) or not isinstance(found, dict | NoneType):
        return Unreadable(1, "no mapping")
    if isinstance(found, dict) and any(isinstance(value, dict | list) for value in found.values()):
        return Unreadable(1, "vllm is no flat mapping")
    return found if isinstance(found, dict) else {}


def _as_written(text: str) -> str | None:
    return None if text in ("", "~", "null", "Null", "NULL") else text


def handed_on(case: Case) -> Mapping[str, str]:
    """Return the arguments of vLLM with their values as KAITO's server hands them on: what Python prints of what YAML says."""
    found = engine_arguments(case, _printed)
    return {str(key): "None" if value is None else value for key, value in found.items()} if isinstance(found, Mapping) else {}


def _printed(text: str) -> str:
    value = plain(text)
    return str(value) if value is None or (isinstance(value, bool | int) and "." not in text) else text


@rule("KS320", "Workspace", on="create")
def inference_config_is_flat_yaml(case: Case) -> Iterator[Found]:
    """inference_config.yaml is YAML whose `vllm` is a flat mapping."""
    found = engine_arguments(case)
    if isinstance(found, Unreadable):
        yield Found(
            "inference.config",
            f"{INFERENCE_KEY} cannot be read: line {found.line}: {found.told[:120]}",
            "YAML with a flat mapping `vllm`",
        )


@rule("KS203", "Workspace", on="create", versions=("v1beta1",))
def context_is_in_limit(case: Case) -> Iterator[Found]:
    """max-model-len is a whole number of at most the model's limit."""
    found = engine_arguments(case)
    if not isinstance(found, Mapping) or case.card is None:
        return
    text = str(found.get("max-model-len") or "").strip()
    if text and not WHOLE.fullmatch(text):
        yield Found("inference.config", f"max-model-len '{text[:40]}'", "a whole number")
    elif text and int(text) > case.card.max_context_tokens:
        yield Found(
            "inference.config", f"max-model-len {text}", f"at most {case.card.max_context_tokens}, the limit of {case.card.id}"
        )


@rule("KS320", "Workspace", on="create", versions=("v1alpha1",))
def old_config_needs_context(case: Case) -> Iterator[Found]:
    """At v1alpha1 max-model-len is needed for several nodes, and for several GPUs of less than 20 GiB each."""
    found, size = engine_arguments(case), case.size
    small = size is not None and size.gpus > 1 and size.gpu_memory_per_gpu_gib < 20
    if isinstance(found, Mapping) and (small or case.count > 1) and not found.get("max-model-len"):
        yield Found("inference.config", f"{INFERENCE_KEY} has no max-model-len", "max-model-len under vllm")


def training_config(case: Case) -> tuple[str, str]:
    """Gives namespace and name of the ConfigMap that admission reads for tuning."""
    own, method = case.text("tuning.config"), case.text("tuning.method").lower()
    if own:
        return case.namespace, own
    return case.env.release_namespace, {"lora": "lora-params-template", "qlora": "qlora-params-template"}.get(method, "")


@rule("KS320", "Workspace", on="create")
def training_config_is_there(case: Case) -> Iterator[Found]:
    """tuning.config names a ConfigMap of the same namespace with the key training_config.yaml; else KAITO's own is read."""
    if case.get("tuning") is not None:
        namespace, name = training_config(case)
        yield from lacking(case, namespace, name, TRAINING_KEY, "tuning.config")


def _training(case: Case) -> Any:
    """Gives the settings of a training as data; None: not known."""
    if case.get("tuning") is None:
        return None
    data = data_of(case, *training_config(case))
    text = data.get(TRAINING_KEY) if data else None
    if not isinstance(text, str):
        return None
    try:
        return read_one(text).data or {}
    except Unreadable as error:
        return error


@rule("KS226", "Workspace", on="create")
def training_config_has_known_sections(case: Case) -> Iterator[Found]:
    """training_config.yaml is YAML with a mapping `training_config` of KAITO's six sections."""
    found = _training(case)
    if found is None:
        return
    inner = found.get("training_config") if isinstance(found, dict) else None
    if not isinstance(inner, dict):
        yield Found("tuning.config", f"{TRAINING_KEY} has no mapping training_config", "YAML with a mapping training_config")
        return
    for name in sorted(map(str, inner)):
        if wrong := unknown_section(name):
            yield Found("tuning.config", f"section '{name[:60]}' of {TRAINING_KEY}", f"one of {', '.join(SECTIONS)}", wrong.fix)


def section(case: Case, name: str) -> Any:
    """Gives a section of the training settings; None: not there, or not known."""
    found = _training(case)
    inner = found.get("training_config") if isinstance(found, dict) else None
    return inner.get(name) if isinstance(inner, dict) else None


def _searched(value: Any, key: str) -> Any:
    """Gives the value of a key of a section; None: not there."""
    return value.get(key) if isinstance(value, dict) else None


@rule("KS226", "Workspace", on="create")
def quantisation_fits_method(case: Case) -> Iterator[Found]:
    """load_in_4bit and load_in_8bit are true or false, never both true; qlora needs one of them, lora excludes both."""
    if not isinstance(_training(case), dict):
        return
    method, found = case.text("tuning.method").lower(), section(case, "QuantizationConfig")
    if not isinstance(found, dict | NoneType):
        yield Found("tuning.config", "QuantizationConfig is no mapping", "a mapping")
        return
    for wrong in quantisation_found(found or {}, method):
        yield Found("tuning.config", f"{'.'.join(wrong.path)}: {wrong.found}", wrong.accepted)


def output_dir(case: Case) -> Any:
    """Gives the folder that a training writes to; None: not set, or not known."""
    return _searched(section(case, "TrainingArguments"), "output_dir")


@rule("KS226", "Workspace", on="create")
def output_dir_is_inside(case: Case) -> Iterator[Found]:
    """TrainingArguments.output_dir is text, and a folder below /mnt."""
    found, arguments = output_dir(case), section(case, "TrainingArguments")
    if not isinstance(arguments, dict | NoneType):
        yield Found("tuning.config", "TrainingArguments is no mapping", "a mapping")
    if found is None:
        return
    if not isinstance(found, str):
        yield Found("tuning.config", "output_dir is no text", FOLDER)
    elif not folder_is_admitted(found):
        yield Found("tuning.config", f"output_dir '{found[:80]}'", FOLDER)


@rule("KS320", "RAGEngine", versions=("v1beta1",))
def guardrails_config_is_there(case: Case) -> Iterator[Found]:
    """Guardrails that are enabled read a ConfigMap with the key guardrails.yaml: the named one, or KAITO's default."""
    if case.get("spec.guardrails.enabled") is True:
        own = case.text("spec.guardrails.configMapRef.name")
        namespace = case.namespace if own else case.env.rag_release_namespace
        path = "spec.guardrails.configMapRef.name" if own else "spec.guardrails.enabled"
        yield from lacking(case, namespace, own or "ragengine-guardrails-policy-template", GUARDRAILS_KEY, path)


@info("KS238", "Workspace", on="create")
def settings_are_not_seen(case: Case) -> Iterator[Found]:
    """A ConfigMap that was not given is taken to be there and right."""
    for name, path in (
        (case.text("inference.config") and inference_config(case), "inference.config"),
        (case.text("tuning.config"), "tuning.config"),
    ):
        if name and is_subdomain(name) and not case.env.cluster.complete and data_of(case, case.namespace, name) is None:
            yield Found(path, f"ConfigMap '{name[:80]}' is not part of the input: not checked here")


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def nodes_are_not_seen(case: Case) -> Iterator[Found]:
    """Own nodes that were not given are taken to be there, alike, and big enough."""
    if looks_at_nodes(case) and not case.env.cluster.complete and not matching_nodes(case):
        yield Found("resource.labelSelector", "no matching node is part of the input: not checked here")


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def hub_is_not_asked(case: Case) -> Iterator[Found]:
    """A model outside the catalogue is taken to be one that KAITO can look up."""
    if case.preset and known_preset(case.preset) and case.card is None:
        yield Found(
            "inference.preset.name", f"'{case.preset[:80]}' is looked up on Hugging Face: not checked here, and not sized"
        )


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def driver_is_not_seen(case: Case) -> Iterator[Found]:
    """The CSI driver for streaming, and NodeClasses nobody named, are taken to be there."""
    if streams(case) and case.env.cloud == "azure" and not case.env.cluster.complete:
        yield Found("metadata.annotations", "CSI driver blob.csi.azure.com: not checked here")
    if case.annotations.get(NODE_CLASS) and case.env.provisioner == "karpenter" and case.env.allowed_node_classes() is None:
        yield Found(annotation(NODE_CLASS), "the NodeClasses of this cloud are not known: not checked here")


@info("KS238", "RAGEngine", "ModelMirror")
def objects_are_not_seen(case: Case) -> Iterator[Found]:
    """A ConfigMap of guardrails or a StorageClass that was not given is taken to be there."""
    own = case.text("spec.guardrails.configMapRef.name")
    if case.env.cluster.complete:
        return
    if case.get("spec.guardrails.enabled") is True and own and data_of(case, case.namespace, own) is None:
        yield Found("spec.guardrails.configMapRef.name", f"ConfigMap '{own[:80]}' is not part of the input: not checked here")
    storage = case.text("spec.storage.storageClassName")
    if storage and case.creates and storage not in case.env.cluster.storage_classes:
        yield Found("spec.storage.storageClassName", f"StorageClass '{storage[:80]}' is not part of the input: not checked here")
