"""What KAITO admits of sets, RAG engines, mirrors and roles although it cannot work, or means more than it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.admit_workspace import annotation
from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, warning
from kaito_iac.admission.scaler import KEYS, OLD_METRIC_KEYS, metric_found
from kaito_iac.admission.vocabulary import EMBEDDING, KIND_GATES, LEAST_WINDOW, UPGRADE_GATE, VECTOR_STORES
from kaito_iac.catalog.label import SCALER
from kaito_iac.kubernetes.cron import cron_problem, opens
from kaito_iac.kubernetes.document import Unreadable, read_one
from kaito_iac.kubernetes.names import is_image, is_request_uri, scheme_of

_DOWN: Final = frozenset(
    {
        "runtime",
        "enablelb",
        "bypass-resource-checks",
        "performance-mode",
        "use-local-weights",
        "node-image-family",
        "node-class-name",
        "model-streaming",
        "model-mirror-storage-class",
        "streaming-service-account",
    }
)


@warning("KO402", "InferenceSet", "MultiRoleInference", "ModelMirror", child=False)
def somebody_acts_on_it(case: Case) -> Iterator[Found]:
    """The feature gate of the kind is on: without it the object is stored, nobody checks it and nothing happens."""
    gate = KIND_GATES[case.kind]
    if not case.env.gate(gate):
        yield Found(
            "kind",
            f"{case.kind} without the feature gate {gate}: nothing happens",
            f"{gate}=true",
            f"--feature-gate {gate}=true if the operator has it",
            cause=gate,
        )


@warning("KS231", "InferenceSet", child=False)
def limit_is_read(case: Case) -> Iterator[Found]:
    """spec.nodeCountLimit is read by nothing in KAITO 0.12, unless the KEDA scaler takes it for max-replicas."""
    if case.get("spec.nodeCountLimit") is not None and not _scaled(case):
        yield Found("spec.nodeCountLimit", "stored, and read by nothing", "nothing", "limit the replicas")


@warning("KO402", "InferenceSet", child=False)
def upgrades_happen(case: Case) -> Iterator[Found]:
    """spec.autoUpgrade needs the gate enableBaseImageAutoUpgrade."""
    if case.get("spec.autoUpgrade.enabled") is True and not case.env.gate(UPGRADE_GATE):
        yield Found(
            "spec.autoUpgrade.enabled",
            f"without the feature gate {UPGRADE_GATE}: nothing happens",
            "the gate",
            f"--feature-gate {UPGRADE_GATE}=true if the operator has it",
            cause=UPGRADE_GATE,
        )


@warning("KS214", "InferenceSet", child=False)
def surge_needs_room(case: Case) -> Iterator[Found]:
    """Strategy Surge needs the nodes of one more Workspace while it upgrades."""
    if case.get("spec.autoUpgrade.enabled") is True and case.get("spec.autoUpgrade.strategy") == "Surge":
        yield Found(
            "spec.autoUpgrade.strategy", "Surge takes the nodes of one more Workspace while it upgrades", "quota for them"
        )


@warning("KS240", "InferenceSet", child=False)
def window_comes(case: Case) -> Iterator[Found]:
    """The maintenance window falls on a day that exists."""
    text = case.get("spec.autoUpgrade.maintenanceWindow.schedule")
    if isinstance(text, str) and cron_problem(text) is None and not opens(text):
        yield Found("spec.autoUpgrade.maintenanceWindow.schedule", f"'{text[:60]}' names no day that exists", "a day that exists")


@warning("KS232", "InferenceSet", child=False)
def scaling_keys_are_read(case: Case) -> Iterator[Found]:
    """KEDA scaling by annotation has the keys of scaler 0.6: the old metricName and threshold are ignored."""
    for key, value in sorted(case.annotations.items()):
        if key.startswith(SCALER) and key.removeprefix(SCALER) not in KEYS:
            yield Found(
                annotation(key),
                "a key that the scaler ignores",
                "scaledobject.kaito.sh/metrics, a YAML list",
                "move it into metrics as name, type, upthreshold and downthreshold",
            )
        if key == f"{SCALER}metrics":
            yield from _metrics(value)


def _metrics(text: str) -> Iterator[Found]:
    try:
        rows = read_one(text[:65536]).data
    except Unreadable:
        rows = None
    if not isinstance(rows, list):
        yield Found(annotation(f"{SCALER}metrics"), "no YAML list", "a list of name, type, upthreshold and downthreshold")
        return
    old = sorted({key for row in rows if isinstance(row, Mapping) for key in row} & set(OLD_METRIC_KEYS))
    if old:
        yield Found(
            annotation(f"{SCALER}metrics"),
            f"the old keys {', '.join(old)}, which the scaler ignores",
            "name, type, upthreshold and downthreshold",
        )
    for row in (row for row in rows if isinstance(row, Mapping)):
        for key, found, accepted in metric_found(row):
            yield Found(annotation(f"{SCALER}metrics"), f"{key} {found}", accepted)


@warning("KS232", "InferenceSet", child=False)
def replicas_are_not_scaled_away(case: Case) -> Iterator[Found]:
    """With KEDA scaling spec.replicas is not kept: the scaler decides, and nothing bounds it without max-replicas."""
    if not _scaled(case):
        return
    written = case.raw.get("spec")
    if isinstance(written, Mapping) and written.get("replicas") is not None:
        yield Found("spec.replicas", "given together with autoscaling: the scaler decides", "no replicas")
    if not case.annotations.get(f"{SCALER}max-replicas") and case.get("spec.nodeCountLimit") is None:
        yield Found("metadata.annotations", "autoscaling without max-replicas", f"{SCALER}max-replicas")


def _scaled(case: Case) -> bool:
    """Tells whether the KEDA scaler of KAITO looks after the replicas."""
    return case.annotations.get(f"{SCALER}auto-provision") == "true"


@warning("KS229", "InferenceSet", child=False)
def annotations_are_passed_down(case: Case) -> Iterator[Found]:
    """Annotations for the Workspaces of a set stand in spec.template.metadata.annotations; on the set itself they do nothing."""
    for key in sorted(case.annotations):
        if key.startswith("kaito.sh/") and key.removeprefix("kaito.sh/") in _DOWN:
            yield Found(
                annotation(key), "on the set itself: not passed down to its Workspaces", "spec.template.metadata.annotations"
            )


@warning("KS233", "InferenceSet", on="update", child=False)
def replicas_follow_the_template(case: Case) -> Iterator[Found]:
    """Edits of the template and the selector are not applied to replicas that exist."""
    assert case.old is not None
    for path in ("spec.template", "spec.labelSelector"):
        if case.get(path) != case.old.get(path):
            yield Found(
                path,
                "changed: replicas that exist keep what they have",
                "a new InferenceSet",
                "replace the set, or scale it to 0 and back",
            )


@warning("KS209", "RAGEngine")
def embedding_is_used(case: Case) -> Iterator[Found]:
    """KAITO 0.12 ignores the embedding: the service always embeds with BAAI/bge-small-en-v1.5."""
    for path, told in (("remote", "a remote embedding"), ("local.modelID", "this model"), ("local.image", "this image")):
        value = case.get(f"spec.embedding.{path}")
        if value and str(value).lower() != EMBEDDING.lower():
            yield Found(
                f"spec.embedding.{path}",
                f"{told} has no effect in KAITO 0.12: it embeds with {EMBEDDING}",
                "",
                f"use local.modelID {EMBEDDING}",
            )


@warning("KS239", "RAGEngine")
def addresses_answer(case: Case) -> Iterator[Found]:
    """Addresses of a RAGEngine are http or https, and there at all."""
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
    """Without storage the index is gone with the pod."""
    storage: Any = case.get("spec.storage")
    if not storage:
        yield Found("spec.storage", "missing: the index is gone with the pod", "persistentVolume or vectorDB")


@warning("KS218", "RAGEngine")
def compute_partition_is_read(case: Case) -> Iterator[Found]:
    """spec.compute.partition is read by nothing."""
    if case.get("spec.compute.partition") is not None:
        yield Found("spec.compute.partition", "read by nothing", "no partition", "remove it")


@warning("KS105", "RAGEngine")
def engine_of_vectors(case: Case) -> Iterator[Found]:
    """spec.storage.vectorDB.engine is faiss or qdrant; nothing checks it."""
    engine = case.get("spec.storage.vectorDB.engine")
    if isinstance(engine, str) and engine not in VECTOR_STORES:
        yield Found("spec.storage.vectorDB.engine", f"'{engine[:40]}'; KAITO does not check it", " or ".join(VECTOR_STORES))
