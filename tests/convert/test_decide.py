"""What of a manifest is converted, what is left out, and what is kept as it is."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.convert.decide import KINDS, Given, decide, may_be_object
from kaito_iac.convert.unfit import MOST_TEXT
from kaito_iac.problem import Problem
from kaito_iac.stack.pulumi_markers import SIGNATURE, UNKNOWN_TEXT

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own"}, "data": {"a": "b"}}
SERVER = {"uid": "1", "resourceVersion": "2", "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [{}], "generation": 3}
ALL = (
    "ConfigMap, InferenceSet, ModelMirror, MultiRoleInference, PersistentVolumeClaim, RAGEngine, ScaledObject, Service, Workspace"
)
NO_NAME = "metadata.name: missing, or no text; expected a name [KS303]"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def outcome(data: Any) -> Any:
    return decide(Given("a.yaml", 1, data))


def test_what_the_cluster_has_set_is_left_out():
    """Metadata of the server, status and kubectl's note go, and their paths are reported; what the user wrote stays."""
    metadata = {"name": "own", "labels": {"a": "b"}, "annotations": {APPLIED: "{}", "team": "a"}, **SERVER}
    found = outcome({**CONFIG, "metadata": metadata, "status": {"phase": "x"}})
    assert found.arguments == {
        "metadata": {"name": "own", "labels": {"a": "b"}, "annotations": {"team": "a"}},
        "data": {"a": "b"},
    }
    assert found.left_out == ["status", *(f"metadata.{key}" for key in SERVER), f"metadata.annotations.{APPLIED}"]
    assert (found.problem, found.rest) == (None, None)


def test_finalizers_of_controllers_are_left_out():
    """KAITO and Kubernetes set theirs themselves; others stay."""
    set_by_others = ["workspace.finalizer.kaito.sh", "kubernetes.io/pvc-protection"]
    found = outcome({**CONFIG, "metadata": {"name": "own", "finalizers": [*set_by_others, "example.com/mine"]}})
    assert found.arguments["metadata"] == {"name": "own", "finalizers": ["example.com/mine"]}
    assert found.left_out == [f"metadata.finalizers.{one}" for one in set_by_others]
    alone = outcome({**CONFIG, "metadata": {"name": "own", "finalizers": set_by_others}})
    assert alone.arguments["metadata"] == {"name": "own"}


def test_what_a_controller_made_is_not_converted():
    """A replica of an InferenceSet is made again by it; an owner that is no controller changes nothing."""
    owner = {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", "name": "chat", "uid": "1"}
    made = outcome({**CONFIG, "metadata": {"name": "own", "ownerReferences": [{**owner, "controller": True}]}})
    assert made.problem == Problem(
        "KS354",
        "metadata.ownerReferences",
        "InferenceSet chat created the object, and would create it again",
        "an object without a controller",
        "convert InferenceSet chat instead",
    )
    assert made.arguments is None
    assert outcome({**CONFIG, "metadata": {"name": "own", "ownerReferences": [owner]}}).problem is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param([1], "apiVersion: missing: the document is no Kubernetes object; expected a text [KS303]", id="no mapping"),
        pytest.param(
            {"apiVersion": "v1"},
            "kind: missing: the document is no Kubernetes object; expected a text [KS303]",
            id="no kind",
        ),
        pytest.param(
            {**CONFIG, "kind": "Pod"}, f"kind: kaito_iac has no class for v1 Pod; expected {ALL} [KS352]", id="another kind"
        ),
        pytest.param(
            {**CONFIG, "apiVersion": "x.io/v1"},
            f"kind: kaito_iac has no class for x.io/v1 ConfigMap; expected {ALL} [KS352]",
            id="the kind of another group",
        ),
        pytest.param(
            {**CONFIG, "apiVersion": "v2"},
            "apiVersion: v2; expected v1, the version of kaito.ConfigMap [KS353]",
            id="another version",
        ),
        pytest.param({**CONFIG, "metadata": {}}, NO_NAME, id="no name"),
        pytest.param({**CONFIG, "metadata": {"name": 5}}, NO_NAME, id="a name that is no text"),
        pytest.param({**CONFIG, "metadata": "own"}, NO_NAME, id="metadata that is no mapping"),
        pytest.param(
            {**CONFIG, "data": None},
            "data: missing; expected a mapping, which kaito.ConfigMap requires [KS303]",
            id="a field that is missing",
        ),
        pytest.param({**CONFIG, "data": "a"}, "data: 'a'; expected a mapping [KS303]", id="a field of a wrong type"),
        pytest.param(
            {**CONFIG, "data": {"a": 2**60}},
            f"data.a: {2**60} is a number that Pulumi rounds; expected a number up to 2^53, or a text [KS350]",
            id="a long number",
        ),
        pytest.param(
            {**CONFIG, "data": {"a": UNKNOWN_TEXT}},
            "data.a: a text that Pulumi reads as an unknown value; expected another text [KS350]",
            id="a sentinel",
        ),
        pytest.param(
            {**CONFIG, "data": {SIGNATURE: "a"}},
            "data: a key that Pulumi reserves for itself; expected another key [KS350]",
            id="a signature",
        ),
        pytest.param(
            {**CONFIG, "data": {"a": ["\ud800"]}},
            "data.a[0]: text that is not Unicode; expected valid Unicode [KS350]",
            id="half a character",
        ),
    ],
)
def test_not_converted(data, why):
    """What no class takes unchanged is kept whole, with the reason."""
    found = outcome(data)
    assert (found.problem.headline, found.arguments) == (why, None)
    assert found.rest is not None


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "cGFzcw=="}}, id="Secret"),
        pytest.param({"kind": "secret", "data": {"a": "cGFzcw=="}}, id="Secret, sloppily"),
        pytest.param({"kind": "Template", "objects": [{"apiVersion": "v1", "kind": "Secret"}]}, id="template with a Secret"),
        pytest.param({**CONFIG, "stringData": {"a": "pass"}}, id="plain text of a Secret"),
        pytest.param(
            {"apiVersion": "v1", "kind": "SecretList", "items": [{"metadata": {"name": "s"}, "data": {"a": "cGFzcw=="}}]},
            id="list of Secrets, as the API gives it",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "List", "items": [{"type": "Opaque", "data": {"a": "cGFzcw=="}}]},
            id="Secret without a kind",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "Config", "clusters": [], "users": [{"name": "a", "user": {"token": "t"}}]},
            id="kubeconfig",
        ),
    ],
)
def test_secrets_are_never_kept(data):
    """A Secret is reported and nothing of it is kept."""
    found = outcome(data)
    assert found.problem == Problem(
        "KS351",
        "",
        "contains a Secret or credentials, which are never written into a program",
        fix="keep it in the cluster, and give its name to the component (access_secret, push_secret)",
    )
    assert (found.arguments, found.rest) == (None, None)


def test_references_to_secrets_are_no_secrets():
    """An object that names a Secret is converted."""
    spec = {"model": {"name": "phi-4"}, "volumes": [{"kind": "Secret", "name": "hf"}]}
    data = {"apiVersion": "kaito.sh/v1alpha1", "kind": "MultiRoleInference", "metadata": {"name": "m"}, "spec": spec}
    assert outcome(data).problem is None


def test_fields_that_a_class_does_not_take():
    """The rest of the object is converted, the field is kept beside it."""
    found = outcome({**CONFIG, "immutable": True, "binaryData": None})
    said = "immutable: kaito.ConfigMap has no such argument; expected metadata, data [KS355]"
    assert (found.problem.headline, found.rest) == (said, {"immutable": True})
    assert found.arguments == {"metadata": {"name": "own"}, "data": {"a": "b"}}


def test_anchors_that_grow_are_stopped():
    """A text that is used often enough to fill the memory is not written at all."""
    found = outcome({**CONFIG, "data": {"a": ["x" * 2**16] * 2**12}})
    said = f": more than {MOST_TEXT} characters, anchors counted as often as they are used [KS350]"
    assert found.problem.headline == said
    assert (found.arguments, found.rest) == (None, None)


def test_unreadable():
    """What could not be read says why."""
    said = ": cannot be read: no YAML; expected YAML or JSON that kubectl reads [KS302]"
    assert decide(Given("a.yaml", 3, None, "no YAML")).problem.headline == said


def test_kinds_are_the_public_classes():
    """Every public resource class is here, with the version it registers and the fields it takes."""
    import inspect

    import kaito_iac as kaito
    from kaito_iac.resources.kubernetes_object import KubernetesObject

    public = {
        name for name in kaito.__all__ if inspect.isclass(made := getattr(kaito, name)) and issubclass(made, KubernetesObject)
    }
    assert set(KINDS) == public
    for name, kind in KINDS.items():
        made = getattr(kaito, name)
        assert list(inspect.signature(made).parameters) == ["resource_name", "metadata", kind.needed, *kind.optional, "opts"]
        assert f'"{kind.version}", "{name}"' in inspect.getsource(made)


def test_everything_under_spec_is_lifted():
    """A Workspace whose fields stand under spec is converted as it was meant, and the note says so."""
    body = {"resource": {"instanceType": "Standard_NC24ads_A100_v4"}, "inference": {"preset": {"name": "phi-4"}}}
    found = outcome({"apiVersion": "kaito.sh/v1alpha1", "kind": "Workspace", "metadata": {"name": "chat"}, "spec": body})
    assert (found.problem, found.arguments) == (None, {"metadata": {"name": "chat"}, **body})
    assert found.notes == [
        "the fields under spec are moved one level up: a Workspace has no spec",
        "kaito.sh/v1alpha1 becomes kaito.sh/v1beta1, which stores the same",
    ]


@pytest.mark.parametrize(
    ("data", "may"),
    [
        pytest.param({"name": "infra", "runtime": "python"}, False, id="a Pulumi.yaml"),
        pytest.param({"kind": "Workspace"}, True, id="an object without a version"),
        pytest.param([CONFIG], True, id="a list of objects, which kubectl refuses"),
        pytest.param({"type": "Opaque", "data": {"a": "cGFzcw=="}}, True, id="a Secret without a kind"),
    ],
)
def test_other_files_are_no_objects(data, may):
    """A mapping with neither apiVersion nor kind is passed over, unless it holds a Secret."""
    assert may_be_object(data) is may
