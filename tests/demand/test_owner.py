"""Whom a demand belongs to, where it is, and which ConfigMap it means."""

import pytest

from kaito_iac.demand.demand import NO_REGION, TEAM_LABEL, region_key
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

A100 = "Standard_NC24ads_A100_v4"
LATER = Unknown("set by an output")
STACK = Resource("urn:stack", "pulumi:pulumi:Stack", "shop-dev", None, {})
TEAM = Resource("urn:team", "acme:index:Team", "team", "urn:stack", {"location": "northeurope"}, custom=False)
CHAT = Resource("urn:chat", "kaito-iac:index:KaitoWorkspace", "chat", "urn:team", {"location": "westeurope"})
TOKEN = "kubernetes:kaito.sh/v1beta1:Workspace"


def workspace(parent, **inputs):
    basics = {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4"}}}
    return Resource("urn:ws", TOKEN, "ws", parent, {**basics, **inputs})


@pytest.mark.parametrize(
    ("resources", "region", "found"),
    [
        pytest.param([STACK, workspace("urn:stack")], None, ("ws", NO_REGION), id="on its own: its own name, nowhere"),
        pytest.param([STACK, workspace("urn:stack")], "East US", ("ws", "eastus"), id="in the region given for the stack"),
        pytest.param([STACK, TEAM, CHAT, workspace("urn:chat")], "eastus", ("chat", "westeurope"), id="in its component"),
        pytest.param([STACK, TEAM, workspace("urn:team")], "eastus", ("ws", "eastus"), id="a component of others says nothing"),
        pytest.param(
            [
                STACK,
                CHAT,
                Resource("urn:inner", "acme:index:Inner", "inner", "urn:chat", {"location": "elsewhere"}, custom=False),
                workspace("urn:inner"),
            ],
            None,
            ("chat", "westeurope"),
            id="the nearest component of ours, through one of others",
        ),
        pytest.param([workspace("urn:gone")], "eastus", ("ws", "eastus"), id="a parent that is not there"),
        pytest.param(
            [Resource("urn:loop", "acme:index:Loop", "loop", "urn:loop", {}, custom=False), workspace("urn:loop")],
            "eastus",
            ("ws", "eastus"),
            id="a parent that is its own",
        ),
        pytest.param(
            [Resource("urn:chat", CHAT.type, "chat", None, {"location": LATER}), workspace("urn:chat")],
            "eastus",
            ("chat", LATER),
            id="a location that is not known is not replaced by the stack's",
        ),
        pytest.param(
            [Resource("urn:chat", CHAT.type, "chat", None, {"location": 3}), workspace("urn:chat")],
            "eastus",
            ("chat", Unknown("location is a number, not a text")),
            id="a number for a location",
        ),
    ],
)
def test_component_and_region(resources, region, found):
    """A demand belongs to the nearest component of ours, and is where that says, else where the stack does."""
    (demand,) = demands(resources, region=region)
    assert (demand.component, demand.region) == found


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("East US 2", "eastus2", id="as the portal writes it"),
        pytest.param("eastus2", "eastus2", id="as the API writes it"),
        pytest.param("us-east-1", "us-east-1", id="of AWS"),
        pytest.param("  ", "", id="blanks"),
    ],
)
def test_region_key(name, key):
    """A region has one spelling for prices and quotas."""
    assert region_key(name) == key


def config(parent, namespace, text="vllm:\n  max-model-len: 131072\n"):
    metadata = {"name": "chat-config", "namespace": namespace}
    data = {"inference_config.yaml": text}
    return Resource(f"urn:{parent}-map", "kubernetes:core/v1:ConfigMap", "map", parent, {"metadata": metadata, "data": data})


PHI = {"preset": {"name": "phi-4-mini-instruct"}, "config": "chat-config"}
ABSENT = Unknown("ConfigMap chat-config with the context is not part of the program")


@pytest.mark.parametrize(
    ("maps", "namespace", "nodes"),
    [
        pytest.param([config("urn:chat", "models")], "models", Range.exactly(1), id="same namespace"),
        pytest.param([config(None, "models")], "models", Range.exactly(1), id="same namespace, another parent"),
        pytest.param([config("urn:chat", None)], None, Range.exactly(1), id="both in the default namespace"),
        pytest.param([config("urn:chat", None)], "default", Range.exactly(1), id="default, once reported and once not"),
        pytest.param([config("urn:chat", LATER)], LATER, Range.exactly(1), id="unknown namespaces inside one component"),
        pytest.param([config(None, LATER)], LATER, ABSENT, id="unknown namespaces, and no component in common"),
        pytest.param([config("urn:chat", "other")], "models", ABSENT, id="another namespace"),
        pytest.param(
            [config(None, "other", "vllm: {}"), config("urn:chat", "models")],
            "models",
            Range.exactly(1),
            id="the right one of two",
        ),
    ],
)
def test_config_map_that_is_meant(maps, namespace, nodes):
    """A ConfigMap is found by name and namespace; while a namespace is not known, only inside the same component."""
    made = workspace("urn:chat", metadata={"namespace": namespace}, inference=PHI)
    (demand,) = demands([CHAT, *maps, made])
    assert demand.nodes == nodes
    assert demand.why == ("KAITO's estimate for 131072 tokens" if isinstance(nodes, Range) else "KAITO's estimate")


def test_order():
    """Demands come in the order of registration, and nothing else holds any."""
    pool = Resource("urn:pool", "azure-native:containerservice:AgentPool", "pool", None, {"vmSize": A100, "count": 1})
    other = Resource("urn:bucket", "aws:s3:Bucket", "bucket", None, {"count": 9})
    assert [demand.urn for demand in demands([STACK, workspace(None), other, pool])] == ["urn:ws", "urn:pool"]


POOL = "azure-native:containerservice:AgentPool"
CLUSTER = "azure-native:containerservice:ManagedCluster"


def space(name="models", parent=None, **labels):
    metadata = {"name": name, "labels": labels} if labels else {"name": name}
    return Resource("urn:space", "kubernetes:core/v1:Namespace", "space", parent, {"metadata": metadata})


def component(token="kaito-iac:index:KaitoWorkspace", parent=None, **inputs):
    return Resource("urn:around", token, "around", parent, inputs, custom=False)


def labelled(parent=None, **metadata):
    return workspace(parent, metadata=metadata)


IN_MODELS = {"namespace": "models"}
SEARCH = {TEAM_LABEL: "search"}


@pytest.mark.parametrize(
    ("inputs", "namespace"),
    [
        pytest.param({"metadata": IN_MODELS}, "models", id="a namespace"),
        pytest.param({"metadata": {"name": "chat"}}, "default", id="none is named"),
        pytest.param({}, "default", id="no metadata"),
        pytest.param({"metadata": {"namespace": LATER}}, LATER, id="an output"),
        pytest.param({"metadata": LATER}, LATER, id="metadata that is not known"),
        pytest.param({"metadata": {"namespace": 3}}, Unknown("namespace is a number, not a text"), id="a number"),
    ],
)
def test_namespace(inputs, namespace):
    """A Kubernetes object is in the namespace it names, else in default."""
    (demand,) = demands([workspace(None, **inputs)])
    assert demand.namespace == namespace


def test_pools_lie_in_no_namespace():
    """An agent pool, and a pool inside a cluster, lie in no namespace."""
    inline = Resource("urn:aks", CLUSTER, "aks", None, {"agentPoolProfiles": [{"vmSize": A100}]})
    found = demands([Resource("urn:pool", POOL, "pool", None, {"vmSize": A100}), inline])
    assert [demand.namespace for demand in found] == [None, None]


@pytest.mark.parametrize(
    ("resources", "team"),
    [
        pytest.param([labelled()], None, id="not given"),
        pytest.param([labelled(labels=SEARCH)], "search", id="the object's own label"),
        pytest.param([labelled(labels={"app": "chat"})], None, id="labels of another kind"),
        pytest.param([labelled(labels={TEAM_LABEL: ""})], None, id="an empty label"),
        pytest.param(
            [component(labels={TEAM_LABEL: "ads"}), labelled("urn:around", labels=SEARCH)], "search", id="its own before all"
        ),
        pytest.param([component(labels=SEARCH), labelled("urn:around")], "search", id="labels of the component"),
        pytest.param([component(tags=SEARCH), labelled("urn:around")], "search", id="tags of the component"),
        pytest.param(
            [component("acme:index:Team", tags=SEARCH), labelled("urn:around")], "search", id="a component of someone else"
        ),
        pytest.param(
            [
                component("acme:index:Team", tags=SEARCH),
                Resource("urn:inner", "acme:index:Inner", "inner", "urn:around", {}, custom=False),
                labelled("urn:inner"),
            ],
            "search",
            id="the nearest component that names one",
        ),
        pytest.param([space(team="search"), labelled(**IN_MODELS)], "search", id="the Namespace it is in"),
        pytest.param([space(team="search"), labelled()], None, id="another Namespace"),
        pytest.param([space(), labelled(**IN_MODELS)], None, id="a Namespace without a team"),
        pytest.param(
            [component(labels=SEARCH), space(team="ads"), labelled("urn:around", **IN_MODELS)],
            "search",
            id="the component before the Namespace",
        ),
        pytest.param([labelled(labels={TEAM_LABEL: LATER})], LATER, id="a label set by an output"),
        pytest.param([labelled(labels=LATER)], LATER, id="labels that are not known may name one"),
        pytest.param([labelled(labels={TEAM_LABEL: 3})], Unknown("team is a number, not a text"), id="a number"),
        pytest.param(
            [component(labels=LATER), space(team="ads"), labelled("urn:around", **IN_MODELS)],
            LATER,
            id="what is not known decides, as it is before the Namespace",
        ),
        pytest.param(
            [space(team="search"), labelled(namespace=LATER)],
            Unknown("it follows from the namespace: set by an output"),
            id="a namespace that is not known may have a team",
        ),
        pytest.param([space(), labelled(namespace=LATER)], None, id="no Namespace has a team"),
        pytest.param(
            [space(LATER, team="search"), labelled(**IN_MODELS)],
            Unknown("a Namespace with a team has a name that is not known"),
            id="a Namespace whose name is not known",
        ),
    ],
)
def test_team(resources, team):
    """A team is named by the object, what is around it, or its Namespace, in this order; unknown is never no one."""
    (demand,) = demands(resources)
    assert demand.team == team


@pytest.mark.parametrize(
    ("resource", "teams"),
    [
        pytest.param(Resource("urn:pool", POOL, "pool", None, {"vmSize": A100, "tags": SEARCH}), ["search"], id="tags of a pool"),
        pytest.param(
            Resource("urn:pool", POOL, "pool", None, {"vmSize": A100, "nodeLabels": SEARCH}), ["search"], id="labels of its nodes"
        ),
        pytest.param(
            Resource("urn:pool", POOL, "pool", None, {"vmSize": A100, "nodeLabels": SEARCH, "tags": {TEAM_LABEL: "ads"}}),
            ["ads"],
            id="tags before labels",
        ),
        pytest.param(
            Resource(
                "urn:aks",
                CLUSTER,
                "aks",
                None,
                {"tags": SEARCH, "agentPoolProfiles": [{"vmSize": A100}, {"vmSize": A100, "tags": {TEAM_LABEL: "ads"}}]},
            ),
            ["search", "ads"],
            id="a pool inside a cluster before the cluster",
        ),
        pytest.param(
            Resource(
                "urn:set",
                "kubernetes:kaito.sh/v1beta1:InferenceSet",
                "set",
                None,
                {"spec": {"template": {"metadata": {"labels": SEARCH}}}},
            ),
            ["search"],
            id="labels of the replicas",
        ),
    ],
)
def test_team_of_other_kinds(resource, teams):
    """Pools name their team by tag or node label, sets also by the labels of their replicas."""
    assert [demand.team for demand in demands([resource])] == teams


def pool(urn="urn:pool", **inputs):
    return Resource(urn, POOL, "pool", None, {"vmSize": A100, "agentPoolName": "gpu", "nodeLabels": {"apps": "chat"}, **inputs})


def pinned(**place):
    """A Workspace on nodes that exist."""
    return workspace(None, resource=place)


def by(**labels):
    return pinned(labelSelector={"matchLabels": {key.replace("__", "/"): value for key, value in labels.items()}})


@pytest.mark.parametrize(
    ("resources", "meant"),
    [
        pytest.param([by(apps="chat"), pool()], "urn:pool", id="a label of the nodes"),
        pytest.param([by(agentpool="gpu"), pool()], "urn:pool", id="the label AKS gives every node"),
        pytest.param([by(apps="chat", agentpool="gpu"), pool(), pool("urn:2", agentPoolName="b")], "urn:pool", id="both labels"),
        pytest.param(
            [by(apps="chat", kaito__sh="x"), pool(nodeLabels={"apps": "chat", "kaito/sh": "x"})],
            "urn:pool",
            id="a label of your own",
        ),
        pytest.param(
            [pinned(labelSelector={"matchLabels": {"apps": "chat", "kaito.sh/workspace": "ws"}}), pool()],
            "urn:pool",
            id="a reserved label says nothing",
        ),
        pytest.param(
            [pinned(labelSelector={"matchExpressions": [{"key": "apps", "operator": "In", "values": ["chat"]}]}), pool()],
            "urn:pool",
            id="an expression of one value",
        ),
        pytest.param(
            [pinned(labelSelector={"matchExpressions": [{"key": "apps", "operator": "Exists"}]}), pool()],
            "",
            id="an expression KAITO refuses",
        ),
        pytest.param([by(apps="docs"), pool()], "", id="no pool of the stack"),
        pytest.param([by(apps="chat"), pool(), pool("urn:2")], "", id="two pools"),
        pytest.param([pinned(labelSelector={}), pool()], "", id="any node"),
        pytest.param([pinned(labelSelector=LATER), pool()], "", id="a selector that is not known"),
        pytest.param([by(apps=LATER), pool()], "", id="a label that is not known"),
        pytest.param([by(apps="chat"), pool(nodeLabels=LATER)], "", id="labels of nodes that are not known"),
        pytest.param(
            [by(apps="chat"), Resource("urn:aks", CLUSTER, "aks", None, {"agentPoolProfiles": LATER})], "", id="no pools"
        ),
        pytest.param(
            [
                by(apps="chat"),
                Resource(
                    "urn:aks", CLUSTER, "aks", None, {"agentPoolProfiles": [{"vmSize": A100, "nodeLabels": {"apps": "chat"}}]}
                ),
            ],
            "urn:aks",
            id="a pool inside a cluster",
        ),
    ],
)
def test_pool_that_is_meant(resources, meant):
    """A workload on existing nodes runs on the only pool whose nodes carry all labels it selects, and has its size."""
    found = demands(resources)[0]
    assert (found.bought, found.pool) == (False, meant)
    assert found.size_name == (A100 if meant else "")


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(
            Resource(
                "urn:set",
                "kubernetes:kaito.sh/v1beta1:InferenceSet",
                "set",
                None,
                {
                    "spec": {
                        "labelSelector": {"matchLabels": {"apps": "chat"}},
                        "template": {"inference": {"preset": {"name": "phi-4"}}},
                    }
                },
            ),
            id="a set",
        ),
        pytest.param(
            Resource(
                "urn:roles",
                "kubernetes:kaito.sh/v1alpha1:MultiRoleInference",
                "roles",
                None,
                {
                    "spec": {
                        "labelSelector": {"matchLabels": {"apps": "chat"}},
                        "model": {"name": "phi-4"},
                        "roles": [{"type": "prefill", "replicas": 1}],
                    }
                },
            ),
            id="roles",
        ),
    ],
)
def test_pool_of_other_kinds(resource):
    """Sets and roles say in their spec which nodes they run on."""
    (found, bought) = demands([resource, pool()])
    assert (found.pool, found.size_name, bought.pool) == ("urn:pool", A100, "")


def test_inputs_that_are_not_known():
    """A resource of which nothing is known holds an unknown number of GPUs, in an unknown place."""
    pools = [Resource("urn:pool", POOL, "pool", None, LATER), Resource("urn:aks", CLUSTER, "aks", None, LATER)]
    objects = [
        Resource(f"urn:{kind}", f"kubernetes:kaito.sh/{kind}", "it", "urn:around", LATER)
        for kind in ("v1beta1:Workspace", "v1beta1:InferenceSet", "v1beta1:RAGEngine", "v1alpha1:MultiRoleInference")
    ]
    found = demands([Resource("urn:around", CHAT.type, "around", None, LATER), *pools, *objects])
    assert [(demand.gpus, demand.region, demand.team) for demand in found] == [(LATER, LATER, LATER)] * 6
    assert [demand.namespace for demand in found] == [None, None] + [LATER] * 4


def test_looked_up():
    """A pool that the program only looks up is not created by it."""
    looked_up = Resource(urn="urn:pool", type=POOL, name="pool", parent=None, inputs={"vmSize": A100}, read=True)
    assert demands([looked_up]) == ()
