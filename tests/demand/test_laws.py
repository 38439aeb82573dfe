"""Laws of demand: it reads anything, and a value that gets lost never makes a stack look smaller."""

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.demand.demand import with_gpus
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.demand.total import total
from kaito_iac.problem import Unknown
from kaito_iac.rules import gpu_budget, vcpu_quota
from kaito_iac.rules.rule import StackFacts
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
TOKENS = (
    "azure-native:containerservice:AgentPool",
    "azure-native:containerservice/v20240901:ManagedCluster",
    "kubernetes:kaito.sh/v1beta1:Workspace",
    "kubernetes:kaito.sh/v1alpha1:Workspace",
    "kubernetes:kaito.sh/v1beta1:InferenceSet",
    "kubernetes:kaito.sh/v1beta1:RAGEngine",
    "kubernetes:kaito.sh/v1alpha1:MultiRoleInference",
    "kubernetes:core/v1:ConfigMap",
    "kaito-iac:index:KaitoWorkspace",
    "kubernetes:karpenter.sh/v1:NodePool",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    "kubernetes:core/v1:Namespace",
    "aws:eks/nodeGroup:NodeGroup",
    "azure:containerservice/kubernetesCluster:KubernetesCluster",
)
KEYS = (
    *("vmSize", "count", "minCount", "maxCount", "enableAutoScaling", "scaleSetPriority", "agentPoolProfiles", "location"),
    *("metadata", "annotations", "name", "namespace", "resource", "instanceType", "partition", "mode", "profile", "inference"),
    *("preset", "config", "template", "tuning", "spec", "replicas", "autoUpgrade", "strategy", "enabled", "compute", "roles"),
    *(
        "model",
        "runtimeConfig",
        "type",
        "data",
        "inference_config.yaml",
        "nodes",
        "labelSelector",
        "kaito.sh/runtime",
        "replacement",
    ),
    *(
        "requirements",
        "key",
        "operator",
        "values",
        "limits",
        "nvidia.com/gpu",
        "cpu",
        "containers",
        "initContainers",
        "resources",
    ),
    *("jobTemplate", "parallelism", "completions", "suspend", "scaleTargetRef", "maxReplicas", "labels", "team", "tags", "kind"),
    *("scalingConfig", "minSize", "maxSize", "instanceTypes", "virtualMachinesProfile", "scale", "manual", "defaultNodePool"),
    *(f"scaledobject.kaito.sh/{key}" for key in ("auto-provision", "min-replicas", "max-replicas")),
)
WORDS = (
    "Standard_NC24ads_A100_v4",
    "phi-4",
    "true",
    "transformers",
    "mig",
    "1g.12gb",
    "Spot",
    "map",
    "3",
    "blueGreen",
    "²",
    "",
    "9" * 5000,
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.sampled_from(WORDS), st.just(LATER)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=25
)
INPUTS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=10)


@settings(max_examples=150, deadline=None)
@given(token=st.sampled_from(TOKENS), inputs=INPUTS, component=INPUTS, config=INPUTS)
def test_any_data_is_read(token, inputs, component, config):
    """Whatever is registered, demand answers with numbers or with reasons; it never raises."""
    resources = [
        Resource("urn:component", "kaito-iac:index:KaitoWorkspace", "component", None, component),
        Resource("urn:map", "kubernetes:core/v1:ConfigMap", "map", "urn:component", config),
        Resource("urn:scaler", TOKENS[12], "scaler", None, config),
        Resource("urn:space", TOKENS[13], "space", None, config),
        Resource("urn:it", token, "it", "urn:component", inputs),
    ]
    for found in demands(resources):
        for value in (found.nodes, found.gpus, found.vcpus, found.usd_per_month):
            assert (isinstance(value, Unknown) and value.reason) or (
                isinstance(value, Range) and 0 <= value.low <= value.expected <= value.high
            )
        assert isinstance(found.region, str | Unknown)
        assert isinstance(found.spot, bool | Unknown)
        assert isinstance(found.namespace, str | Unknown | None)
        assert isinstance(found.team, str | Unknown | None)


@settings(max_examples=150, deadline=None)
@given(token=st.sampled_from(TOKENS[:2]), pool=st.dictionaries(st.sampled_from(KEYS[:6]), LEAVES, max_size=6))
def test_any_pool_is_read(token, pool):
    """A pool of any values is one demand."""
    inputs = {"agentPoolProfiles": [pool]} if token.endswith("ManagedCluster") else pool
    assert len(demands([Resource("urn:it", token, "it", None, inputs)])) == 1


A100 = "Standard_NC24ads_A100_v4"
LLAMA = {"preset": {"name": "llama-3.3-70b-instruct"}, "config": "map"}
CONFIG = {
    "metadata": {"name": "map", "namespace": "default"},
    "data": {"inference_config.yaml": "vllm:\n  max-model-len: 131072"},
}
KEDA = {f"scaledobject.kaito.sh/{key}": value for key, value in (("auto-provision", "true"), ("max-replicas", "6"))}
STACK = [
    Resource("urn:map", TOKENS[7], "map", "urn:chat", CONFIG),
    Resource("urn:chat", TOKENS[8], "chat", None, {"location": "eastus", "instanceType": A100, "nodes": 6}),
    Resource("urn:ws", TOKENS[2], "ws", "urn:chat", {"resource": {"instanceType": A100, "count": 1}, "inference": LLAMA}),
    Resource("urn:byo", TOKENS[2], "byo", None, {"resource": {"labelSelector": {}}, "inference": {"preset": {"name": "phi-4"}}}),
    Resource("urn:pool", TOKENS[0], "pool", None, {"vmSize": A100, "count": 2, "scaleSetPriority": "Spot"}),
    Resource(
        "urn:scaled",
        TOKENS[0],
        "scaled",
        None,
        {"vmSize": A100, "enableAutoScaling": True, "minCount": 1, "count": 1, "maxCount": 3},
    ),
    Resource(
        "urn:aks", TOKENS[1], "aks", None, {"agentPoolProfiles": [{"vmSize": "Standard_D4s_v5", "count": 3}, {"vmSize": A100}]}
    ),
    Resource(
        "urn:set",
        TOKENS[4],
        "set",
        None,
        {
            "metadata": {"annotations": KEDA},
            "spec": {
                "replicas": 2,
                "autoUpgrade": {"enabled": True, "strategy": "Surge"},
                "template": {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4"}}},
            },
        },
    ),
    Resource("urn:rag", TOKENS[5], "rag", None, {"spec": {"compute": {"instanceType": A100}}}),
    Resource(
        "urn:roles",
        TOKENS[6],
        "roles",
        None,
        {"spec": {"model": {"name": "phi-4"}, "roles": [{"type": "prefill", "replicas": 2, "instanceType": A100}]}},
    ),
]


def paths(value, path=()):
    """Every place inside nested data."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from paths(inner, (*path, step))


PLACES = [(index, path) for index, fact in enumerate(STACK) for path in paths(fact.inputs)]


def lost(places) -> list[Resource]:
    """The stack with the values at these places not known."""
    inputs = [deepcopy(fact.inputs) for fact in STACK]
    for index, path in sorted(places, key=lambda place: -len(place[1])):
        value = inputs[index]
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = LATER
    return [Resource(fact.urn, fact.type, fact.name, fact.parent, found) for fact, found in zip(STACK, inputs, strict=True)]


LIMITS = {
    "limits": [
        {"family": "StandardNCADSA100v4Family", "region": "eastus", "limit": 20 * 24 - 1},
        {"family": "lowPriorityCores", "region": "eastus", "limit": 1000},
    ],
    "region": "eastus",
}


def said(resources, limit, folder):
    """What budget and quota say; each is one below what the stack holds, or less."""
    facts = StackFacts(demands=demands(resources), today=date(2026, 1, 2), folder=folder)
    budget, quota = gpu_budget.RULE.judge(facts, {"maxGpus": limit}), vcpu_quota.RULE.judge(facts, LIMITS)
    return [problem.code for problem in budget], [problem.code for problem in quota]


KNOWN = total(with_gpus(demands(STACK)), lambda demand: demand.gpus)


def test_the_whole_stack_is_known():
    """The stack that the laws are tried on holds 22 GPUs at most, all of them known."""
    assert (KNOWN.known.high, KNOWN.unknown) == (22, ())


@settings(max_examples=100, deadline=None)
@given(places=st.lists(st.sampled_from(PLACES), max_size=6, unique=True))
def test_a_lost_value_never_lowers_the_most(places):
    """Losing values, every resource holds at least as many GPUs at most as before, or an unknown number."""
    before = {(demand.urn, index): demand for index, demand in enumerate(demands(STACK))}
    after = total(with_gpus(demands(lost(places))), lambda demand: demand.gpus)
    assert after.unknown or after.known.high >= KNOWN.known.high
    for demand in demands(lost(places)):
        most = [found.gpus.high for (urn, _), found in before.items() if urn == demand.urn and isinstance(found.gpus, Range)]
        assert isinstance(demand.gpus, Unknown) or not demand.bought or demand.gpus.high >= min(most, default=0)


@settings(max_examples=100, deadline=None)
@given(places=st.lists(st.sampled_from(PLACES), max_size=6, unique=True), limit=st.integers(0, 21))
def test_a_lost_value_never_opens_the_budget(places, limit, tmp_path_factory):
    """A stack over budget and quota stays refused with onUnknown as it is, whichever of its values get lost."""
    folder = tmp_path_factory.getbasetemp()
    assert said(STACK, limit, folder) == (["KQ101"], ["KQ102"])
    assert all(said(lost(places), limit, folder))


@pytest.mark.parametrize(("index", "path"), [pytest.param(*place, id=f"{STACK[place[0]].name} {place[1]}") for place in PLACES])
def test_every_single_lost_value(index, path, tmp_path):
    """No single value that gets lost opens budget or quota."""
    assert all(said(lost([(index, path)]), 21, tmp_path))
