"""What KAITO refuses of a RAGEngine, and what of it has no effect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.case import Case, admitted_size, known_cloud
from kaito_iac.admission.config_map import lacking
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.selector import as_labels, selector_kept
from kaito_iac.admission.size import size_kept, unserved
from kaito_iac.admission.vocabulary import EMBEDDING, LEAST_WINDOW, VECTOR_STORES
from kaito_iac.kubernetes.names import is_image, is_request_uri, is_subdomain, scheme_of

_IMAGE: Final = re.compile(r"(.+/[^:/]+):([^:/]+)")
GUARDRAILS_KEY: Final = "guardrails.yaml"


@rule("KS328", "RAGEngine")
def one_embedding(case: Case) -> Iterator[Found]:
    """spec.embedding has exactly one of local and remote; a missing spec crashes KAITO's webhook."""
    embedding = case.get("spec.embedding")
    if not isinstance(embedding, Mapping):
        yield Found("spec", "missing", "embedding, and what else the engine needs")
        return
    given = [key for key in ("local", "remote") if embedding.get(key) is not None]
    if len(given) != 1:
        yield Found("spec.embedding", "both local and remote" if given else "neither local nor remote", "exactly one of them")


@rule("KS328", "RAGEngine")
def local_embedding(case: Case) -> Iterator[Found]:
    """spec.embedding.local has exactly one of modelID and image."""
    local = case.get("spec.embedding.local")
    if isinstance(local, Mapping) and bool(local.get("image")) == bool(local.get("modelID")):
        yield Found(
            "spec.embedding.local",
            "both image and modelID" if local.get("image") else "neither image nor modelID",
            "exactly one of them",
        )


@rule("KS328", "RAGEngine")
def embedding_image(case: Case) -> Iterator[Found]:
    """The image of a local embedding is registry/path/name:tag with a name in lower case."""
    image = case.text("spec.embedding.local.image")
    if image and not _IMAGE.fullmatch(image):
        yield Found("spec.embedding.local.image", f"'{image[:80]}'", "registry/path/name:tag")
    elif image and (name := image.split("/")[-1].split(":")[0]) != name.lower():
        yield Found("spec.embedding.local.image", f"'{name[:80]}' in capitals", "a name in lower case")


@rule("KS329", "RAGEngine")
def addresses_are_absolute(case: Case) -> Iterator[Found]:
    """The addresses of a remote embedding and of the inference service are absolute, or absolute paths."""
    remote, service = case.get("spec.embedding.remote"), case.text("spec.inferenceService.url")
    if isinstance(remote, Mapping) and not is_request_uri(str(remote.get("url", ""))):
        yield Found(
            "spec.embedding.remote.url", f"'{str(remote.get('url', ''))[:80]}'", "an absolute address, such as https://host/path"
        )
    if service and not is_request_uri(service):
        yield Found(
            "spec.inferenceService.url", f"'{service[:80]}'", "an absolute address, such as http://chat/v1/chat/completions"
        )


@rule("KS329", "RAGEngine")
def context_window_is_positive(case: Case) -> Iterator[Found]:
    """spec.inferenceService.contextWindowSize is a positive number of tokens."""
    found = case.number("spec.inferenceService.contextWindowSize")
    if found is not None and found <= 0:
        yield Found("spec.inferenceService.contextWindowSize", str(found), "a positive number of tokens")


@rule("KS313", "RAGEngine")
def compute_cloud_is_known(case: Case) -> Iterator[Found]:
    """Compute needs cloudProviderName azure, aws or arc."""
    if case.get("spec.compute") is not None and not known_cloud(case.env):
        yield Found(
            "spec.compute.instanceType", f"the operator runs with cloudProviderName '{case.env.cloud[:40]}'", "azure, aws or arc"
        )


@rule("KS314", "RAGEngine")
def compute_size_is_admitted(case: Case) -> Iterator[Found]:
    """The size of compute is in KAITO's table of the cloud; on Azure Standard_N… and Standard_D… are accepted."""
    size = case.text("spec.compute.instanceType")
    if case.get("spec.compute") is not None and known_cloud(case.env) and not admitted_size(size, case.env):
        message, fix = unserved(size[:80], case.env.cloud) if size else ("missing", "")
        yield Found("spec.compute.instanceType", message, "a size from `kaito-iac sizes`, or no compute at all", fix)


@rule("KS312", "RAGEngine")
def compute_selector_is_labels(case: Case) -> Iterator[Found]:
    """The selector of compute has labels, and expressions `In` with exactly one value."""
    message = as_labels(case.get("spec.compute.labelSelector")) if known_cloud(case.env) else ""
    if isinstance(message, str) and message:
        yield Found("spec.compute.labelSelector", message, "matchLabels, or `In` with one value")


@rule("KS325", "RAGEngine", on="update")
def compute_stays(case: Case) -> Iterator[Found]:
    """spec.compute is not added or removed, and its count, size, partition and selector are immutable."""
    assert case.old is not None
    new, before = case.get("spec.compute"), case.old.get("spec.compute")
    if (new is None) != (before is None):
        yield Found("spec.compute", "added or removed", "what it was: it is immutable")
    if not isinstance(new, Mapping) or not isinstance(before, Mapping):
        return
    for key in ("count", "partition"):
        if new.get(key) != before.get(key):
            yield Found(f"spec.compute.{key}", "changed", "what it was: it is immutable")
    sizes = str(new.get("instanceType", "")), str(before.get("instanceType", ""))
    yield from size_kept(*sizes, byo=False, path="spec.compute.instanceType")
    yield from selector_kept(new.get("labelSelector"), before.get("labelSelector"), "spec.compute.labelSelector")


@rule("KS330", "RAGEngine", versions=("v1alpha1",))
def old_rag_fields(case: Case) -> Iterator[Found]:
    """At v1alpha1 the fields that v1beta1 lacks are refused: KAITO's only webhook reads v1beta1."""
    for path in (
        "spec.storage.persistentVolumeClaim",
        "spec.storage.mountPath",
        "spec.queryServiceName",
        "spec.indexServiceName",
    ):
        if case.get(path) is not None:
            yield Found(path, "a field that v1beta1 does not have", "apiVersion kaito.sh/v1beta1 and its fields")


@rule("KS320", "RAGEngine", versions=("v1beta1",))
def guardrails_config_is_there(case: Case) -> Iterator[Found]:
    """Guardrails that are enabled read a ConfigMap with the key guardrails.yaml: the named one, or KAITO's default."""
    if case.get("spec.guardrails.enabled") is True:
        own = case.text("spec.guardrails.configMapRef.name")
        namespace = case.namespace if own else case.env.rag_release_namespace
        path = "spec.guardrails.configMapRef.name" if own else "spec.guardrails.enabled"
        yield from lacking(case, namespace, own or "ragengine-guardrails-policy-template", GUARDRAILS_KEY, path)
        if own and not is_subdomain(own):
            message = f"'{own[:60]}' is no name that a ConfigMap can have: KAITO answers 'not found'"
            yield Found(
                path,
                message,
                "the name of a ConfigMap",
                f"put the policy under {GUARDRAILS_KEY} of a ConfigMap, and its name here",
            )


@warning("KS209", "RAGEngine")
def embedding_is_used(case: Case) -> Iterator[Found]:
    """KAITO 0.12 ignores the embedding: the service always embeds with BAAI/bge-small-en-v1.5."""
    for path, what in (("remote", "a remote embedding"), ("local.modelID", "this model"), ("local.image", "this image")):
        value = case.get(f"spec.embedding.{path}")
        if value and str(value).lower() != EMBEDDING.lower():
            yield Found(
                f"spec.embedding.{path}",
                f"{what} has no effect in KAITO 0.12: it embeds with {EMBEDDING}",
                "",
                f"use local.modelID {EMBEDDING}",
            )


@warning("KS239", "RAGEngine")
def addresses_answer(case: Case) -> Iterator[Found]:
    """Addresses of a RAGEngine are present, and http or https."""
    for path in ("spec.embedding.remote.url", "spec.inferenceService.url", "spec.storage.vectorDB.url"):
        url, holder = case.text(path), case.get(path.rpartition(".")[0])
        if isinstance(holder, Mapping) and not url and "remote" not in path:
            yield Found(path, "missing: the service has no address", "an address such as http://chat/v1/chat/completions")
        elif url and (not is_request_uri(url) or scheme_of(url) not in ("http", "https")):
            yield Found(path, f"'{url[:80]}' is no http or https address", "an address such as http://host/path")


@warning("KS237", "RAGEngine")
def embedding_image_is_one(case: Case) -> Iterator[Found]:
    """The image of a local embedding is an image reference."""
    image = case.text("spec.embedding.local.image")
    if image and not is_image(image):
        yield Found(
            "spec.embedding.local.image", f"'{image[:80]}' is no image reference", "registry/path/name:tag, in lower case"
        )


@warning("KS235", "RAGEngine")
def context_window_is_useful(case: Case) -> Iterator[Found]:
    """A context window of fewer than 512 tokens leaves no room for a question and its documents."""
    found = case.number("spec.inferenceService.contextWindowSize")
    if found is not None and 0 < found < LEAST_WINDOW:
        yield Found(
            "spec.inferenceService.contextWindowSize",
            f"{found} tokens for question and documents",
            f"{LEAST_WINDOW} or more",
        )


@warning("KS237", "RAGEngine")
def claim_is_named(case: Case) -> Iterator[Found]:
    """The claim of a persistent volume has a name."""
    volume = case.get("spec.storage.persistentVolume")
    if isinstance(volume, Mapping) and not volume.get("persistentVolumeClaim"):
        yield Found(
            "spec.storage.persistentVolume.persistentVolumeClaim", "empty: Kubernetes will refuse the pod", "the name of a claim"
        )


@warning("KS236", "RAGEngine")
def index_outlives_the_pod(case: Case) -> Iterator[Found]:
    """Without storage the index is lost with the pod."""
    storage: Any = case.get("spec.storage")
    if not storage:
        yield Found("spec.storage", "missing: the index is gone with the pod", "persistentVolume or vectorDB")


@warning("KS218", "RAGEngine")
def compute_partition_is_read(case: Case) -> Iterator[Found]:
    """KAITO does not read spec.compute.partition."""
    if case.get("spec.compute.partition") is not None:
        yield Found("spec.compute.partition", "read by nothing", "no partition", "remove it")


@warning("KS105", "RAGEngine")
def engine_of_vectors(case: Case) -> Iterator[Found]:
    """spec.storage.vectorDB.engine is faiss or qdrant; nothing checks it."""
    engine = case.get("spec.storage.vectorDB.engine")
    if isinstance(engine, str) and engine not in VECTOR_STORES:
        yield Found("spec.storage.vectorDB.engine", f"'{engine[:40]}'; KAITO does not check it", " or ".join(VECTOR_STORES))
