"""KAITO's kinds and the Kubernetes kinds beside them, as they reach the engine."""

import inspect

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.resources.api_key import APIKey
from kaito_iac.resources.gateway_api import Gateway, HTTPRoute
from kaito_iac.resources.istio import DestinationRule, EnvoyFilter
from kaito_iac.resources.kubernetes_object import provider_version, stored, token
from kaito_iac.resources.monitoring import AzurePodMonitor, PodMonitor, PrometheusRule
from kaito_iac.testing import record

META = {"name": "x", "namespace": "ai", "labels": {"team": "ml"}, "annotations": {}}
SENT = {"name": "x", "namespace": "ai", "labels": {"team": "ml"}}


@pytest.mark.parametrize(
    ("make", "type", "fields"),
    [
        pytest.param(
            lambda: kaito.Workspace("x", metadata=META, resource={"labelSelector": {}}, inference={"preset": {"name": "phi-4"}}),
            "kubernetes:kaito.sh/v1beta1:Workspace",
            {"resource": {"labelSelector": {}}, "inference": {"preset": {"name": "phi-4"}}},
            id="Workspace that serves",
        ),
        pytest.param(
            lambda: kaito.Workspace("x", metadata=META, resource={"labelSelector": {}}, tuning={"method": "lora"}),
            "kubernetes:kaito.sh/v1beta1:Workspace",
            {"resource": {"labelSelector": {}}, "tuning": {"method": "lora"}},
            id="Workspace that tunes",
        ),
        pytest.param(
            lambda: kaito.InferenceSet("x", metadata=META, spec={"replicas": 2}),
            "kubernetes:kaito.sh/v1beta1:InferenceSet",
            {"spec": {"replicas": 2}},
            id="InferenceSet",
        ),
        pytest.param(
            lambda: kaito.RAGEngine("x", metadata=META, spec={"embedding": {"local": {"modelID": "a/b"}}}),
            "kubernetes:kaito.sh/v1beta1:RAGEngine",
            {"spec": {"embedding": {"local": {"modelID": "a/b"}}}},
            id="RAGEngine",
        ),
        pytest.param(
            lambda: kaito.ModelMirror("x", metadata=META, spec={"mode": "Static"}),
            "kubernetes:kaito.sh/v1alpha1:ModelMirror",
            {"spec": {"mode": "Static"}},
            id="ModelMirror",
        ),
        pytest.param(
            lambda: kaito.MultiRoleInference("x", metadata=META, spec={"roles": []}),
            "kubernetes:kaito.sh/v1alpha1:MultiRoleInference",
            {"spec": {"roles": []}},
            id="MultiRoleInference",
        ),
        pytest.param(
            lambda: kaito.ConfigMap("x", metadata=META, data={"a.yaml": "b: 1\n"}),
            "kubernetes:core/v1:ConfigMap",
            {"data": {"a.yaml": "b: 1\n"}},
            id="ConfigMap",
        ),
        pytest.param(
            lambda: kaito.ScaledObject("x", metadata=META, spec={"maxReplicaCount": 2}),
            "kubernetes:keda.sh/v1alpha1:ScaledObject",
            {"spec": {"maxReplicaCount": 2}},
            id="ScaledObject",
        ),
        pytest.param(
            lambda: kaito.Service("x", metadata=META, spec={"type": "ClusterIP"}),
            "kubernetes:core/v1:Service",
            {"spec": {"type": "ClusterIP"}},
            id="Service",
        ),
        pytest.param(
            lambda: AzurePodMonitor("x", metadata=META, spec={"selector": {}}),
            "kubernetes:azmonitoring.coreos.com/v1:PodMonitor",
            {"spec": {"selector": {}}},
            id="PodMonitor of Azure Monitor",
        ),
        pytest.param(
            lambda: kaito.PersistentVolumeClaim("x", metadata=META, spec={"accessModes": ["ReadWriteOnce"]}),
            "kubernetes:core/v1:PersistentVolumeClaim",
            {"spec": {"accessModes": ["ReadWriteOnce"]}},
            id="PersistentVolumeClaim",
        ),
        *(
            pytest.param(
                lambda kind=kind: kind("x", metadata=META, spec={"a": 1}),
                f"kubernetes:{of}:{kind.__name__}",
                {"spec": {"a": 1}},
                id=kind.__name__,
            )
            for kind, of in (
                (Gateway, "gateway.networking.k8s.io/v1"),
                (HTTPRoute, "gateway.networking.k8s.io/v1"),
                (DestinationRule, "networking.istio.io/v1"),
                (EnvoyFilter, "networking.istio.io/v1alpha3"),
                (APIKey, "kaito.sh/v1alpha1"),
                (PodMonitor, "monitoring.coreos.com/v1"),
                (PrometheusRule, "monitoring.coreos.com/v1"),
            )
        ),
    ],
)
@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_kind(make, type, fields, preview):
    """An object goes to the kubernetes provider of the installed version, with its fields beside the metadata."""
    resource = record(make, preview=preview).by_name("x")
    group_version, _, kind = type.removeprefix("kubernetes:").rpartition(":")
    assert resource.type == type
    assert resource.inputs == {
        "apiVersion": group_version.removeprefix("core/"),
        "kind": kind,
        "metadata": SENT,
        **fields,
    }
    assert resource.options.version == provider_version()


def test_workspace_is_replaced_where_kaito_refuses_a_change():
    """A change of what KAITO keeps fixed replaces the Workspace; the caller's own options are kept beside."""
    options = pulumi.ResourceOptions(replace_on_changes=["metadata.annotations"], protect=True)
    made = record(lambda: kaito.Workspace("x", metadata=META, resource={}, opts=options)).by_name("x").options
    assert made.replace_on_changes == (*kaito.Workspace.immutable, "metadata.annotations")
    assert made.protect is True
    assert options.replace_on_changes == ["metadata.annotations"]


def test_status_is_an_output():
    """The status that a controller writes later can be read by the program; before that it is None."""
    seen = []

    def program():
        made = kaito.Workspace("x", metadata=META, resource={})
        made.status.apply(seen.append)

    record(program, preview=False)
    assert seen == [None]


@pytest.mark.parametrize(
    ("api_version", "kind", "expected"),
    [
        ("v1", "ConfigMap", "kubernetes:core/v1:ConfigMap"),
        ("kaito.sh/v1beta1", "Workspace", "kubernetes:kaito.sh/v1beta1:Workspace"),
    ],
)
def test_token(api_version, kind, expected):
    """Kinds of the core group have `core` in their type."""
    assert token(api_version, kind) == expected


def test_empty_maps_are_not_sent():
    """The API server stores no empty labels, so none are sent; values that are known later are."""

    def program() -> None:
        later = pulumi.Output.from_input({})
        found = stored({"name": "x", "labels": {}, "annotations": {"a": "b"}, "other": later})
        assert found == {"name": "x", "annotations": {"a": "b"}, "other": later}

    record(program)


def test_first_parameter_of_every_resource() -> None:
    """The first parameter of every resource class is called resource_name, as in pulumi-kubernetes and azure-native."""
    public = [getattr(kaito, name) for name in kaito.__all__]
    classes = [found for found in public if isinstance(found, type) and issubclass(found, pulumi.Resource)]
    assert len(classes) > 20
    assert {tuple(inspect.signature(one.__init__).parameters)[:2] for one in classes} == {("self", "resource_name")}
