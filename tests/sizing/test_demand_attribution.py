"""Whom a demand belongs to, where it lies, and which ConfigMap it means."""

import pytest

from kaito_iac.policies.facts import Fact
from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import NO_REGION, Range, region_key
from kaito_iac.sizing.stack_demand import demands

A100 = "Standard_NC24ads_A100_v4"
LATER = Unknown("set by an output")
STACK = Fact("urn:stack", "pulumi:pulumi:Stack", "shop-dev", None, {})
TEAM = Fact("urn:team", "acme:index:Team", "team", "urn:stack", {"location": "northeurope"})
CHAT = Fact("urn:chat", "kaito-iac:index:KaitoWorkspace", "chat", "urn:team", {"location": "westeurope"})
TOKEN = "kubernetes:kaito.sh/v1beta1:Workspace"


def workspace(parent, **inputs):
    basics = {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4"}}}
    return Fact("urn:ws", TOKEN, "ws", parent, {**basics, **inputs})


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
                Fact("urn:inner", "acme:index:Inner", "inner", "urn:chat", {"location": "elsewhere"}),
                workspace("urn:inner"),
            ],
            None,
            ("chat", "westeurope"),
            id="the nearest component of ours, through one of others",
        ),
        pytest.param([workspace("urn:gone")], "eastus", ("ws", "eastus"), id="a parent that is not there"),
        pytest.param(
            [Fact("urn:loop", "acme:index:Loop", "loop", "urn:loop", {}), workspace("urn:loop")],
            "eastus",
            ("ws", "eastus"),
            id="a parent that is its own",
        ),
        pytest.param(
            [Fact("urn:chat", CHAT.type, "chat", None, {"location": LATER}), workspace("urn:chat")],
            "eastus",
            ("chat", LATER),
            id="a location that is not known is not replaced by the stack's",
        ),
        pytest.param(
            [Fact("urn:chat", CHAT.type, "chat", None, {"location": 3}), workspace("urn:chat")],
            "eastus",
            ("chat", Unknown("location is a number, not a text")),
            id="a number for a location",
        ),
    ],
)
def test_component_and_region(resources, region, found):
    """A demand belongs to the nearest component of ours, and lies where that says, else where the stack does."""
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
    return Fact(f"urn:{parent}-map", "kubernetes:core/v1:ConfigMap", "map", parent, {"metadata": metadata, "data": data})


PHI = {"preset": {"name": "phi-4-mini-instruct"}, "config": "chat-config"}
ABSENT = Unknown("ConfigMap chat-config with the context is not part of the program")


@pytest.mark.parametrize(
    ("maps", "namespace", "nodes"),
    [
        pytest.param([config("urn:chat", "models")], "models", Range.exactly(1), id="same namespace"),
        pytest.param([config(None, "models")], "models", Range.exactly(1), id="same namespace, another parent"),
        pytest.param([config("urn:chat", None)], None, Range.exactly(1), id="both in the default namespace"),
        pytest.param([config("urn:chat", None)], "default", Range.exactly(1), id="default, once said and once not"),
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
    pool = Fact("urn:pool", "azure-native:containerservice:AgentPool", "pool", None, {"vmSize": A100, "count": 1})
    other = Fact("urn:bucket", "aws:s3:Bucket", "bucket", None, {"count": 9})
    assert [demand.urn for demand in demands([STACK, workspace(None), other, pool])] == ["urn:ws", "urn:pool"]
