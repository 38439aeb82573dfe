"""Protection and taints of pools are judged alike, whatever makes the pool."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules import pool_replacement, pool_taints, taint_mismatch
from kaito_iac.stack.resource import Options, Resource

A100, LABELS = "Standard_NC24ads_A100_v4", {"apps": "gpu"}
LATER = Unknown("set by an output")
BAD = {"key": "dedicated", "value": "ml", "effect": "NoSchedule"}
GOOD = {"key": "sku", "value": "gpu", "effect": "NoSchedule"}
ONE_SIZE = {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [A100]}


def karpenter(*taints, needs=(ONE_SIZE,), protect=False):
    template = {"metadata": {"labels": LABELS}, "spec": {"requirements": list(needs), "taints": list(taints)}}
    inputs, options = {"spec": {"template": template}}, Options(protect=protect)
    return Resource("urn:k", "kubernetes:karpenter.sh/v1:NodePool", "karp", None, inputs, options=options)


def node_group(*taints, size="p4d.24xlarge", protect=False):
    listed = [{**taint, "effect": "NO_SCHEDULE"} for taint in taints]
    inputs = {"instanceTypes": [size], "labels": LABELS, "taints": listed}
    return Resource("urn:e", "aws:eks/nodeGroup:NodeGroup", "group", None, inputs, options=Options(protect=protect))


def inline(*taints, protect=False):
    written = [f"{taint['key']}={taint['value']}:{taint['effect']}" for taint in taints]
    profile = {"name": "gpu", "vmSize": A100, "nodeLabels": LABELS, "nodeTaints": written}
    inputs, token = {"agentPoolProfiles": [profile]}, "azure-native:containerservice:ManagedCluster"
    return Resource("urn:a", token, "aks", None, inputs, options=Options(protect=protect))


def classic(*taints, protect=False):
    written = [f"{taint['key']}={taint['value']}:{taint['effect']}" for taint in taints]
    inputs = {"vmSize": A100, "nodeLabels": LABELS, "nodeTaints": written}
    token = "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool"
    return Resource("urn:c", token, "old", None, inputs, options=Options(protect=protect))


def workspace():
    work = {"resource": {"labelSelector": {"matchLabels": LABELS}}, "inference": {"preset": {"name": "phi-4"}}}
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, work)


SOURCES = [
    pytest.param(karpenter, "karp", "spec.template.spec.taints", id="Karpenter"),
    pytest.param(node_group, "group", "taints", id="EKS"),
    pytest.param(inline, "aks: agentPoolProfiles[0]", "agentPoolProfiles[0].nodeTaints", id="inside a cluster"),
    pytest.param(classic, "old", "nodeTaints", id="provider azure"),
]


@pytest.mark.parametrize(("pool", "place", "path"), SOURCES)
def test_protection(told, pool, place, path):
    """A pool under a workload asks for protection."""
    fix = "\n  fix: set protect=True; remove it only when you intend to replace the pool"
    found = [f"{place}: not protected, under chat; expected a protected pool [KO404]{fix}"]
    assert told(pool_replacement.RULE, [pool(), workspace()]) == found
    assert told(pool_replacement.RULE, [pool(protect=True), workspace()]) == []
    assert told(pool_replacement.RULE, [pool()]) == []


@pytest.mark.parametrize(("pool", "place", "path"), SOURCES)
def test_taints(told, pool, place, path):
    """A GPU pool needs the taint that KAITO's pods tolerate, and no other."""
    assert told(pool_taints.RULE, [pool(GOOD)]) == []
    assert told(pool_taints.RULE, [pool()]) == [
        f"{path}: no sku=gpu:NoSchedule: any pod may fill the GPU nodes; expected the taint sku=gpu:NoSchedule [KO407]\n"
        "  fix: add it"
    ]
    assert told(pool_taints.RULE, [pool(GOOD, BAD)]) == [
        f"{path}[1]: dedicated=ml:NoSchedule, which pods of inference do not tolerate; expected sku=gpu:NoSchedule [KO407]\n"
        "  fix: use the taint that all KAITO pods tolerate"
    ]


@pytest.mark.parametrize(("pool", "place", "path"), SOURCES)
def test_workloads_on_taints(told, pool, place, path):
    """A workload tolerates the taints of the pool it selects."""
    assert told(taint_mismatch.RULE, [pool(GOOD), workspace()]) == []
    assert told(taint_mismatch.RULE, [pool(BAD), workspace()]) == [
        f"chat on {place}: the pool has dedicated=ml:NoSchedule, which pods of inference do not tolerate; "
        "expected sku=gpu:NoSchedule [KO407]\n  fix: give the pool the taint that all tolerate"
    ]


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        pytest.param(node_group(size="m5.large"), [], id="no GPUs"),
        pytest.param(karpenter(needs=[]), [], id="whatever pods need"),
        pytest.param(
            karpenter(needs=[{"key": "karpenter.k8s.aws/instance-gpu-name", "operator": "Exists"}]),
            ["spec.template.spec.taints: no sku=gpu:NoSchedule: any pod may fill the GPU nodes"],
            id="GPUs by requirement",
        ),
        pytest.param(
            karpenter(needs=[{"key": "karpenter.k8s.aws/instance-category", "operator": "In", "values": ["p"]}]),
            ["spec.template.spec.taints: no sku=gpu:NoSchedule: any pod may fill the GPU nodes"],
            id="GPUs by category",
        ),
        pytest.param(
            karpenter(needs=[LATER]),
            ["spec.template.spec.requirements: unknown (set by an output)"],
            id="requirements that are not known",
        ),
        pytest.param(karpenter(LATER), ["spec.template.spec.taints[0]: unknown (set by an output)"], id="a taint not known"),
    ],
)
def test_which_pools_have_gpus(told, pool, said):
    """Pools that take whatever pods need are no GPU pools; those that ask for GPUs are, whatever the size."""
    assert [line.partition("; expected")[0] for line in told(pool_taints.RULE, [pool])] == said
