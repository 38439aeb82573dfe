"""What could not be seen of a manifest, and is taken to be right."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.case import Case, annotation, known_preset, streams
from kaito_iac.admission.config_map import data_of
from kaito_iac.admission.engine_settings import inference_config
from kaito_iac.admission.inference import TOKEN
from kaito_iac.admission.rule import Found, info
from kaito_iac.admission.selector import looks_at_nodes, matching_nodes
from kaito_iac.catalog.label import NODE_CLASS
from kaito_iac.kubernetes.names import is_subdomain
from kaito_iac.problem import Unknown


@info("KS238", "Workspace", on="create")
def settings_are_not_seen(case: Case) -> Iterator[Found]:
    """A ConfigMap that is not part of the input is assumed to exist and to be valid."""
    for name, path in (
        (case.text("inference.config") and inference_config(case), "inference.config"),
        (case.text("tuning.config"), "tuning.config"),
    ):
        if name and is_subdomain(name) and not case.env.cluster.complete and data_of(case, case.namespace, name) is None:
            yield Found(path, f"ConfigMap '{name[:80]}' is not part of the input: not checked here")


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def nodes_are_not_seen(case: Case) -> Iterator[Found]:
    """Existing nodes that are not part of the input are assumed to be equal and large enough."""
    if looks_at_nodes(case) and not case.env.cluster.complete and not matching_nodes(case):
        yield Found("resource.labelSelector", "no matching node is part of the input: not checked here")


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def hub_is_not_asked(case: Case) -> Iterator[Found]:
    """A model outside the catalogue is assumed to be one that KAITO can look up."""
    if case.preset and known_preset(case.preset) and case.card is None:
        yield Found(
            "inference.preset.name", f"'{case.preset[:80]}' is looked up on Hugging Face: not checked here, and not sized"
        )


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def gate_is_not_seen(case: Case) -> Iterator[Found]:
    """A model of which no source says whether its weights are gated is assumed to need no token."""
    local = case.annotations.get("kaito.sh/use-local-weights") == "true"
    if case.card and isinstance(case.card.gated, Unknown) and not case.text(TOKEN) and not local:
        message = f"whether {case.card.id} needs a token of Hugging Face: not checked here"
        yield Found(TOKEN, message, "", "name a Secret with the key HF_TOKEN if its page asks for one")


@info("KS238", "Workspace", on="create", versions=("v1beta1",))
def driver_is_not_seen(case: Case) -> Iterator[Found]:
    """The CSI driver for streaming, and NodeClasses that are not named, are assumed to exist."""
    if streams(case) and case.env.cloud == "azure" and not case.env.cluster.complete:
        yield Found("metadata.annotations", "CSI driver blob.csi.azure.com: not checked here")
    if case.annotations.get(NODE_CLASS) and case.env.provisioner == "karpenter" and case.env.allowed_node_classes() is None:
        yield Found(annotation(NODE_CLASS), "the NodeClasses of this cloud are not known: not checked here")


@info("KS238", "RAGEngine", "ModelMirror")
def objects_are_not_seen(case: Case) -> Iterator[Found]:
    """A ConfigMap of guardrails or a StorageClass that is not part of the input is assumed to exist."""
    own = case.text("spec.guardrails.configMapRef.name")
    if case.env.cluster.complete:
        return
    if case.get("spec.guardrails.enabled") is True and is_subdomain(own) and data_of(case, case.namespace, own) is None:
        yield Found("spec.guardrails.configMapRef.name", f"ConfigMap '{own[:80]}' is not part of the input: not checked here")
    storage = case.text("spec.storage.storageClassName")
    if is_subdomain(storage) and case.creates and storage not in case.env.cluster.storage_classes:
        yield Found("spec.storage.storageClassName", f"StorageClass '{storage[:80]}' is not part of the input: not checked here")
