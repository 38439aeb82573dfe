"""Labels and requirements of a plain NodePool that the CRD of Karpenter refuses."""

from __future__ import annotations

import pytest

from kaito_iac.planning.karpenter_refusal import karpenter_problems
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

TOLD = "which Karpenter keeps to itself: the API server refuses the object; expected a label of your own [KS261]"


def said(labels, requirements=(), group="karpenter.azure.com"):
    spec = {"nodeClassRef": {"group": group}, "requirements": [{"key": key, "operator": "Exists"} for key in requirements]}
    inputs = {"spec": {"template": {"metadata": {"labels": labels}, "spec": spec}}}
    return [
        one.headline
        for one in karpenter_problems([Resource("urn:np", "kubernetes:karpenter.sh/v1:NodePool", "np", None, inputs)])
    ]


@pytest.mark.parametrize(
    ("key", "azure", "aws"),
    [
        pytest.param("apps", True, True, id="a label of your own"),
        pytest.param("kubernetes.io/hostname", False, False, id="the name of a node"),
        pytest.param("kubernetes.io/arch", True, True, id="another label of Kubernetes"),
        pytest.param("karpenter.sh/capacity-type", True, True, id="the capacity type"),
        pytest.param("karpenter.sh/nodepool", False, False, id="the pool itself"),
        pytest.param("karpenter.sh/anything", False, False, id="a label of Karpenter"),
        pytest.param("karpenter.azure.com/sku-gpu-count", True, True, id="a property of a size"),
        pytest.param("karpenter.azure.com/foo", False, True, id="another label of Karpenter on Azure"),
        pytest.param("kubernetes.azure.com/mode", True, True, id="the mode of nodes"),
        pytest.param("kubernetes.azure.com/foo", False, True, id="another label of AKS"),
        pytest.param("accelerator", False, True, id="a label that AKS sets"),
        pytest.param("karpenter.k8s.aws/instance-family", True, True, id="a property of a size of AWS"),
    ],
)
def test_keys(key, azure, aws):
    """A label and a requirement are refused alike, those of Azure where the nodes are Azure's."""
    for group, taken in (("karpenter.azure.com", azure), ("karpenter.k8s.aws", aws)):
        found = [] if taken else [f"np: spec.template.metadata.labels: {key!r}, {TOLD}"]
        assert said({key: "x"}, group=group) == found
        assert said({}, [key], group) == [one.replace("metadata.labels", "spec.requirements[0].key") for one in found]


def test_what_is_not_known():
    """Labels that are not known are left alone."""
    assert said(Unknown("set by an output")) == []
