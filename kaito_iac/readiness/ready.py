"""When a workload is ready: the condition that its kind sums up in, true for the specification it has now."""

from __future__ import annotations

from typing import Final

from kaito_iac.readiness.snapshot import Thing, condition, conditions, text, whole
from kaito_iac.readiness.target import Own, Target

SUMMARY: Final = {
    "Workspace": "WorkspaceSucceeded",
    "InferenceSet": "InferenceSetReady",
    "RAGEngine": "RAGEngineSucceeded",
    "MultiRoleInference": "Ready",
    "ModelMirror": "Ready",
}
"""Kind to its condition of success (KAITO 0.12); a ModelMirror has its phase besides."""
SETTLE_SECONDS: Final = 30
"""How long a changed RAGEngine is looked at before its condition is believed: its controller does not say for which
specification the condition holds."""


def behind(thing: Thing) -> bool:
    """Return whether the controller has not yet read the last change of the specification."""
    read = [whole(found, "observedGeneration") for found in conditions(thing) if whole(found, "observedGeneration")]
    return bool(read) and max(read) < whole(thing, "metadata", "generation") and "RAGEngine" != thing.get("kind")


def ready(target: Target, own: Own, now: float) -> bool:
    """Return whether the workload is ready."""
    thing = own.thing
    if thing is None or (target.uid and text(thing, "metadata", "uid") != target.uid):
        return False
    if text(thing, "metadata", "deletionTimestamp") or whole(thing, "metadata", "generation") < target.generation:
        return False
    if target.kind == "ModelMirror":
        return text(thing, "status", "phase") == "Ready"
    found = condition(thing, SUMMARY[target.kind])
    if found.get("status") != "True":
        return False
    if target.kind == "RAGEngine":
        return not target.changed or now - target.changed >= SETTLE_SECONDS
    observed = whole(found, "observedGeneration")
    return not observed or observed >= whole(thing, "metadata", "generation")
