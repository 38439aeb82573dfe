"""What has to be in a registry of your own: the images and charts of programs, whole lists."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.planning.images import images, mirrored
from kaito_iac.resources.kubernetes_object import KubernetesObject
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct", "instance_type": A100}
BASE = "mcr.microsoft.com/aks/kaito/kaito-base:0.5.0"
SKOPEO = "mcr.microsoft.com/aks/skopeo:1.14.4-6"
UNKNOWN = pulumi.Output.from_input(pulumi.output.UNKNOWN)


class Release(pulumi.CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("kubernetes:helm.sh/v3:Release", name, inputs)


def kaito_chart(values=None, version="0.12.0", chart="workspace"):
    Release("kaito", chart=chart, version=version, repositoryOpts={"repo": "https://charts.example.com/kaito"}, values=values)


def needed(program):
    found = images(record(program).resources)
    return [item.reference for item in found.needed], [f"{name}: {unknown.reason}" for name, unknown in found.unknown]


CONTROLLER = [
    "https://charts.example.com/kaito/workspace:0.12.0",
    "mcr.microsoft.com/acstor/local-csi-driver:v0.3.0",
    "mcr.microsoft.com/acstor/local-csi-manager:v0.3.0",
    "mcr.microsoft.com/aks/kaito/workspace:0.12.0",
    "mcr.microsoft.com/oss/v2/kubernetes-csi/csi-node-driver-registrar:v2.16.0",
    "mcr.microsoft.com/oss/v2/kubernetes-csi/csi-provisioner:v5.2.0",
    "mcr.microsoft.com/oss/v2/kubernetes-csi/csi-resizer:v1.13.2",
    "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-12",
]
BYO = {
    "featureGates": {"disableNodeAutoProvisioning": True},
    "localCSIDriver": {"useLocalCSIDriver": False},
    "nvidiaDevicePlugin": {"enabled": False},
    "gpu-feature-discovery": {"gfd": {"enabled": False}},
    "image": {"repository": "registry.example.com/kaito/workspace"},
    "presetRegistryName": "registry.example.com/kaito",
}


def adapters():
    kaito.KaitoWorkspace("chat", {**PHI, "adapters": [{"name": "law", "image": "registry.example.com/law:1"}]})


def tuning():
    data, output = {"image": "registry.example.com/data:1"}, {"image": "registry.example.com/law:1", "push_secret": "push"}
    kaito.KaitoTuning("law", {"preset": "phi-4-mini-instruct-qlora", "dataset": data, "output": output})


def pod(image):
    template = {"spec": {"containers": [{"name": "a", "image": image}], "initContainers": [{"name": "b", "image": "busybox"}]}}
    KubernetesObject("own", "apps/v1", "Deployment", {"name": "own"}, {"spec": {"template": template}})


@pytest.mark.parametrize(
    ("program", "references", "unknown"),
    [
        pytest.param(lambda: kaito.KaitoWorkspace("chat", PHI), [BASE], [], id="a served model"),
        pytest.param(adapters, [BASE, SKOPEO, "registry.example.com/law:1"], [], id="adapters out of images"),
        pytest.param(
            tuning,
            [
                "ghcr.io/oras-project/oras:v1.2.2",
                BASE,
                "mcr.microsoft.com/aks/kaito/kaito-phi-4-mini-instruct:0.2.0",
                SKOPEO,
                "mcr.microsoft.com/oss/v2/oras-project/oras:v1.2.3",
                "registry.example.com/data:1",
                "registry.k8s.io/pause:latest",
            ],
            [],
            id="tuning from an image into an image",
        ),
        pytest.param(
            lambda: kaito.KaitoModelMirror("weights", {"preset": "phi-4", "storage_class": "nfs"}),
            ["mcr.microsoft.com/mirror/docker/library/python:3.11-slim"],
            [],
            id="mirror that downloads",
        ),
        pytest.param(
            lambda: kaito.KaitoModelMirror("weights", {"preset": "phi-4", "mode": "static"}), [], [], id="mirror that is there"
        ),
        pytest.param(
            lambda: kaito.KaitoRagEngine("docs", {}), ["mcr.microsoft.com/aks/kaito/kaito-rag-service:0.12.0"], [], id="RAG"
        ),
        pytest.param(
            lambda: pod("registry.example.com/own@sha256:0"), ["busybox", "registry.example.com/own@sha256:0"], [], id="own pods"
        ),
        pytest.param(
            lambda: pod(UNKNOWN),
            ["busybox"],
            ["own: image of a container: known only after the update"],
            id="image that is known later",
        ),
        pytest.param(kaito_chart, CONTROLLER, [], id="KAITO's chart as it comes"),
        pytest.param(
            lambda: (kaito_chart(BYO), kaito.KaitoWorkspace("chat", {**PHI, "instance_type": A100})),
            [
                "https://charts.example.com/kaito/workspace:0.12.0",
                "registry.example.com/kaito/kaito-base:0.5.0",
                "registry.example.com/kaito/workspace:0.12.0",
                "registry.k8s.io/nfd/node-feature-discovery:v0.15.3",
            ],
            [],
            id="chart whose values leave most out and name another registry",
        ),
        pytest.param(
            lambda: (
                kaito_chart({"featureGates": {"gatewayAPIInferenceExtension": True}}),
                kaito.KaitoInferenceSet("chat", PHI),
            ),
            sorted(
                [
                    *CONTROLLER,
                    BASE,
                    "ghcr.io/fluxcd/helm-controller:v1.3.0",
                    "ghcr.io/fluxcd/source-controller:v1.6.2",
                    "mcr.microsoft.com/oss/v2/llm-d/llm-d-router-endpoint-picker:v0.9.0",
                    "oci://ghcr.io/llm-d/charts/llm-d-router-gateway:v0.9.0",
                ]
            ),
            [],
            id="gate that adds Flux and an endpoint picker",
        ),
        pytest.param(
            lambda: kaito_chart(version="0.99.0"),
            ["https://charts.example.com/kaito/workspace:0.99.0"],
            ["kaito: images of chart workspace 0.99.0 are not on record: see `helm template`"],
            id="chart no one described",
        ),
        pytest.param(
            lambda: Release("nap", chart="oci://mcr.microsoft.com/aks/karpenter/karpenter"),
            ["oci://mcr.microsoft.com/aks/karpenter/karpenter"],
            ["nap: images of chart karpenter of an unnamed version are not on record: see `helm template`"],
            id="chart without a version",
        ),
    ],
)
def test_images(program, references, unknown):
    """A program's list holds every image and chart once, and says what it cannot hold."""
    found, untold = needed(program)
    assert sorted(found) == references
    assert untold == unknown


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("mcr.microsoft.com/aks/kaito/workspace:0.12.0", "registry.example.com/kaito/aks/kaito/workspace:0.12.0"),
        ("localhost:5000/own@sha256:0", "registry.example.com/kaito/own@sha256:0"),
        ("python:3.12-slim", "registry.example.com/kaito/python:3.12-slim"),
        ("bitnami/redis:7", "registry.example.com/kaito/bitnami/redis:7"),
        ("oci://ghcr.io/llm-d/charts/router:v0.9.0", "registry.example.com/kaito/llm-d/charts/router:v0.9.0"),
        ("https://charts.example.com/kaito/workspace:0.12.0", "registry.example.com/kaito/kaito/workspace:0.12.0"),
    ],
)
def test_mirrored(reference, place):
    """An image keeps its path and its tag in the registry that mirrors it, whatever host it came from."""
    assert mirrored(reference, "registry.example.com/kaito/") == place
