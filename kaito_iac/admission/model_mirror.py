"""What KAITO refuses of a ModelMirror."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, rule
from kaito_iac.kubernetes.quantity import is_quantity


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
