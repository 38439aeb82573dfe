"""What no reader knows is an unknown demand, never zero."""

import pytest

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

AKS = Resource("urn:aks", "azure-native:containerservice:ManagedCluster", "aks", None, {"agentPoolProfiles": []})
AUTO = Resource(
    "urn:auto", "azure-native:containerservice:ManagedCluster", "auto", None, {"nodeProvisioningProfile": {"mode": "Auto"}}
)
KAITO = {"chart": "workspace", "repositoryOpts": {"repo": "https://kaito-project.github.io/kaito/charts/kaito"}}


def cluster(*, read=False, **inputs):
    return Resource("urn:aks", AKS.type, "aks", None, {"agentPoolProfiles": [], **inputs}, read=read)


def one(token, inputs=None, **more):
    return Resource("urn:one", token, "one", None, {} if inputs is None else inputs, **more)


CHILD = Resource("urn:cm", "kubernetes:core/v1:ConfigMap", "cm", "urn:one", {})


def told(*stack):
    return [(found.kind, str(found.gpus), found.bought, found.namespace) for found in demands(stack) if found.unread]


@pytest.mark.parametrize(
    ("resource", "reason", "namespace"),
    [
        pytest.param(
            one("kubernetes:helm.sh/v3:Release", {"chart": "vllm", "namespace": "chat"}),
            "what kubernetes:helm.sh/v3:Release installs is not seen",
            "chat",
            id="a release",
        ),
        pytest.param(
            one("kubernetes:helm.sh/v4:Chart", {"chart": "x"}, custom=False, remote=True),
            "what kubernetes:helm.sh/v4:Chart makes is not seen",
            "default",
            id="a chart of the provider",
        ),
        pytest.param(
            one("kubernetes:yaml:ConfigFile", {"file": "x.yaml"}, custom=False),
            "what kubernetes:yaml:ConfigFile installs is not seen",
            "default",
            id="a file",
        ),
        pytest.param(
            one("kubernetes:kustomize/v2:Directory", {"directory": "x"}, custom=False, remote=True),
            "what kubernetes:kustomize/v2:Directory makes is not seen",
            "default",
            id="a folder of kustomize",
        ),
        pytest.param(
            one("eks:index:Cluster", custom=False, remote=True),
            "what eks:index:Cluster makes is not seen",
            None,
            id="a component of another package",
        ),
        pytest.param(
            one("azure-native:resources:Deployment", {"properties": {"template": {}}}),
            "azure-native:resources:Deployment is an unknown type",
            None,
            id="a template",
        ),
        pytest.param(
            one("kubernetes:kaito.sh/v1beta1:WorkspacePatch", {"metadata": {"namespace": "chat"}}),
            "kubernetes:kaito.sh/v1beta1:WorkspacePatch is an unknown type",
            "chat",
            id="a kind of a group that creates nodes",
        ),
    ],
)
def test_unread(resource, reason, namespace):
    """A chart, a file, a template, a component of a plugin and a new type hold an unknown number of GPUs, with the reason."""
    assert told(resource) == [(resource.type.rpartition(":")[2], str(Unknown(reason)), True, namespace)]


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param([one("kubernetes:helm.sh/v3:Release", KAITO)], id="the operator's chart"),
        pytest.param([one("kubernetes:core/v1:Secret")], id="a harmless type"),
        pytest.param([one("my:index:Shop", custom=False)], id="a component of the program"),
        pytest.param([one("kubernetes:helm.sh/v3:Release", read=True)], id="what is only looked up"),
        pytest.param(
            [
                one("kubernetes:helm.sh/v3:Chart", custom=False),
                Resource("urn:cm", "kubernetes:core/v1:ConfigMap", "cm", "urn:one", {}),
            ],
            id="a chart whose objects are seen",
        ),
        pytest.param(
            [one("kubernetes:helm.sh/v3:Release", custom=False), CHILD], id="a release that is rendered, whose objects are seen"
        ),
    ],
)
def test_nothing_unread(stack):
    """What is harmless, looked up, or stands for resources that are seen is no demand."""
    assert told(*stack) == []


@pytest.mark.parametrize("kind", ["kubernetes:helm.sh/v3:Release", "runpod:index:Pod", "command:local:Command"])
def test_a_child_shows_nothing_of_what_a_provider_makes(kind):
    """A ConfigMap whose parent is a release or a machine of another package does not make it harmless."""
    assert [kind for kind, *_ in told(one(kind, {"chart": "vllm"}), CHILD)] == [kind.rpartition(":")[2]]


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({**KAITO, "repositoryOpts": {"repo": "https://charts.example.com"}}, id="from elsewhere"),
        pytest.param({**KAITO, "values": {"resources": {"limits": {"nvidia.com/gpu": 8}}}}, id="with GPUs in its values"),
        pytest.param({**KAITO, "valueYamlFiles": ["x"]}, id="with files of values"),
        pytest.param({**KAITO, "chart": Unknown("set by an output")}, id="of an unknown name"),
    ],
)
def test_chart_that_is_not_known(inputs):
    """A chart is known by name, place and values together."""
    assert len(told(one("kubernetes:helm.sh/v3:Release", inputs))) == 1


@pytest.mark.parametrize(
    ("beside", "bought"),
    [
        pytest.param([], True, id="a cluster elsewhere"),
        pytest.param([AKS], False, id="all pools are counted"),
        pytest.param([AUTO], True, id="nodes are provisioned by the cluster"),
        pytest.param([cluster(sku={"name": "automatic"})], True, id="an automatic cluster"),
        pytest.param([cluster(sku={"name": Unknown("set later")})], True, id="a cluster that may be automatic"),
        pytest.param([cluster(aiToolchainOperatorProfile={"enabled": True})], True, id="nodes are provisioned by the add-on"),
        pytest.param([cluster(read=True)], True, id="a cluster that is only looked up"),
        pytest.param([AKS, one("aws:eks/cluster:Cluster")], True, id="a cluster of another cloud beside it"),
        pytest.param([AKS, one("eks:index:Cluster", custom=False)], True, id="a cluster of a component beside it"),
        pytest.param([AKS, one("kubernetes:karpenter.sh/v1:NodePool")], True, id="nodes are provisioned by Karpenter"),
        pytest.param([AKS, one("kubernetes:helm.sh/v3:Release", KAITO)], True, id="nodes are provisioned by KAITO"),
    ],
)
def test_buys_nothing_where_nothing_provisions(beside, bought):
    """A chart in a cluster of the stack whose pools are all counted uses their nodes, and creates none."""
    chart = Resource("urn:chart", "kubernetes:helm.sh/v3:Release", "chart", None, {"chart": "vllm"})
    assert [found[2] for found in told(*beside, chart)] == [bought]


def test_cloud_resources_buy_by_themselves():
    """A template of the cloud may create machines whatever the cluster does."""
    assert [found[2] for found in told(AKS, one("azure-native:resources:Deployment"))] == [True]
