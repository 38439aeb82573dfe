"""What KAITO refuses of an InferenceSet, a RAGEngine, a ModelMirror and a MultiRoleInference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.admit_workspace import as_labels, selector_kept, size_given, size_kept
from kaito_iac.admission.case import Case, admitted_size, known_cloud
from kaito_iac.admission.rule import Found, rule
from kaito_iac.kubernetes.cron import cron_problem, duration_seconds
from kaito_iac.kubernetes.names import is_request_uri
from kaito_iac.kubernetes.types import is_quantity

_IMAGE: Final = re.compile(r"(.+/[^:/]+):([^:/]+)")


@rule("KS309", "InferenceSet")
def set_size_follows_provisioner(case: Case) -> Iterator[Found]:
    """A provisioner needs spec.template.resource.instanceType; own nodes (byo) exclude it."""
    path = "spec.template.resource.instanceType"
    yield from size_given(case.text(path), case.env.byo, path)


@rule("KS225", "InferenceSet")
def window_is_a_schedule(case: Case) -> Iterator[Found]:
    """A maintenance window has a cron schedule of five fields, or a word such as @daily."""
    window = case.get("spec.autoUpgrade.maintenanceWindow")
    if isinstance(window, Mapping) and (told := cron_problem(str(window.get("schedule", "")))):
        yield Found("spec.autoUpgrade.maintenanceWindow.schedule", told, "five cron fields, such as 0 2 * * 6")


@rule("KS225", "InferenceSet")
def window_is_a_duration(case: Case) -> Iterator[Found]:
    """A maintenance window's duration is one as Go writes it, such as 2h30m."""
    text = case.get("spec.autoUpgrade.maintenanceWindow.duration")
    if isinstance(text, str) and duration_seconds(text) is None:
        yield Found("spec.autoUpgrade.maintenanceWindow.duration", f"'{text[:40]}'", "a duration such as 4h or 2h30m")


@rule("KS225", "InferenceSet")
def window_opens(case: Case) -> Iterator[Found]:
    """A maintenance window lasts longer than nothing."""
    text = case.get("spec.autoUpgrade.maintenanceWindow.duration")
    seconds = duration_seconds(text) if isinstance(text, str) else None
    if seconds is not None and seconds <= 0:
        yield Found("spec.autoUpgrade.maintenanceWindow.duration", f"'{str(text)[:40]}'", "a positive duration")


@rule("KS325", "InferenceSet", on="update", versions=("v1beta1",))
def set_partition_stays(case: Case) -> Iterator[Found]:
    """spec.template.resource.partition is immutable."""
    assert case.old is not None
    path = "spec.template.resource.partition"
    if case.get(path) != case.old.get(path):
        yield Found(path, "changed", "what it was: it is immutable")


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
    """The size of compute is in KAITO's table of the cloud; on Azure Standard_N… and Standard_D… are let through."""
    size = case.text("spec.compute.instanceType")
    if case.get("spec.compute") is not None and known_cloud(case.env) and not admitted_size(size, case.env):
        told = f"'{size[:80]}' is no size KAITO 0.12 knows on {case.env.cloud}" if size else "missing"
        yield Found("spec.compute.instanceType", told, "a size from `kaito-iac sizes`, or no compute at all")


@rule("KS312", "RAGEngine")
def compute_selector_is_labels(case: Case) -> Iterator[Found]:
    """The selector of compute has labels, and expressions `In` with exactly one value."""
    told = as_labels(case.get("spec.compute.labelSelector")) if known_cloud(case.env) else ""
    if isinstance(told, str) and told:
        yield Found("spec.compute.labelSelector", told, "matchLabels, or `In` with one value")


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


@rule("KS325", "ModelMirror", on="update")
def mirror_stays(case: Case) -> Iterator[Found]:
    """The spec of a ModelMirror is immutable."""
    assert case.old is not None
    if case.get("spec") != case.old.get("spec"):
        yield Found("spec", "changed", "what it was: it is immutable", "delete the ModelMirror and create another")


def _managed(case: Case) -> bool:
    return case.text("spec.mode") != "Static"


@rule("KS331", "ModelMirror", on="create")
def static_mirror_is_empty(case: Case) -> Iterator[Found]:
    """A static mirror has neither source nor storage."""
    for key in ("source", "storage"):
        if not _managed(case) and case.get(f"spec.{key}") is not None:
            yield Found(f"spec.{key}", "with mode Static", f"no {key}")


@rule("KS331", "ModelMirror", on="create")
def managed_mirror_has_source(case: Case) -> Iterator[Found]:
    """A managed mirror has a source with a model."""
    if _managed(case) and case.get("spec.source") is None:
        yield Found("spec.source", "missing", "registry and modelID")
    elif _managed(case) and not case.text("spec.source.modelID"):
        yield Found("spec.source.modelID", "missing", "organisation/model")


@rule("KS331", "ModelMirror", on="create")
def managed_mirror_has_storage(case: Case) -> Iterator[Found]:
    """A managed mirror has storage with a size, a quantity such as 100Gi, and a StorageClass."""
    if not _managed(case):
        return
    if case.get("spec.storage") is None:
        yield Found("spec.storage", "missing", "size and storageClassName")
        return
    size, name = case.text("spec.storage.size"), case.text("spec.storage.storageClassName")
    if not is_quantity(size):
        yield Found("spec.storage.size", f"'{size[:40]}'" if size else "missing", "a quantity such as 100Gi")
    if not name:
        yield Found("spec.storage.storageClassName", "missing", "a StorageClass of the cluster")


@rule("KS331", "ModelMirror", on="create")
def storage_class_exists(case: Case) -> Iterator[Found]:
    """The StorageClass of a managed mirror is in the cluster."""
    name, cluster = case.text("spec.storage.storageClassName"), case.env.cluster
    if _managed(case) and name and cluster.complete and name not in cluster.storage_classes:
        yield Found("spec.storage.storageClassName", f"StorageClass '{name[:80]}' is not in the cluster", "one that is")


@rule("KS332", "MultiRoleInference", on="create")
def roles_have_a_model(case: Case) -> Iterator[Found]:
    """spec.model.name is not empty."""
    if not case.text("spec.model.name"):
        yield Found("spec.model.name", "empty", "a preset, such as phi-4-mini-instruct")


def roles(case: Case) -> list[Mapping[str, Any]]:
    """Gives the roles."""
    found = case.get("spec.roles")
    return [role for role in found if isinstance(role, Mapping)] if isinstance(found, list) else []


@rule("KS309", "MultiRoleInference")
def role_size_follows_provisioner(case: Case) -> Iterator[Found]:
    """A provisioner needs the instanceType of every role; own nodes (byo) exclude it."""
    for index, role in enumerate(roles(case)):
        yield from size_given(str(role.get("instanceType", "")), case.env.byo, f"spec.roles[{index}].instanceType")


@rule("KS325", "MultiRoleInference", on="update")
def roles_keep_the_model(case: Case) -> Iterator[Found]:
    """spec.model.name is immutable."""
    assert case.old is not None
    if case.text("spec.model.name") != case.old.text("spec.model.name"):
        yield Found(
            "spec.model.name",
            f"'{case.text('spec.model.name')[:80]}'",
            f"'{case.old.text('spec.model.name')[:80]}': it is immutable",
        )
