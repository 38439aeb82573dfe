"""Warnings of nodes that may be spot."""

from __future__ import annotations

import pytest

from kaito_iac.catalog.judged_release import judging_by
from kaito_iac.demand.stack import demands
from kaito_iac.planning.spot_note import spot_problems
from kaito_iac.stack.resource import Resource

SIZE = "Standard_NC24ads_A100_v4"
NEED = {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [SIZE]}


def pool(*needs):
    spec = {"replicas": 1, "template": {"spec": {"requirements": [NEED, *needs]}}}
    return Resource("urn:pool", "kubernetes:karpenter.sh/v1:NodePool", "pool", None, {"spec": spec})


def said(*resources):
    return [f"{problem.severity}: {problem.headline} / {problem.fix}" for problem in spot_problems(demands(resources))]


def test_a_pool_that_leaves_the_capacity_type_open():
    """Karpenter has no default: without a requirement it takes spot where it is cheaper."""
    assert said(pool()) == [
        "warning: pool: may run on spot nodes, which the cloud takes away at short notice: no requirement names "
        "karpenter.sh/capacity-type, or it allows both; expected nodes on demand, or spot by your choice [KS280]"
        " / add a requirement: karpenter.sh/capacity-type In on-demand"
    ]


def test_a_pool_that_says():
    """A pool of one capacity type is what its author chose."""
    assert said(pool({"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"]})) == []
    assert said(pool({"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot"]})) == []


def test_nodes_that_karpenter_makes_for_kaito():
    """KAITO 0.12 writes no capacity type, and workloads have no word for it."""
    inputs = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4"}}}
    chat = Resource("urn:chat", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, inputs)
    operator = Resource("urn:operator", "kaito-iac:index:KaitoOperator", "operator", None, {"provisioner": "karpenter"})
    assert said(operator, chat) == [
        "warning: chat: may run on spot nodes, which the cloud takes away at short notice: KAITO 0.12 leaves the capacity type"
        " to Karpenter; expected nodes on demand, or spot by your choice [KS280]"
        " / run it on a GpuNodePool of kind 'karpenter', which requests nodes on demand"
    ]
    assert said(chat) == []


@pytest.mark.parametrize(
    ("annotations", "spot"),
    [
        pytest.param({}, False, id="on demand by default"),
        pytest.param({"kaito.sh/capacity-type": "spot"}, True, id="spot by the annotation"),
        pytest.param({"kaito.sh/capacity-type": "on-demand"}, False, id="on demand by the annotation"),
    ],
)
def test_nodes_that_karpenter_makes_for_a_later_kaito(annotations, spot):
    """From KAITO 0.13 on nodes are on demand unless the annotation says spot (kaito PR 2327)."""
    operator = Resource("urn:operator", "kaito-iac:index:KaitoOperator", "operator", None, {"provisioner": "karpenter"})
    served = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4"}}}
    chat = Resource(
        "urn:c", "kubernetes:kaito.sh/v1beta1:Workspace", "c", None, {"metadata": {"annotations": annotations}, **served}
    )
    template = {"metadata": {"annotations": annotations}, **served}
    many = Resource(
        "urn:m", "kubernetes:kaito.sh/v1beta1:InferenceSet", "m", None, {"spec": {"replicas": 1, "template": template}}
    )
    with judging_by("0.13.0-rc.0"):
        assert [demand.spot for demand in demands([operator, chat, many]) if demand.bought] == [spot, spot]
        assert said(operator, chat, many) == []
