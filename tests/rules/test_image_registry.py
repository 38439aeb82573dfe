"""KO410: images come from the registries that are allowed."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.image_registry import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
OURS = {"allowed": ["registry.example.com", "mcr.microsoft.com/aks/"]}


def pod(*images):
    containers = [{"name": "c", "image": image} for image in images]
    return Resource(
        "urn:d", "kubernetes:apps/v1:Deployment", "web", None, {"spec": {"template": {"spec": {"containers": containers}}}}
    )


def workspace(**inference):
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, {"inference": inference})


def chart(**values):
    return Resource("urn:c", "kubernetes:helm.sh/v3:Release", "kaito", None, {"chart": "workspace", "values": values})


def adapter(**source):
    return {"source": {"name": "law", **source}}


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(pod("evil.example.com/x:1"), {}, [], id="any registry, as no one restricts them"),
        pytest.param(pod("registry.example.com/team/x:1"), OURS, [], id="an allowed registry"),
        pytest.param(
            pod("registry.example.com.evil.org/x"),
            OURS,
            [
                "spec.template.spec.containers[0].image: registry.example.com.evil.org/x; expected an image of "
                "registry.example.com, mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="one whose name only begins alike",
        ),
        pytest.param(pod("mcr.microsoft.com/aks/kaito/base:1"), OURS, [], id="an allowed path"),
        pytest.param(
            pod("mcr.microsoft.com/aksx/base:1"),
            OURS,
            [
                "spec.template.spec.containers[0].image: mcr.microsoft.com/aksx/base:1; expected an image of "
                "registry.example.com, mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="a path that only begins alike",
        ),
        pytest.param(
            pod("nginx"),
            OURS,
            [
                "spec.template.spec.containers[0].image: nginx; expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="an image of Docker's own registry",
        ),
        pytest.param(
            pod("nginx", "team/x"),
            {"allowed": ["docker.io/library"]},
            [
                "spec.template.spec.containers[1].image: team/x; expected an image of docker.io/library [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="part of Docker's own registry",
        ),
        pytest.param(
            pod("localhost:5000/x", "x:1"),
            {"allowed": ["localhost:5000"]},
            [
                "spec.template.spec.containers[1].image: x:1; expected an image of localhost:5000 [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="a registry with a port",
        ),
        pytest.param(
            workspace(template={"spec": {"containers": [{"image": "a/b"}], "initContainers": [{"image": "c/d"}]}}),
            OURS,
            [
                "inference.template.spec.initContainers[0].image: c/d; expected an image of "
                "registry.example.com, mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry",
                "inference.template.spec.containers[0].image: a/b; expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry",
            ],
            id="a pod of a Workspace",
        ),
        pytest.param(
            workspace(adapters=[adapter(image="ghcr.io/x/y:1"), adapter(volume={})]),
            OURS,
            [
                "inference.adapters[0].source.image: ghcr.io/x/y:1; expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="an adapter",
        ),
        pytest.param(
            Resource(
                "urn:r",
                "kubernetes:kaito.sh/v1beta1:RAGEngine",
                "docs",
                None,
                {"spec": {"embedding": {"local": {"image": "ghcr.io/e:1"}}}},
            ),
            OURS,
            [
                "spec.embedding.local.image: ghcr.io/e:1; expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="an embedding",
        ),
        pytest.param(
            chart(image={"repository": "ghcr.io/kaito/workspace", "tag": "1"}, presetRegistryName="mcr.microsoft.com/aks/kaito"),
            OURS,
            [
                "values.image.repository: ghcr.io/kaito/workspace; expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
                "\n  fix: mirror it into an allowed registry"
            ],
            id="values of a chart",
        ),
        pytest.param(
            chart(image={"registry": "registry.example.com", "repository": "kaito/workspace"}),
            OURS,
            [],
            id="registry and repository",
        ),
        pytest.param(
            pod(LATER),
            OURS,
            [
                "spec.template.spec.containers[0].image: unknown (set by an output); expected an image of "
                "registry.example.com, mcr.microsoft.com/aks/ [KO410]"
            ],
            id="an image that is not known",
        ),
        pytest.param(pod(LATER), {**OURS, "onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(pod(LATER), {}, [], id="one that does not matter"),
        pytest.param(
            workspace(template=LATER),
            OURS,
            [
                "inference.template.spec.image: unknown (set by an output); expected an image of "
                "registry.example.com, mcr.microsoft.com/aks/ [KO410]"
            ],
            id="a pod that is not known",
        ),
        pytest.param(
            workspace(adapters=LATER),
            OURS,
            [
                "inference.adapters: unknown (set by an output); expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
            ],
            id="adapters that are not known",
        ),
        pytest.param(
            chart(image=LATER),
            OURS,
            [
                "values.image: unknown (set by an output); expected an image of registry.example.com, "
                "mcr.microsoft.com/aks/ [KO410]"
            ],
            id="values that are not known",
        ),
        pytest.param(
            pod(7),
            OURS,
            [
                "spec.template.spec.containers[0].image: unknown (it is no text); expected an image of "
                "registry.example.com, mcr.microsoft.com/aks/ [KO410]"
            ],
            id="a number for the image",
        ),
        pytest.param(
            pod("nginx"),
            {"allowed": "docker.io"},
            ["image-registry.allowed: 'docker.io'; expected a list [KO410]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_image_registry(told, resources, settings, said):
    """Every image of a pod, an adapter, an embedding or a chart's values is in an allowed registry."""
    assert told(RULE, [resources], settings) == said
