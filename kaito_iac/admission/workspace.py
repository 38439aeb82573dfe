"""What KAITO refuses of a Workspace as a whole, and what of it has no effect: shape, annotations, deprecated fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.admission.case import RUNTIME, STREAMING, Case, annotation, streams
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.vocabulary import IMAGE_FAMILIES, PERFORMANCE, RUNTIMES
from kaito_iac.catalog.label import ENABLE_LB, NODE_CLASS


@rule("KS326", "Workspace", on="update", versions=("v1alpha1",))
def old_toggle_crashes(case: Case) -> Iterator[Found]:
    """At v1alpha1 adding inference or tuning crashes KAITO's webhook, so that the API server refuses the object."""
    assert case.old is not None
    for key in ("inference", "tuning"):
        if case.get(key) is not None and case.old.get(key) is None:
            yield Found(key, "added to an object that had none", "what it was")


@rule("KS308", "Workspace", on="create", child=False)
def inference_or_tuning(case: Case) -> Iterator[Found]:
    """A Workspace has exactly one of inference and tuning."""
    given = [key for key in ("inference", "tuning") if case.get(key) is not None]
    if len(given) != 1:
        message = "both inference and tuning" if given else "neither inference nor tuning"
        yield Found("tuning" if given else "inference", message, "exactly one of them")


@rule("KS310", "Workspace", on="create")
def image_family(case: Case) -> Iterator[Found]:
    """The annotation kaito.sh/node-image-family is ubuntu or azurelinux."""
    value = case.annotations.get("kaito.sh/node-image-family")
    if value is not None and value.strip().lower() not in IMAGE_FAMILIES:
        yield Found(annotation("node-image-family"), f"'{value[:60]}'", " or ".join(IMAGE_FAMILIES))


@rule("KS310", "Workspace", on="create", versions=("v1beta1",))
def performance_mode(case: Case) -> Iterator[Found]:
    """The annotation kaito.sh/performance-mode is balanced, interactivity or throughput."""
    value = case.annotations.get("kaito.sh/performance-mode")
    if value is not None and value not in PERFORMANCE:
        yield Found(annotation("performance-mode"), f"'{value[:60]}'", " or ".join(PERFORMANCE))


@rule("KS310", "Workspace", on="create", versions=("v1beta1",))
def local_weights(case: Case) -> Iterator[Found]:
    """The annotation kaito.sh/use-local-weights is true or false."""
    value = case.annotations.get("kaito.sh/use-local-weights")
    if value is not None and value not in ("true", "false"):
        yield Found(annotation("use-local-weights"), f"'{value[:60]}'", "'true' or 'false'")


@rule("KS311", "Workspace", versions=("v1beta1",))
def node_class(case: Case) -> Iterator[Found]:
    """With Karpenter the annotation kaito.sh/node-class-name names a NodeClass that KAITO manages; judged when it changes."""
    value, allowed = case.annotations.get(NODE_CLASS, ""), case.env.allowed_node_classes()
    changed = case.old is None or case.old.annotations.get(NODE_CLASS, "") != value
    if value and changed and case.env.provisioner == "karpenter" and allowed is not None and value not in allowed:
        yield Found(annotation(NODE_CLASS), f"'{value[:60]}'", " or ".join(allowed) or "none: KAITO manages no NodeClass")


@rule("KS321", "Workspace", on="create", versions=("v1beta1",))
def streaming_driver(case: Case) -> Iterator[Found]:
    """With the gate ModelStreaming a vLLM preset needs Azure and its blob CSI driver, unless it opts out."""
    if not streams(case):
        return
    if case.env.cloud != "azure":
        yield Found(
            "metadata.annotations",
            f"model streaming on cloud '{case.env.cloud[:40]}'",
            "azure",
            f"annotate {STREAMING}: disabled",
        )
    elif case.env.cluster.complete and "blob.csi.azure.com" not in case.env.cluster.csi_drivers:
        yield Found(
            "metadata.annotations",
            "CSI driver blob.csi.azure.com is not in the cluster",
            "the driver, for model streaming",
            f"annotate {STREAMING}: disabled",
        )


@rule("KS325", "Workspace", on="update", versions=("v1beta1",))
def streaming_stays(case: Case) -> Iterator[Found]:
    """With the gate ModelStreaming the annotation kaito.sh/model-streaming does not change."""
    assert case.old is not None
    if case.env.gate("ModelStreaming") and case.annotations.get(STREAMING, "") != case.old.annotations.get(STREAMING, ""):
        yield Found(annotation(STREAMING), "changed", "what it was: it is immutable")


@rule("KS325", "Workspace", on="update")
def inference_and_tuning_stay(case: Case) -> Iterator[Found]:
    """A Workspace does not change between inference and tuning."""
    assert case.old is not None
    for key in ("inference", "tuning"):
        if (case.get(key) is None) != (case.old.get(key) is None):
            yield Found(key, "added or removed", "what it was", "delete the Workspace and create another")


@warning("KS229", "Workspace")
def runtime_is_a_word_of_kaitos(case: Case) -> Iterator[Found]:
    """The annotation kaito.sh/runtime is exactly vllm or transformers; any other value silently means vllm."""
    value = case.annotations.get(RUNTIME)
    if value is not None and value not in RUNTIMES:
        yield Found(annotation(RUNTIME), f"'{value[:60]}' silently means vllm", " or ".join(RUNTIMES))


@warning("KS229", "Workspace")
def flags_are_spelt_as_kaito_reads_them(case: Case) -> Iterator[Found]:
    """kaito.sh/disable-benchmark is `true`, kaito.sh/enablelb is `True`; bypass-resource-checks has an effect with any value."""
    for key, word in (("disable-benchmark", "true"), ("enablelb", "True")):
        value = case.annotations.get(f"kaito.sh/{key}")
        if value is not None and value != word and value.lower() in ("true", "yes", "on", "1"):
            yield Found(annotation(key), f"'{value[:40]}' does nothing", f"'{word}'")
    value = case.annotations.get("kaito.sh/bypass-resource-checks")
    if value is not None and value.strip().lower() in ("false", "no", "off", "0"):
        yield Found(annotation("bypass-resource-checks"), f"'{value}' bypasses the checks all the same", "no annotation")


@warning("KN301", "Workspace")
def public_address(case: Case) -> Iterator[Found]:
    """kaito.sh/enablelb makes a public load balancer without authentication, which also opens Ray's ports."""
    if case.annotations.get(ENABLE_LB) == "True":
        yield Found(
            annotation("enablelb"),
            "a public load balancer without authentication, which also opens Ray's ports 6379 and 8265",
            "a gateway in front",
            "remove it",
        )


@warning("KS243", "Workspace", "RAGEngine")
def deprecated_fields(case: Case) -> Iterator[Found]:
    """resource.count, preset.accessMode, presetOptions.image and imagePullSecrets are deprecated at v1beta1."""
    rag = case.kind == "RAGEngine"
    for path in (
        "spec.compute.count" if rag else "resource.count",
        "inference.preset.accessMode",
        "inference.preset.presetOptions.image",
        "inference.preset.presetOptions.imagePullSecrets",
    ):
        own = case.get("inference.template") is not None  # of which KAITO counts as many nodes as are asked for
        count_matters = path == "resource.count" and (case.runtime == "transformers" or own)
        if _written(case, path) is not None and not case.owner and case.version == "v1beta1" and not count_matters:
            message = "deprecated"
            if path.endswith("count"):
                tuned = case.get("tuning") is not None
                message += ": a training runs on one node" if tuned else ", and without effect on how many nodes vLLM gets"
            yield Found(path, "read by nothing: a RAG engine runs on one node" if rag else message, "nothing", "remove it")


@warning("KS231", "Workspace", "RAGEngine")
def named_nodes_are_used(case: Case) -> Iterator[Found]:
    """KAITO does not read preferredNodes: it creates another node in addition to the named one."""
    path = f"{'spec.compute' if case.kind == 'RAGEngine' else 'resource'}.preferredNodes"
    if _written(case, path) and not case.owner:
        other = "nodes are selected by label" if case.env.byo else "it creates another node beside those named"
        fix = "remove it" if case.env.byo else "remove it, or select nodes by label with nodeProvisioner byo"
        yield Found(path, f"without effect in KAITO 0.12: {other}", "labels of nodes that exist", fix)


def _written(case: Case, path: str) -> Any:
    value: Any = case.raw
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


@warning("KS243", "Workspace", "InferenceSet", "RAGEngine", versions=("v1alpha1",), child=False)
def old_api(case: Case) -> Iterator[Found]:
    """Workspace, InferenceSet and RAGEngine are written at kaito.sh/v1beta1."""
    if case.kind in ("Workspace", "InferenceSet", "RAGEngine"):
        yield Found("apiVersion", f"{case.kind} at v1alpha1, which validates less and has fewer fields", "kaito.sh/v1beta1")


@warning("KS234", "Workspace", on="update")
def updates_pass_what_creation_checks(case: Case) -> Iterator[Found]:
    """An update meets what KAITO checks only when a Workspace is created: annotations, adapter strength, source of data."""
    value = case.annotations.get("kaito.sh/performance-mode")
    if value is not None and value not in PERFORMANCE:
        yield Found(annotation("performance-mode"), f"'{value[:60]}'; KAITO checks it only on creation", " or ".join(PERFORMANCE))
    value = case.annotations.get("kaito.sh/use-local-weights")
    if value is not None and value not in ("true", "false"):
        yield Found(annotation("use-local-weights"), f"'{value[:60]}'; KAITO checks it only on creation", "'true' or 'false'")
    for index, adapter in enumerate(case.adapters):
        if adapter.get("strength") is not None and case.runtime == "vllm" and case.preset is not None:
            yield Found(
                f"inference.adapters[{index}].strength", "a strength under vLLM; KAITO checks it only on creation", "no strength"
            )
    source = case.mapping("tuning.input")
    if case.get("tuning") is not None and not (
        source.get("urls") or source.get("image") or source.get("volumeSource") is not None
    ):
        yield Found("tuning.input", "no source; KAITO checks it only on creation", "one of urls, volumeSource and image")
