"""Lines read backwards: which argument says what is at a path of a manifest."""

import pytest

import kaito_iac as kaito
from kaito_iac.kinds.blame import blame, parts

CHAT, SET, LAW = kaito.KaitoWorkspaceArgs, kaito.KaitoInferenceSetArgs, kaito.KaitoTuningArgs
ROLES, DOCS, MIRROR = kaito.KaitoMultiRoleInferenceArgs, kaito.KaitoRagEngineArgs, kaito.KaitoModelMirrorArgs


@pytest.mark.parametrize(
    ("args", "path", "argument"),
    [
        (CHAT, "inference.preset.name", "preset"),
        (CHAT, "inference.preset.presetOptions.modelAccessSecret", "access_secret"),
        (CHAT, "metadata.annotations[kaito.sh/runtime]", "runtime"),
        (CHAT, "metadata.annotations[kaito.sh/bypass-resource-checks]", "annotations.kaito.sh/bypass-resource-checks"),
        (CHAT, "inference.adapters[1].source.image", "adapters[1].image"),
        (CHAT, "inference.adapters[1].source", "adapters[1]"),
        (CHAT, "inference.adapters", "adapters"),
        (CHAT, "inference.template.spec.containers[0].image", "template.spec.containers[0].image"),
        (CHAT, "resource.labelSelector.matchLabels.apps", "node_selector.apps"),
        (CHAT, "resource.partition.profile", "partition.profile"),
        (SET, "spec.template.inference.preset.name", "preset"),
        (SET, "spec.template.metadata.annotations[kaito.sh/runtime]", "runtime"),
        (SET, "spec.template.metadata.annotations[team]", "replica_annotations.team"),
        (SET, "spec.labelSelector.matchLabels.apps", "node_selector.apps"),
        (SET, "metadata.annotations[scaledobject.kaito.sh/metrics]", "autoscale"),
        (SET, "spec.autoUpgrade.maintenanceWindow.schedule", "auto_upgrade.maintenance_window.schedule"),
        (LAW, "tuning.input.urls[2]", "dataset.urls[2]"),
        (LAW, "tuning.output.volumeSource.persistentVolumeClaim.claimName", "output.claim"),
        (LAW, "tuning.output.volumeSource.emptyDir", "output.volume.emptyDir"),
        (ROLES, "spec.roles[1].instanceType", "decode.instance_type"),
        (ROLES, "spec.labelSelector", None),
        (DOCS, "spec.storage.vectorDB.url", "vector_store.url"),
        (DOCS, "spec.storage", "storage"),
        (MIRROR, "spec.storage.storageClassName", "storage_class"),
        (MIRROR, "status.phase", None),
    ],
)
def test_argument_of_a_path(args, path, argument):
    """The argument that says most of the path is found, with what is inside it."""
    assert blame(args, parts(path)) == argument
