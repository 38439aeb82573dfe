"""v1alpha1 becomes v1beta1 only where that means the same."""

from __future__ import annotations

import pytest

from kaito_iac.convert.decide import KINDS
from kaito_iac.convert.older import differs, moved

SIZE = {"instanceType": "Standard_NC24ads_A100_v4"}
DEFAULT = "instanceType: missing: v1alpha1 fills in Standard_NC24ads_A100_v4, v1beta1 nothing; expected a VM size [KS353]"
SECRET = {"preset": {"presetOptions": {"modelAccessSecret": "hf"}}}


@pytest.mark.parametrize(
    ("kind", "version", "data", "why"),
    [
        pytest.param("Workspace", "v1alpha1", {"resource": SIZE}, None, id="the same fields"),
        pytest.param("RAGEngine", "v1alpha1", {"spec": {"compute": SIZE}}, None, id="the same fields of a RAG engine"),
        pytest.param("InferenceSet", "v1alpha1", {"spec": {"template": {"resource": SIZE}}}, None, id="the same fields of a set"),
        pytest.param("Workspace", "v1alpha1", {"resource": {}}, f"resource.{DEFAULT}", id="a default that is gone"),
        pytest.param("InferenceSet", "v1alpha1", {"spec": 5}, f"spec.template.resource.{DEFAULT}", id="a wrong type"),
        pytest.param(
            "Workspace",
            "v1alpha1",
            {"resource": {**SIZE, "partition": {"mode": "mig"}}},
            "resource.partition: ignored at v1alpha1, and read at v1beta1 [KS353]",
            id="a field that was dropped",
        ),
        pytest.param(
            "Workspace",
            "v1alpha1",
            {"resource": SIZE, "inference": SECRET},
            "inference.preset.presetOptions.modelAccessSecret: ignored at v1alpha1, and read at v1beta1 [KS353]",
            id="a secret that was dropped",
        ),
        pytest.param(
            "RAGEngine",
            "v1alpha1",
            {"spec": {"compute": SIZE, "storage": {"mountPath": "/mnt"}}},
            "spec.storage.mountPath: a field that v1beta1 does not have [KS353]",
            id="a field that is gone",
        ),
        pytest.param(
            "Workspace",
            "v1",
            {"resource": SIZE},
            "apiVersion: kaito.sh/v1; expected kaito.sh/v1beta1, the version of kaito.Workspace [KS353]",
            id="a version that is not served",
        ),
        pytest.param(
            "ModelMirror",
            "v1beta1",
            {"spec": {}},
            "apiVersion: kaito.sh/v1beta1; expected kaito.sh/v1alpha1, the version of kaito.ModelMirror [KS353]",
            id="a kind without v1beta1",
        ),
    ],
)
def test_versions(kind, version, data, why):
    """The reason, or nothing where the object is converted."""
    found = differs(kind, f"kaito.sh/{version}", KINDS[kind].version, data)
    assert (found and found.headline) == why


@pytest.mark.parametrize(
    ("storage", "new"),
    [
        pytest.param({"persistentVolumeClaim": "docs"}, {"persistentVolume": {"persistentVolumeClaim": "docs"}}, id="a claim"),
        pytest.param(
            {"persistentVolumeClaim": "docs", "mountPath": "/mnt/a"},
            {"persistentVolume": {"persistentVolumeClaim": "docs", "mountPath": "/mnt/a"}},
            id="a claim and its path",
        ),
        pytest.param({"mountPath": "/mnt/a"}, None, id="a path of nothing"),
        pytest.param({"persistentVolume": {"persistentVolumeClaim": "docs"}}, None, id="fields of v1beta1"),
    ],
)
def test_volume_of_a_rag_engine(storage, new):
    """The claim of v1alpha1 is inside persistentVolume at v1beta1, where KAITO's conversion puts it."""
    data = {"spec": {"compute": {"instanceType": "a"}, "storage": storage}}
    found = moved("RAGEngine", "kaito.sh/v1alpha1", data)
    assert found == ({} if new is None else {"spec": {"compute": {"instanceType": "a"}, "storage": new}})
    assert moved("RAGEngine", "kaito.sh/v1beta1", data) == {}
