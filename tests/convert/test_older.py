"""v1alpha1 becomes v1beta1 only where that means the same."""

from __future__ import annotations

import pytest

from kaito_iac.convert.older import differs

SIZE = {"instanceType": "Standard_NC24ads_A100_v4"}
DEFAULT = "instanceType is missing: v1alpha1 puts Standard_NC24ads_A100_v4 there, v1beta1 nothing"
SECRET = {"preset": {"presetOptions": {"modelAccessSecret": "hf"}}}


@pytest.mark.parametrize(
    ("kind", "version", "data", "why"),
    [
        pytest.param("Workspace", "v1alpha1", {"resource": SIZE}, "", id="the same fields"),
        pytest.param("RAGEngine", "v1alpha1", {"spec": {"compute": SIZE}}, "", id="the same fields of a RAG engine"),
        pytest.param("InferenceSet", "v1alpha1", {"spec": {"template": {"resource": SIZE}}}, "", id="the same fields of a set"),
        pytest.param("Workspace", "v1alpha1", {"resource": {}}, f"resource.{DEFAULT}", id="a default that is gone"),
        pytest.param("InferenceSet", "v1alpha1", {"spec": 5}, f"spec.template.resource.{DEFAULT}", id="a wrong type"),
        pytest.param(
            "Workspace",
            "v1alpha1",
            {"resource": {**SIZE, "partition": {"mode": "mig"}}},
            "resource.partition does nothing at v1alpha1, and would at v1beta1",
            id="a field that was dropped",
        ),
        pytest.param(
            "Workspace",
            "v1alpha1",
            {"resource": SIZE, "inference": SECRET},
            "inference.preset.presetOptions.modelAccessSecret does nothing at v1alpha1, and would at v1beta1",
            id="a secret that was dropped",
        ),
        pytest.param(
            "RAGEngine",
            "v1alpha1",
            {"spec": {"compute": SIZE, "storage": {"mountPath": "/mnt"}}},
            "v1beta1 does not have spec.storage.mountPath",
            id="a field that is gone",
        ),
        pytest.param("Workspace", "v1", {"resource": SIZE}, "kaito.Workspace is not kaito.sh/v1", id="a version nobody serves"),
        pytest.param(
            "ModelMirror", "v1beta1", {"spec": {}}, "kaito.ModelMirror is not kaito.sh/v1beta1", id="a kind without v1beta1"
        ),
    ],
)
def test_versions(kind, version, data, why):
    """The reason, or nothing where the object is converted."""
    assert differs(kind, f"kaito.sh/{version}", data) == why
