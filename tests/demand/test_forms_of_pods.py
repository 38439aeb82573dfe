"""Pods ask for GPUs in many ways, and labels and sizes may be forged: nothing of it makes a count smaller."""

import pytest

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"


def deployment(pod, token="kubernetes:apps/v1:Deployment"):
    spec = {"replicas": 10, "template": {"spec": pod}}
    return demands([Resource("urn:d", token, "d", None, {"metadata": {"name": "d"}, "spec": spec})])


def asking(resources):
    return {"containers": [{"name": "c", "resources": {"limits": resources}}]}


@pytest.mark.parametrize(
    ("pod", "held"),
    [
        pytest.param(asking({"nvidia.com/gpu": 8}), 80, id="GPUs of NVIDIA"),
        pytest.param(asking({"amd.com/gpu": "8"}), 80, id="GPUs of AMD"),
        pytest.param(asking({"nvidia.com/mig-1g.10gb": 2, "nvidia.com/mig-2g.20gb": 1}), 30, id="slices of GPUs"),
        pytest.param({"resources": {"limits": {"nvidia.com/gpu": 8}}, "containers": [{"name": "c"}]}, 80, id="of the whole pod"),
    ],
)
def test_devices(pod, held):
    """Every kind of GPU counts, and what a whole pod asks for."""
    assert [found.gpus.high for found in deployment(pod)] == [held]


def test_claims():
    """A claim of devices may ask for any number of GPUs."""
    pod = {"resourceClaims": [{"name": "gpus", "resourceClaimTemplateName": "eight"}], "containers": [{"name": "c"}]}
    assert [found.gpus for found in deployment(pod)] == [Unknown("its resource claims may ask for GPUs")]


@pytest.mark.parametrize(
    "token",
    ["extensions/v1beta1:Deployment", "apps/v1:DeploymentList", "apps/v1:DeploymentPatch", "ray.io/v1:RayCronJob"],
)
def test_no_form_is_none(token):
    """Another form of a workload is counted or unknown, never none."""
    (found,) = deployment(asking({"nvidia.com/gpu": 8}), f"kubernetes:{token}")
    assert isinstance(found.gpus, Unknown) or found.gpus.high == 80


@pytest.mark.parametrize(
    "size",
    ["Standard\u200b_ND96isr_H100_v5", "NC24ads_A100_v4", "Standard_\uff2e\uff24_of_tomorrow", "standard_nc24ads_a100_v4 "],
)
def test_spelling_of_sizes(size):
    """A size that reads like one with GPUs holds them, or an unknown number."""
    (found,) = demands([Resource("urn:p", "azure-native:containerservice:AgentPool", "p", None, {"vmSize": size, "count": 1})])
    assert isinstance(found.gpus, Unknown) or found.gpus.high > 0


def test_forged_label():
    """A pool that is labelled as KAITO's for a small Workspace is created, as far as it holds more than the Workspace creates."""
    labels = {
        "karpenter.kaito.sh/managed-by": "kaito",
        "karpenter.kaito.sh/workspace-name": "chat",
        "karpenter.kaito.sh/workspace-namespace": "models",
    }
    needs = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["Standard_ND96isr_H100_v5"]}]
    spec = {"replicas": 100, "template": {"spec": {"requirements": needs}}}
    pool = Resource("urn:n", "kubernetes:karpenter.sh/v1:NodePool", "n", None, {"metadata": {"labels": labels}, "spec": spec})
    work = {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
    metadata = {"name": "chat", "namespace": "models"}
    workspace = Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "w", None, {"metadata": metadata, **work})
    assert [(found.kind, found.bought) for found in demands([pool, workspace])] == [("NodePool", True), ("Workspace", True)]
