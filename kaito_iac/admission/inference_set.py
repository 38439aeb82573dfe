"""What KAITO refuses of an InferenceSet, and what of it has no effect: replicas, scaling, upgrades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from kaito_iac.admission.case import Case, annotation
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.scaler import KEYS, OLD_METRIC_KEYS, meant_key, metric_found, range_found, settings_found, variable
from kaito_iac.admission.vocabulary import UPGRADE_GATE
from kaito_iac.catalog.label import SCALER
from kaito_iac.kubernetes.cron import cron_problem, duration_seconds, opens
from kaito_iac.kubernetes.document import Unreadable, read_one

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
        "capacity-type",
        "enable-speculative-decoding",
    }
)


@rule("KS225", "InferenceSet")
def window_is_a_schedule(case: Case) -> Iterator[Found]:
    """A maintenance window has a cron schedule of five fields, or a word such as @daily."""
    window = case.get("spec.autoUpgrade.maintenanceWindow")
    if isinstance(window, Mapping) and (reason := cron_problem(str(window.get("schedule", "")))):
        yield Found("spec.autoUpgrade.maintenanceWindow.schedule", reason, "five cron fields, such as 0 2 * * 6")


@rule("KS225", "InferenceSet")
def window_is_a_duration(case: Case) -> Iterator[Found]:
    """The duration of a maintenance window is a Go duration, such as 2h30m."""
    text = case.get("spec.autoUpgrade.maintenanceWindow.duration")
    if isinstance(text, str) and duration_seconds(text) is None:
        yield Found("spec.autoUpgrade.maintenanceWindow.duration", f"'{text[:40]}'", "a duration such as 4h or 2h30m")


@rule("KS225", "InferenceSet")
def window_opens(case: Case) -> Iterator[Found]:
    """The duration of a maintenance window is greater than zero."""
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


@warning("KS231", "InferenceSet", child=False)
def limit_is_read(case: Case) -> Iterator[Found]:
    """Only KAITO's scaler for KEDA reads spec.nodeCountLimit, with priority over max-replicas."""
    limit, most = case.number("spec.nodeCountLimit"), case.annotations.get(f"{SCALER}max-replicas")
    if limit is not None and not _scaled(case):
        yield Found("spec.nodeCountLimit", "stored, and read by nothing", "nothing", "limit the replicas")
    elif limit and most:
        message = f"{limit}, of which the scaler makes its maximum: max-replicas {most[:40]} is not read"
        yield Found("spec.nodeCountLimit", message, "one of the two", "remove it")


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
            meant = meant_key(key.removeprefix(SCALER))
            accepted = f"{SCALER}{meant}" if meant else f"{SCALER}metrics, a YAML list"
            fix = f"write {SCALER}{meant}" if meant else "move it into metrics as name, type, upthreshold and downthreshold"
            yield Found(annotation(key), "a key that the scaler ignores", accepted, fix)
        if key == f"{SCALER}metrics" and value.strip():
            yield from _metrics(value)
    if _scaled(case):
        keys = [key.removeprefix(SCALER) for key in case.annotations if key.startswith(SCALER)]
        strange = any(key not in KEYS and meant_key(key) in ("", "metrics") for key in keys)
        refused = (*settings_found(case.annotations), *range_found(case.annotations, case.number("spec.nodeCountLimit")))
        for key, found, accepted in refused:
            if key != "metrics" or not strange:  # what moves there is what is missing
                yield Found(annotation(f"{SCALER}{key}"), found, accepted)


def _metrics(text: str) -> Iterator[Found]:
    try:
        rows = read_one(text[:65536]).data
    except Unreadable:
        rows = None
    if not isinstance(rows, list) or not rows:
        yield Found(
            annotation(f"{SCALER}metrics"),
            "an empty list" if rows == [] else "no YAML list",
            "a list of name, type, upthreshold and downthreshold",
        )
        return
    if any(not isinstance(row, Mapping) for row in rows):
        message = "an entry that is no mapping: the scaler refuses it"
        yield Found(annotation(f"{SCALER}metrics"), message, "a list of name, type, upthreshold and downthreshold")
    old = sorted({key for row in rows if isinstance(row, Mapping) for key in row} & set(OLD_METRIC_KEYS))
    if old:
        yield Found(
            annotation(f"{SCALER}metrics"),
            f"the old keys {', '.join(old)}, which the scaler ignores",
            "name, type, upthreshold and downthreshold",
        )
    for index, row in enumerate(rows):
        for key, found, accepted in metric_found(row) if isinstance(row, Mapping) else ():
            if key not in ("upthreshold", "downthreshold", "type") or not old:
                yield Found(annotation(f"{SCALER}metrics"), f"{key} {found}", accepted, inside=("metrics", index, key))
    names = Counter(variable(str(row["name"])) for row in rows if isinstance(row, Mapping) and row.get("name"))
    for name in (name for name, times in names.items() if times > 1):
        yield Found(annotation(f"{SCALER}metrics"), f"'{name[:60]}' in two metrics: the scaler refuses it", "every metric once")


@warning("KS232", "InferenceSet", child=False)
def replicas_are_not_scaled_away(case: Case) -> Iterator[Found]:
    """With KEDA scaling spec.replicas is not kept: the scaler decides, and without max-replicas there is no limit."""
    if not _scaled(case):
        return
    written = case.raw.get("spec")
    if isinstance(written, Mapping) and written.get("replicas") is not None:
        yield Found("spec.replicas", "given together with autoscaling: the scaler decides", "no replicas")
    if not case.annotations.get(f"{SCALER}max-replicas") and not case.number("spec.nodeCountLimit"):
        yield Found("metadata.annotations", "autoscaling without max-replicas", f"{SCALER}max-replicas")


def _scaled(case: Case) -> bool:
    """Return whether the KEDA scaler of KAITO looks after the replicas."""
    return case.annotations.get(f"{SCALER}auto-provision") == "true"


@warning("KS229", "InferenceSet", child=False)
def annotations_are_passed_down(case: Case) -> Iterator[Found]:
    """Annotations for the Workspaces of a set are in spec.template.metadata.annotations; on the set itself they do nothing."""
    for key in sorted(case.annotations):
        if key.startswith("kaito.sh/") and key.removeprefix("kaito.sh/") in _DOWN:
            yield Found(
                annotation(key), "on the set itself: not passed down to its Workspaces", "spec.template.metadata.annotations"
            )


@warning("KS233", "InferenceSet", on="update", child=False)
def replicas_follow_the_template(case: Case) -> Iterator[Found]:
    """Edits of the template and the selector are not applied to existing replicas."""
    assert case.old is not None
    for path in ("spec.template", "spec.labelSelector"):
        if case.get(path) != case.old.get(path):
            yield Found(
                path,
                "changed: replicas that exist keep what they have",
                "a new InferenceSet",
                "replace the set, or scale it to 0 and back",
            )
