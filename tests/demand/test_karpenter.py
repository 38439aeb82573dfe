"""What Karpenter's node pools hold."""

import pytest

from kaito_iac.demand.demand import EITHER
from kaito_iac.demand.range import Range, over
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"
FOUR = "Standard_NC96ads_A100_v4"
H100 = "Standard_NC40ads_H100_v5"
CPU = "Standard_D4s_v5"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
LATER = Unknown("set by an output")
TYPE = "node.kubernetes.io/instance-type"
NO_LIMITS = Unknown("no limits that bound its nodes")
UNNAMED = Unknown("its requirements name neither sizes, families nor GPUs")


def need(key, *values, operator="In"):
    return {"key": key, "operator": operator, "values": list(values)}


def pool(*needs, metadata=None, **spec):
    inputs = {
        "metadata": {"name": "gpu", **(metadata or {})},
        "spec": {"template": {"spec": {"requirements": list(needs)}}, **spec},
    }
    return Resource("urn:pool", POOL, "pool", None, inputs)


def held(*needs, **spec):
    (found,) = demands([pool(*needs, **spec)], region="eastus")
    return found


ONE = need(TYPE, A100)
TWO = need(TYPE, A100, FOUR)


@pytest.mark.parametrize(
    ("needs", "spec", "nodes", "gpus"),
    [
        pytest.param([ONE], {"limits": {"nvidia.com/gpu": 4}}, Range(0, 0, 4), Range(0, 0, 4), id="a limit of GPUs"),
        pytest.param([need(TYPE, FOUR)], {"limits": {"nvidia.com/gpu": "9"}}, Range(0, 0, 2), Range(0, 0, 8), id="whole nodes"),
        pytest.param([ONE], {"limits": {"cpu": "100"}}, Range(0, 0, 4), Range(0, 0, 4), id="a limit of vCPUs"),
        pytest.param([ONE], {"limits": {"cpu": "0.1k"}}, Range(0, 0, 4), Range(0, 0, 4), id="a quantity with a suffix"),
        pytest.param([ONE], {"limits": {"cpu": "23"}}, Range(0, 0, 0), Range(0, 0, 0), id="less than a node"),
        pytest.param([ONE], {"limits": {"nodes": "3"}}, Range(0, 0, 3), Range(0, 0, 3), id="a limit of nodes"),
        pytest.param(
            [ONE],
            {"limits": {"cpu": 240, "nodes": 5, "nvidia.com/gpu": 2}},
            Range(0, 0, 2),
            Range(0, 0, 2),
            id="the tightest limit",
        ),
        pytest.param([ONE], {}, NO_LIMITS, NO_LIMITS, id="no limits"),
        pytest.param([ONE], {"limits": {"memory": "1Ti"}}, Range(0, 0, 5), Range(0, 0, 5), id="a limit of memory alone"),
        pytest.param([ONE], {"limits": {"cpu": LATER}}, NO_LIMITS, NO_LIMITS, id="a limit that is not known"),
        pytest.param(
            [ONE], {"limits": {"cpu": LATER, "nodes": 3}}, Range(0, 0, 3), Range(0, 0, 3), id="one of two limits is not known"
        ),
        pytest.param([ONE], {"limits": {"cpu": "many"}}, NO_LIMITS, NO_LIMITS, id="a limit that is no quantity"),
        pytest.param([ONE], {"replicas": 3}, Range(3, 3, 3), Range(3, 3, 3), id="static replicas"),
        pytest.param([ONE], {"replicas": 0}, Range(0, 0, 0), Range(0, 0, 0), id="no static replica"),
        pytest.param(
            [ONE], {"replicas": 3, "limits": {"nodes": "5"}}, Range(3, 3, 5), Range(3, 3, 5), id="room to replace static nodes"
        ),
        pytest.param(
            [ONE], {"replicas": 3, "limits": {"nodes": 2}}, Range(3, 3, 3), Range(3, 3, 3), id="a limit below the replicas"
        ),
        pytest.param([ONE], {"replicas": LATER, "limits": {"nodes": 2}}, LATER, LATER, id="replicas that are not known"),
        pytest.param([ONE], {"replicas": 3, "limits": LATER}, LATER, LATER, id="limits of static nodes that are not known"),
        pytest.param([TWO], {"replicas": 2}, Range(2, 2, 2), Range(2, 2, 8), id="two sizes: the cheapest to the dearest way"),
        pytest.param([TWO], {"limits": {"cpu": 96}}, Range(0, 0, 4), Range(0, 0, 4), id="two sizes under one limit"),
        pytest.param([need(TYPE, A100, CPU)], {"replicas": 2}, Range(2, 2, 2), Range(0, 0, 2), id="one size without GPUs"),
        pytest.param([TWO, ONE], {"replicas": 2}, Range(2, 2, 2), Range(2, 2, 2), id="requirements narrow each other"),
        pytest.param(
            [TWO, need(TYPE, FOUR, operator="NotIn")],
            {"replicas": 2},
            Range(2, 2, 2),
            Range(2, 2, 2),
            id="a size that is ruled out",
        ),
        pytest.param(
            [need("karpenter.azure.com/sku-name", FOUR)],
            {"replicas": 1},
            Range(1, 1, 1),
            Range(4, 4, 4),
            id="a size by its sku-name",
        ),
        pytest.param(
            [ONE, need(TYPE, H100)],
            {"replicas": 1},
            Range(1, 1, 1),
            Unknown("no size meets its requirements"),
            id="requirements that exclude each other",
        ),
        pytest.param([], {"replicas": 1}, Range(1, 1, 1), UNNAMED, id="no requirements"),
        pytest.param(
            [need("karpenter.azure.com/sku-family", "NC")],
            {"replicas": 1},
            Range(1, 1, 1),
            Unknown("karpenter.azure.com/sku-family in NC allows sizes that the catalogue does not list"),
            id="a family is many sizes",
        ),
        pytest.param(
            [need("karpenter.azure.com/sku-gpu-manufacturer", "nvidia")],
            {"limits": {"nvidia.com/gpu": 8, "cpu": 99}},
            None,
            Range(0, 0, 8),
            id="GPUs are bounded by their limit, whatever the size",
        ),
        pytest.param(
            [need("karpenter.azure.com/sku-family", "N")],
            {"limits": {"nvidia.com/gpu": 8}},
            None,
            Range(0, 0, 8),
            id="a limit of GPUs alone bounds them",
        ),
        pytest.param([need(TYPE, LATER)], {"replicas": 1}, Range(1, 1, 1), UNNAMED, id="a size that is not known"),
        pytest.param([LATER], {"replicas": 1}, Range(1, 1, 1), LATER, id="a requirement that is not known"),
        pytest.param([LATER, ONE], {"replicas": 1}, Range(1, 1, 1), Range(1, 1, 1), id="what is not known can only narrow"),
        pytest.param(
            [need(TYPE, "Standard_NZ6s_v9")], {"replicas": 1}, Range(1, 1, 1), None, id="a GPU size outside the catalogue"
        ),
    ],
)
def test_node_pool(needs, spec, nodes, gpus):
    """A node pool holds its replicas, else up to its limits, of the sizes that its requirements name."""
    found = held(*needs, **spec)
    outside = Unknown("Standard_NZ6s_v9 is a GPU size that is not in the catalogue")
    assert (found.kind, found.gpus) == ("NodePool", outside if gpus is None else gpus)
    assert found.nodes == nodes if nodes is not None else isinstance(found.nodes, Unknown)


@pytest.mark.parametrize(
    ("wanted", "called"),
    [
        pytest.param(need("karpenter.azure.com/sku-family", "D", "E"), "sizes of D, E", id="families of Azure"),
        pytest.param(need("karpenter.k8s.aws/instance-category", "c", "m"), "sizes of c, m", id="categories of AWS"),
        pytest.param(need("karpenter.k8s.aws/instance-family", "m7i"), "sizes of m7i", id="families of AWS"),
        pytest.param(need("karpenter.azure.com/sku-gpu-count", "0"), "sizes without GPUs", id="a count of none"),
        pytest.param(
            need("karpenter.azure.com/sku-gpu-name", operator="DoesNotExist"), "sizes without GPUs", id="no GPU has a name"
        ),
        pytest.param(
            need("karpenter.k8s.aws/instance-gpu-count", operator="DoesNotExist"), "sizes without GPUs", id="AWS counts no GPUs"
        ),
        pytest.param(
            need("eks.amazonaws.com/instance-gpu-manufacturer", operator="DoesNotExist"),
            "sizes without GPUs",
            id="no maker of GPUs under EKS Auto Mode",
        ),
        pytest.param(
            need("karpenter.azure.com/sku-gpu-count", "1", operator="Lt"), "sizes without GPUs", id="fewer GPUs than one"
        ),
    ],
)
def test_pools_without_gpus(wanted, called):
    """A pool whose requirements rule GPUs out holds none, however large it may grow."""
    found = held(wanted)
    assert (found.size, found.size_name, found.gpus) == (None, called, Range(0, 0, 0))


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(need("karpenter.azure.com/sku-family", "D", "N"), id="one family with GPUs"),
        pytest.param(need("karpenter.azure.com/sku-family", LATER), id="a family that is not known"),
        pytest.param(need("karpenter.azure.com/sku-family"), id="no family"),
        pytest.param(need("karpenter.azure.com/sku-family", "N", operator="NotIn"), id="all families but one"),
        pytest.param(need("karpenter.k8s.aws/instance-category", "c", "g"), id="a category with GPUs"),
        pytest.param(need("karpenter.k8s.aws/instance-family", "g9"), id="a family of AWS with GPUs"),
        pytest.param(need("karpenter.azure.com/sku-gpu-count", "1"), id="a GPU"),
    ],
)
def test_pools_that_may_have_gpus(wanted):
    """A pool whose requirements leave GPUs possible holds an unknown number of them."""
    assert isinstance(held(wanted, replicas=1).gpus, Unknown)


CAPACITY = "karpenter.sh/capacity-type"
UNTOLD = Unknown("its requirements do not distinguish spot from on-demand")


@pytest.mark.parametrize(
    ("needs", "spot", "family"),
    [
        pytest.param([], EITHER, EITHER, id="either by default: Karpenter has no default"),
        pytest.param([need(CAPACITY, "spot")], True, "lowPriorityCores", id="spot"),
        pytest.param([need(CAPACITY, "on-demand")], False, "StandardNCADSA100v4Family", id="on-demand"),
        pytest.param([need(CAPACITY, "on-demand", "spot")], EITHER, EITHER, id="either"),
        pytest.param([need(CAPACITY, LATER)], UNTOLD, UNTOLD, id="not known"),
        pytest.param([need(CAPACITY, "spot", operator="NotIn")], False, "StandardNCADSA100v4Family", id="all but spot"),
        pytest.param(
            [need(CAPACITY, "on-demand", "reserved", operator="NotIn")], True, "lowPriorityCores", id="nothing but spot"
        ),
        pytest.param([need(CAPACITY, operator="Exists")], EITHER, EITHER, id="any capacity type"),
        pytest.param([need(CAPACITY, "on-demand", "reserved")], False, "StandardNCADSA100v4Family", id="reserved or on demand"),
        pytest.param([need(CAPACITY, "3", operator="Gt")], UNTOLD, UNTOLD, id="an operator that says nothing of it"),
        pytest.param([LATER], UNTOLD, UNTOLD, id="a requirement that is not known may be about it"),
    ],
)
def test_spot(needs, spot, family):
    """Spot nodes count against a family of their own."""
    found = held(ONE, *needs, replicas=1)
    assert (found.spot, found.family) == (spot, family)


def test_range_over_sizes():
    """Of several sizes everything is a range: product, family and price where they agree, else a reason."""
    found = held(TWO, replicas=2)
    assert (found.size_name, found.gpu_model, found.family) == (f"{A100} or {FOUR}", "NVIDIA A100", EITHER)
    assert (found.vcpus, found.usd_per_hour) == (Range(48, 48, 192), Unknown(f"one of {A100} or {FOUR}"))
    assert (found.usd_per_month.low, found.usd_per_month.high) == (
        held(ONE, replicas=2).usd_per_month.low,
        held(need(TYPE, FOUR), replicas=2).usd_per_month.high,
    )
    mixed = held(need(TYPE, A100, H100), replicas=1)
    assert (mixed.gpu_model, mixed.family) == (Unknown("one of 2 GPU products"), EITHER)
    many = held(need(TYPE, *(f"Standard_D{cores}s_v5" for cores in (2, 4, 8, 16, 32)), A100), replicas=1)
    assert many.size_name == "Standard_D2s_v5, Standard_D4s_v5, Standard_D8s_v5, Standard_D16s_v5 or 2 more"


MADE = {
    "karpenter.kaito.sh/managed-by": "kaito",
    "karpenter.kaito.sh/workspace-name": "chat",
    "karpenter.kaito.sh/workspace-namespace": "models",
}
SET = {
    "karpenter.kaito.sh/managed-by": "kaito",
    "karpenter.kaito.sh/inferenceset": "chat",
    "karpenter.kaito.sh/inferenceset-namespace": "models",
}


def kaito(kind, name="chat", size=A100):
    place, work = {"instanceType": size} if size else {}, {"preset": {"name": "phi-4"}}
    inner = {"resource": place, "inference": work}
    body = inner if kind == "Workspace" else {"spec": {"template": inner}}
    metadata = {"name": name, "namespace": "models"}
    return Resource("urn:kaito", f"kubernetes:kaito.sh/v1beta1:{kind}", "kaito", None, {"metadata": metadata, **body})


@pytest.mark.parametrize(
    ("labels", "other", "bought"),
    [
        pytest.param(MADE, kaito("Workspace"), False, id="made for a Workspace of the stack"),
        pytest.param(SET, kaito("InferenceSet"), False, id="made for a set of the stack"),
        pytest.param(MADE, kaito("Workspace", "docs"), True, id="made for a Workspace of another stack"),
        pytest.param(MADE, kaito("Workspace", LATER), True, id="a Workspace whose name is not known"),
        pytest.param(MADE, kaito("Workspace", size=None), True, id="a Workspace that brings its own nodes"),
        pytest.param({}, kaito("Workspace"), True, id="not made by KAITO"),
        pytest.param(LATER, kaito("Workspace"), True, id="labels that are not known"),
    ],
)
def test_pool_made_by_kaito(labels, other, bought):
    """The static pool that KAITO makes for a Workspace is counted once, as the Workspace."""
    found = demands([pool(ONE, replicas=1, metadata={"labels": labels}), other])
    assert [demand.bought for demand in found if demand.kind == "NodePool"] == [bought]


@pytest.mark.parametrize(
    ("labels", "pools"),
    [
        pytest.param({"karpenter.sh/nodepool": "gpu"}, "urn:pool", id="the label Karpenter gives every node"),
        pytest.param({"topology.kubernetes.io/zone": "eastus-1"}, "urn:pool", id="a requirement of one value"),
        pytest.param({"apps": "chat"}, "urn:pool", id="a label of the template"),
        pytest.param({"apps": "docs"}, "", id="another label"),
    ],
)
def test_workspace_on_a_node_pool(labels, pools):
    """A Workspace on existing nodes runs on the node pool whose nodes carry the labels it selects."""
    place = {"labelSelector": {"matchLabels": labels}}
    pinned = Resource(
        "urn:ws",
        "kubernetes:kaito.sh/v1beta1:Workspace",
        "ws",
        None,
        {"resource": place, "inference": {"preset": {"name": "phi-4"}}},
    )
    template = {
        "metadata": {"labels": {"apps": "chat"}},
        "spec": {"requirements": [ONE, need("topology.kubernetes.io/zone", "eastus-1")]},
    }
    found = demands([pinned, pool(template=template, replicas=1)])[0]
    assert (found.pool, found.size_name) == (pools, A100 if pools else "")


@pytest.mark.parametrize("token", ["kubernetes:karpenter.sh/v1:NodePool", "kubernetes:karpenter.sh/v1beta1:NodePool"])
def test_token(token):
    """A node pool is known by its token in any version, and is in no namespace."""
    (found,) = demands([Resource("urn:pool", token, "pool", None, LATER)])
    assert (found.gpus, found.namespace, found.spot) == (LATER, None, LATER)


@pytest.mark.parametrize("kind", ["karpenter.azure.com/v1beta1:AKSNodeClass", "karpenter.k8s.aws/v1:EC2NodeClass"])
def test_classes_hold_nothing(kind):
    """Node classes say how nodes are made; pools say how many."""
    assert demands([Resource("urn:class", f"kubernetes:{kind}", "class", None, {"spec": {"amiFamily": "AL2023"}})]) == ()


AWS = "karpenter.k8s.aws/instance-"
AUTO = "eks.amazonaws.com/instance-"
AZURE = "karpenter.azure.com/sku-"


@pytest.mark.parametrize(
    ("needs", "limits", "sizes", "gpus", "vcpus"),
    [
        pytest.param(
            [need(f"{AWS}family", "p5"), need(f"{AWS}size", "48xlarge")],
            {"cpu": 400},
            "p5.48xlarge",
            Range(0, 0, 16),
            Range(0, 0, 384),
            id="a family and a size",
        ),
        pytest.param(
            [need(f"{AUTO}family", "p5"), need(f"{AUTO}size", "48xlarge")],
            {"cpu": 400},
            "p5.48xlarge",
            Range(0, 0, 16),
            Range(0, 0, 384),
            id="the same under EKS Auto Mode",
        ),
        pytest.param(
            [need(f"{AWS}family", "gr6"), need(f"{AWS}gpu-count", "1")],
            {"nvidia.com/gpu": 4},
            "gr6.4xlarge or gr6.8xlarge",
            Range(0, 0, 4),
            Range(0, 0, 128),
            id="all sizes of a family",
        ),
        pytest.param(
            [need(f"{AZURE}gpu-name", "A100"), need(f"{AZURE}gpu-count", "4")],
            {"cpu": 200},
            FOUR,
            Range(0, 0, 8),
            Range(0, 0, 192),
            id="a GPU and its count",
        ),
        pytest.param(
            [need(f"{AZURE}gpu-name", "A100"), need(f"{AZURE}gpu-count", "3", operator="Gt"), need(f"{AZURE}cpu", "96")],
            {"nvidia.com/gpu": 8, "nodes": 1},
            "Standard_NC96ads_A100_v4, Standard_ND96amsr_A100_v4 or Standard_ND96asr_v4",
            Range(0, 0, 8),
            Range(0, 0, 96),
            id="more GPUs than a number",
        ),
        pytest.param(
            [need(f"{AWS}category", "gr"), need(f"{AWS}generation", "6")],
            {"nvidia.com/gpu": 8, "cpu": 100},
            "gr6.4xlarge or gr6.8xlarge",
            Range(0, 0, 6),
            Range(0, 0, 96),
            id="a category is all its sizes",
        ),
        pytest.param(
            [need(f"{AWS}category", "p"), need("kubernetes.io/arch", "amd64")],
            {"cpu": 100},
            "p4d.24xlarge, p4de.24xlarge, p3.2xlarge, p3.8xlarge or 3 more",
            Range(0, 0, 12),
            Range(0, 0, 96),
            id="sizes that are too large for the limits are none of them",
        ),
        pytest.param(
            [need(f"{AUTO}gpu-name", "l40s"), need(f"{AUTO}size", "xlarge", "2xlarge", operator="In")],
            {"cpu": 32},
            "g6e.xlarge or g6e.2xlarge",
            Range(0, 0, 8),
            Range(0, 0, 32),
            id="a GPU that KAITO has no size of, under EKS Auto Mode",
        ),
        pytest.param(
            [
                need(f"{AWS}gpu-count", "7", operator="Gt"),
                need(f"{AWS}gpu-manufacturer", "nvidia"),
                need(f"{AWS}family", "g6", "g7"),
            ],
            {"nvidia.com/gpu": 16},
            "g6.48xlarge or g7.48xlarge",
            Range(0, 0, 16),
            Range(0, 0, 384),
            id="eight GPUs of NVIDIA",
        ),
        pytest.param(
            [need(f"{AWS}family", "g4ad")],
            {"nvidia.com/gpu": 8},
            "g4ad.xlarge, g4ad.2xlarge, g4ad.4xlarge, g4ad.8xlarge or 1 more",
            Range(0, 0, 8),
            Unknown("limits of nvidia.com/gpu bound no nodes of g4ad.xlarge"),
            id="a limit of NVIDIA's GPUs bounds no nodes of another maker",
        ),
        pytest.param(
            [need(f"{AWS}category", "g", "m")],
            {"cpu": 100},
            "",
            Range(0, 0, 25),
            Range(0, 0, 100),
            id="one GPU for four vCPUs at most where the size is not known",
        ),
        pytest.param(
            [need(f"{AWS}category", "g", "p", operator="NotIn")],
            {"cpu": 100},
            "",
            Range(0, 0, 6),
            Range(0, 0, 100),
            id="gr6 has GPUs and is of category gr",
        ),
        pytest.param([], {"nodes": 2}, "", Range(0, 0, 16), None, id="eight GPUs a node at most where the size is not known"),
        pytest.param([], {}, "", NO_LIMITS, None, id="nothing bounds a pool without limits"),
        pytest.param(
            [need(f"{AUTO}category", "c", "m", "r")],
            {"cpu": 100},
            "sizes of c, m, r",
            Range(0, 0, 0),
            None,
            id="categories without GPUs under EKS Auto Mode",
        ),
    ],
)
def test_requirements_by_label(needs, limits, sizes, gpus, vcpus):
    """Families, sizes and GPUs choose sizes of the catalogue, and every limit bounds what they may hold together."""
    found = held(*needs, limits=limits)
    assert (found.size_name, found.gpus) == (sizes, gpus)
    assert vcpus is None or found.vcpus == vcpus


def test_nodes_that_may_be_spot():
    """Nodes of either kind count against both quotas, and cost at most what they cost on demand."""
    found = held(ONE, replicas=2)
    assert found.families == ("StandardNCADSA100v4Family", "lowPriorityCores")
    assert found.usd_per_month == Range(
        pytest.approx(2 * 0.444433 * 730), pytest.approx(2 * 3.673 * 730), pytest.approx(2 * 3.673 * 730)
    )


def test_cost_of_nodes_that_may_be_spot_without_a_spot_price():
    """Where no spot price is on record the least cost is unknown, which is no price of 0, in sums and choices as well."""
    dear = demands([pool(need(TYPE, "p5.48xlarge"), replicas=1)], region="us-east-1")[0].usd_per_month
    assert dear == Range(0, pytest.approx(55.04 * 730), pytest.approx(55.04 * 730), low_known=False)
    assert dear.plus(Range(5, 5, 5)) == Range(0, dear.expected + 5, dear.high + 5, low_known=False)
    assert over([dear, Range(5, 5, 5)]) == Range(0, 5, dear.high, low_known=False)
    assert dear.times(2) == Range(0, dear.expected * 2, dear.high * 2, low_known=False)
    none = demands([pool(need(TYPE, "p5.48xlarge"), replicas=0)], region="us-east-1")[0]
    assert none.usd_per_month == Range(0, 0, 0)


@pytest.mark.parametrize(
    ("label", "spot", "reserved", "families"),
    [
        pytest.param("spot", True, False, ("lowPriorityCores",), id="spot"),
        pytest.param("reserved", False, True, (), id="a reservation holds its quota already"),
    ],
)
def test_labels_of_a_template_are_requirements(label, spot, reserved, families):
    """Karpenter takes labels of the template as requirements, so they choose size and capacity type as well.

    Source: pkg/controllers/nodeclass/validation.go of karpenter-provider-aws, which adds them as its scheduler does.
    """
    template = {"metadata": {"labels": {TYPE: A100, CAPACITY: label, "team": "search"}}, "spec": {"requirements": []}}
    found = held(template=template, replicas=1)
    assert (found.size_name, found.spot, found.reserved, found.families) == (A100, spot, reserved, families)


OPERATOR = "kaito-iac:index:KaitoOperator"


@pytest.mark.parametrize(
    ("provisioner", "size", "families"),
    [
        pytest.param("karpenter", A100, ("StandardNCADSA100v4Family", "lowPriorityCores"), id="Karpenter on Azure"),
        pytest.param(
            "node-auto-provisioning", A100, ("StandardNCADSA100v4Family", "lowPriorityCores"), id="node auto-provisioning"
        ),
        pytest.param("azure-gpu-provisioner", A100, ("StandardNCADSA100v4Family",), id="gpu-provisioner makes no spot nodes"),
        pytest.param(None, A100, ("StandardNCADSA100v4Family",), id="gpu-provisioner is the default of KAITO's chart"),
        pytest.param(
            None,
            "p5.48xlarge",
            ("Running On-Demand P instances", "All P5 Spot Instance Requests"),
            id="on AWS Karpenter alone makes nodes",
        ),
    ],
)
def test_nodes_that_kaito_orders_of_karpenter(provisioner, size, families):
    """KAITO 0.12 writes NodePools without a capacity type, so Karpenter may take spot.

    Source: pkg/nodeprovision/karpenter/nodepool.go of KAITO 0.12.
    """
    operator = [Resource("urn:operator", OPERATOR, "operator", None, {"provisioner": provisioner})] if provisioner else []
    workspace = {"metadata": {"name": "chat"}, "resource": {"instanceType": size}, "inference": {"preset": {"name": "phi-4"}}}
    found = [*operator, Resource("urn:chat", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, workspace)]
    (demand,) = [demand for demand in demands(found, region="eastus") if demand.kind == "Workspace"]
    assert demand.families == families


@pytest.mark.parametrize(
    ("needs", "limits", "gpus", "vcpus"),
    [
        pytest.param(
            [need("karpenter.k8s.aws/instance-category", "c", "m")], {"cpu": "100"}, 0, 100, id="categories without GPUs"
        ),
        pytest.param(
            [need("karpenter.k8s.aws/instance-category", "g", "gr", "p", "trn", operator="NotIn")],
            {"cpu": "16"},
            0,
            16,
            id="all but the categories with GPUs",
        ),
        pytest.param(
            [need("karpenter.k8s.aws/instance-family", "p5e")], {"memory": "4096Gi"}, 16, 384, id="memory bounds nodes, too"
        ),
    ],
)
def test_other_limits(needs, limits, gpus, vcpus):
    """Every limit bounds a pool: vCPUs those of pools without GPUs, memory the nodes of sizes that are known."""
    found = held(*needs, limits=limits)
    assert (found.gpus, found.vcpus) == (Range(0, 0, gpus), Range(0, 0, vcpus))
