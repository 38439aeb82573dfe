"""KQ111: a cap on every single resource."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.resource_cap import RULE
from kaito_iac.stack.resource import Resource

SIZE = "Standard_NC24ads_A100_v4"
FIX = "\n  fix: use fewer or smaller nodes"
CHOOSE = "\n  fix: choose another size"
CONFIG = "\n  fix: correct the policy configuration"
LATER = Unknown("set by an output")


def pool(**inputs):
    kind = "azure-native:containerservice:AgentPool"
    return Resource(f"urn:pulumi:dev::shop::{kind}::a100", kind, "a100", None, {"vmSize": SIZE, "count": 4, **inputs})


def workspace(**annotations):
    kind = "kubernetes:kaito.sh/v1beta1:Workspace"
    inputs = {
        "metadata": {"name": "chat", "annotations": annotations},
        "resource": {"instanceType": SIZE},
        "inference": {"preset": {"name": "phi-4"}, "config": "elsewhere"},
    }
    return Resource(f"urn:pulumi:dev::shop::{kind}::chat", kind, "chat", None, inputs)


def karpenter():
    """A pool that may create nodes of two sizes, eight GPUs of them."""
    kind = "kubernetes:karpenter.sh/v1:NodePool"
    needs = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [SIZE, "Standard_NV36ads_A10_v5"]}]
    spec = {"template": {"spec": {"requirements": needs}}, "limits": {"nvidia.com/gpu": "8"}}
    return Resource(f"urn:pulumi:dev::shop::{kind}::k", kind, "k", None, {"metadata": {"name": "k"}, "spec": spec})


@pytest.mark.parametrize(
    ("fact", "settings", "said"),
    [
        pytest.param(pool(), {}, [], id="no cap"),
        pytest.param(pool(), {"maxGpus": 4, "maxNodes": 4}, [], id="exactly the cap"),
        pytest.param(
            pool(),
            {"maxGpus": 3, "maxNodes": 3},
            [
                f"AgentPool 'a100': GPUs: 4; expected at most 3 [KQ111]{FIX}",
                f"AgentPool 'a100': nodes: 4; expected at most 3 [KQ111]{FIX}",
            ],
            id="one above, in both",
        ),
        pytest.param(
            pool(enableAutoScaling=True, maxCount=9),
            {"maxNodes": 4},
            [f"AgentPool 'a100': nodes: 9; expected at most 4 [KQ111]{FIX}"],
            id="an autoscaler at its most",
        ),
        pytest.param(
            pool(),
            {"maxUsdPerMonth": 10000, "region": "eastus"},
            [f"AgentPool 'a100': USD a month: 10,725.16; expected at most 10,000 [KQ111]{FIX}"],
            id="too dear",
        ),
        pytest.param(
            pool(),
            {"maxUsdPerMonth": 10000},
            [
                "AgentPool 'a100': USD a month unknown (price depends on the region: no location is named); "
                "expected at most 10,000 USD a month [KQ111]"
            ],
            id="no region, no price",
        ),
        pytest.param(pool(), {"allowedSizes": ["standard_nc24ADS_a100_v4"]}, [], id="an allowed size in any case"),
        pytest.param(
            pool(),
            {"allowedSizes": ["Standard_NV36ads_A10_v5"], "deniedSizes": [SIZE]},
            [
                f"AgentPool 'a100': {SIZE}; expected one of Standard_NV36ads_A10_v5 [KQ111]{CHOOSE}",
                f"AgentPool 'a100': {SIZE}, a denied size; expected any size that is not denied [KQ111]{CHOOSE}",
            ],
            id="not allowed, and denied",
        ),
        pytest.param(pool(vmSize="Standard_D4s_v5"), {"maxNodes": 0, "allowedSizes": [SIZE]}, [], id="nodes without GPUs"),
        pytest.param(
            pool(vmSize=LATER, count=LATER),
            {"maxGpus": 4, "deniedSizes": [SIZE]},
            [
                "AgentPool 'a100': VM size unknown (set by an output); expected a size the cap can judge [KQ111]",
                "AgentPool 'a100': GPUs unknown (set by an output); expected at most 4 GPUs [KQ111]",
            ],
            id="unknown size and count",
        ),
        pytest.param(
            pool(vmSize=LATER, count=LATER), {"maxGpus": 4, "deniedSizes": [SIZE], "onUnknown": "warn"}, [], id="left alone"
        ),
        pytest.param(
            karpenter(),
            {"maxGpus": 7, "deniedSizes": ["Standard_NV36ads_A10_v5"]},
            [
                f"NodePool 'k': Standard_NV36ads_A10_v5, a denied size; expected any size that is not denied [KQ111]{CHOOSE}",
                f"NodePool 'k': GPUs: 8; expected at most 7 [KQ111]{FIX}",
            ],
            id="a pool of two sizes",
        ),
        pytest.param(
            workspace(),
            {"maxGpus": 4},
            [
                "Workspace 'chat': GPUs unknown (ConfigMap elsewhere with the context is not part of the program); "
                "expected at most 4 GPUs [KQ111]"
            ],
            id="a context that is in another resource",
        ),
        pytest.param(
            workspace(**{"kaito-iac/target-nodes": "5"}),
            {"maxGpus": 4},
            [f"Workspace 'chat': GPUs: 5; expected at most 4 [KQ111]{FIX}"],
            id="nodes that the component counted",
        ),
        pytest.param(
            pool(),
            {"maxGpus": "4", "maxNodes": -1, "allowedSizes": SIZE, "maxNode": 3},
            [
                f"resource-cap.maxGpus: '4'; expected a whole number [KQ111]{CONFIG}",
                f"resource-cap.maxNodes: -1; expected at least 0 [KQ111]{CONFIG}",
                f"resource-cap.allowedSizes: '{SIZE}'; expected a list [KQ111]{CONFIG}",
                "resource-cap.maxNode: an unknown key; expected one of maxGpus, maxNodes, maxUsdPerMonth, allowedSizes, "
                "deniedSizes, region, onUnknown [KQ111]\n  fix: did you mean maxNodes?",
            ],
            id="settings of wrong types",
        ),
    ],
)
def test_resource_cap(fact, settings, said):
    """A resource is held against every cap, as far as it states what it holds."""
    assert [problem.text(indent="") for problem in RULE.judge(fact, settings)] == said


@pytest.mark.parametrize(
    ("kind", "concerned"),
    [
        pytest.param("azure-native:containerservice:AgentPool", True, id="an agent pool"),
        pytest.param("azure-native:containerservice/v20240901:ManagedCluster", True, id="a cluster with a version"),
        pytest.param("kubernetes:kaito.sh/v1beta1:Workspace", True, id="a KAITO kind"),
        pytest.param("kubernetes:karpenter.sh/v1:NodePool", True, id="a Karpenter pool"),
        pytest.param("aws:eks/nodeGroup:NodeGroup", True, id="a node group"),
        pytest.param("kubernetes:core/v1:ConfigMap", False, id="anything else"),
    ],
)
def test_what_it_is_about(kind, concerned):
    """The rule is asked of what may hold nodes, and of nothing else."""
    assert RULE.concerns(kind) is concerned
