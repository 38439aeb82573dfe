"""What KAITO refuses of a new Workspace as a whole: its name, annotations and shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, rule
from kaito_iac.admission.vocabulary import IMAGE_FAMILIES, PERFORMANCE
from kaito_iac.catalog.label import NODE_CLASS
from kaito_iac.kubernetes.names import is_label
from kaito_iac.kubernetes.schema import Path

STREAMING: Final = "kaito.sh/model-streaming"


def annotation(key: str) -> Path:
    """Gives the path of an annotation."""
    return ("metadata", "annotations", f"kaito.sh/{key}" if "/" not in key else key)


@rule("KS307", "Workspace", "InferenceSet", "MultiRoleInference", child=False)
def name_is_a_label(case: Case) -> Iterator[Found]:
    """The name is an RFC 1123 label: lower-case letters, digits and hyphens, no dots, at most 63 characters."""
    if case.name and not is_label(case.name):
        told = f"'{case.name[:80]}'" if len(case.name) <= 63 else f"a name of {len(case.name)} characters"
        yield Found("metadata.name", told, "lower-case letters, digits and hyphens, at most 63 characters")


@rule("KS308", "Workspace", on="create", child=False)
def inference_or_tuning(case: Case) -> Iterator[Found]:
    """A Workspace has exactly one of inference and tuning."""
    given = [key for key in ("inference", "tuning") if case.get(key) is not None]
    if len(given) != 1:
        told = "both inference and tuning" if given else "neither inference nor tuning"
        yield Found("tuning" if given else "inference", told, "exactly one of them")


@rule("KS309", "Workspace", on="create", versions=("v1beta1",))
def size_follows_provisioner(case: Case) -> Iterator[Found]:
    """A provisioner needs resource.instanceType; own nodes (byo) exclude it."""
    yield from size_given(case.instance_type, case.env.byo, "resource.instanceType")


def size_given(instance_type: str, byo: bool, path: str) -> Iterator[Found]:
    """Says whether a size is missing, or given where nodes are brought."""
    if byo and instance_type:
        yield Found(
            path, f"'{instance_type[:80]}' with provisioner byo", "no instanceType", "remove it and select nodes by label"
        )
    if not byo and not instance_type:
        yield Found(path, "missing", "a VM size: nodes are provisioned", "set it, or --provisioner byo if the nodes exist")


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


def streams(case: Case) -> bool:
    """Tells whether KAITO would stream the weights."""
    wanted = case.annotations.get(STREAMING) != "disabled"
    return case.env.gate("ModelStreaming") and case.preset is not None and wanted and case.runtime == "vllm"


@rule("KS325", "Workspace", on="update", versions=("v1beta1",))
def streaming_stays(case: Case) -> Iterator[Found]:
    """With the gate ModelStreaming the annotation kaito.sh/model-streaming does not change."""
    assert case.old is not None
    if case.env.gate("ModelStreaming") and case.annotations.get(STREAMING, "") != case.old.annotations.get(STREAMING, ""):
        yield Found(annotation(STREAMING), "changed", "what it was: it is immutable")


@rule("KS325", "Workspace", on="update")
def inference_and_tuning_stay(case: Case) -> Iterator[Found]:
    """A Workspace keeps being for inference, or for tuning."""
    assert case.old is not None
    for key in ("inference", "tuning"):
        if (case.get(key) is None) != (case.old.get(key) is None):
            yield Found(key, "added or removed", "what it was", "delete the Workspace and create another")


@rule("KS325", "Workspace", on="update")
def count_stays(case: Case) -> Iterator[Found]:
    """resource.count is immutable."""
    assert case.old is not None
    new, before = case.number("resource.count"), case.old.number("resource.count")
    if new is not None and before is not None and new != before:
        yield Found("resource.count", f"{new}", f"{before}: it is immutable")


@rule("KS325", "Workspace", on="update", versions=("v1beta1",))
def partition_stays(case: Case) -> Iterator[Found]:
    """resource.partition is immutable."""
    assert case.old is not None
    if case.partition != case.old.partition:
        yield Found("resource.partition", "changed", "what it was: it is immutable")


@rule("KS325", "Workspace", on="update", versions=("v1beta1",))
def size_stays(case: Case) -> Iterator[Found]:
    """resource.instanceType is immutable once set; with own nodes (byo) it may be cleared."""
    assert case.old is not None
    yield from size_kept(case.instance_type, case.old.instance_type, case.env.byo, "resource.instanceType")


def size_kept(new: str, before: str, byo: bool, path: str) -> Iterator[Found]:
    """Says whether a size changed against what it replaces."""
    if byo and new and new != before:
        yield Found(path, f"'{new[:80]}' with provisioner byo", f"'{before[:80]}' or nothing" if before else "no instanceType")
    if not byo and not new:
        yield Found(path, "missing", "a VM size: nodes are provisioned")
    elif not byo and before and new != before:
        yield Found(path, f"'{new[:80]}'", f"'{before[:80]}': it is immutable")


@rule("KS325", "Workspace", on="update", versions=("v1alpha1",))
def old_size_stays(case: Case) -> Iterator[Found]:
    """At v1alpha1 resource.instanceType does not change, not even its case."""
    assert case.old is not None
    if case.instance_type != case.old.instance_type:
        yield Found("resource.instanceType", f"'{case.instance_type[:80]}'", f"'{case.old.instance_type[:80]}': it is immutable")


@rule("KS325", "Workspace", on="update")
def selector_stays(case: Case) -> Iterator[Found]:
    """resource.labelSelector is immutable; `In` with one value is the same as a label."""
    assert case.old is not None
    yield from selector_kept(case.get("resource.labelSelector"), case.old.get("resource.labelSelector"), "resource.labelSelector")


def selector_kept(new: Any, before: Any, path: str) -> Iterator[Found]:
    """Says whether a selector changed, or cannot be compared."""
    now, was = as_labels(new), as_labels(before)
    if isinstance(now, str) or isinstance(was, str):
        yield Found(path, "an expression other than `In` with one value", "matchLabels")
    elif now != was:
        yield Found(path, "changed", "what it was: it is immutable")


def as_labels(selector: Any) -> Mapping[str, str] | str:
    """Gives a selector as the labels it asks for; a text says why that is not possible."""
    if not isinstance(selector, Mapping):
        return {}
    labels = dict(selector.get("matchLabels") or {})
    for row in selector.get("matchExpressions") or ():
        operator, values = row.get("operator"), row.get("values") or []
        if operator == "In":
            if len(values) != 1:
                return f"`In` with {len(values)} values"
            labels[row.get("key")] = values[0]
        else:
            return f"operator '{str(operator)[:40]}'"
    return labels
