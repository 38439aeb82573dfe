"""What a rule refuses when everything is known, it never lets pass when something is not."""

import copy
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.guardrails import RULES
from kaito_iac.rules.rule import ResourceRule, StackFacts
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import Resource

LATER = Unknown("known only after the update")
TODAY = date(2026, 6, 30)
MASKS = 400
"""Masks for each of the wrong stacks below."""
A100 = "Standard_NC24ads_A100_v4"
AZURE = "azure-native:containerservice:"
RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"
TOKEN = "hf_" + "a1B2" * 8


def thing(kind, name, **inputs):
    return Resource(f"urn:pulumi:prod::shop::{kind}::{name}", kind, name, None, inputs)


def workspace(size=A100, preset="phi-4", annotations=None, labels=None, **inference):
    return thing(
        "kubernetes:kaito.sh/v1beta1:Workspace",
        "chat",
        metadata={"name": "chat", "namespace": "default", "annotations": annotations or {}},
        resource={"instanceType": size, "labelSelector": {"matchLabels": labels or {"app": "chat"}}},
        inference={"preset": {"name": preset}, **inference},
    )


def tuning(preset):
    return thing(
        "kubernetes:kaito.sh/v1beta1:Workspace",
        "law",
        metadata={"name": "law"},
        resource={"instanceType": A100, "labelSelector": {"matchLabels": {"apps": "gpu"}}},
        tuning={
            "preset": {"name": preset},
            "method": "lora",
            "input": {"name": "data", "urls": ["https://data.example.com/train.parquet"]},
            "output": {"image": "registry.example.com/adapters/phi:1", "imagePushSecret": "push"},
        },
    )


def replicas(annotations=None, **spec):
    template = {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4"}}}
    return thing(
        "kubernetes:kaito.sh/v1beta1:InferenceSet",
        "chats",
        metadata={"name": "chats", "annotations": annotations or {}},
        spec={"replicas": 1, "labelSelector": {"matchLabels": {"app": "chat"}}, "template": template, **spec},
    )


def rag(**embedding):
    spec = {
        "compute": {"instanceType": A100, "labelSelector": {"matchLabels": {"app": "docs"}}},
        "storage": {"persistentVolume": {"persistentVolumeClaim": "docs"}},
        "embedding": embedding,
        "inferenceService": {"url": "http://chat/v1/chat/completions", "contextWindowSize": 4096},
    }
    return thing("kubernetes:kaito.sh/v1beta1:RAGEngine", "docs", metadata={"name": "docs"}, spec=spec)


def pool(*taints, **inputs):
    return thing(f"{AZURE}AgentPool", "a100", vmSize=A100, nodeLabels={"apps": "gpu"}, nodeTaints=list(taints), **inputs)


def service(**spec):
    return thing("kubernetes:core/v1:Service", "web", metadata={"name": "web", "annotations": {"a": "b"}}, spec=spec)


def chart(name, chart, **values):
    repo = {"repo": "https://kaito-project.github.io/kaito/charts/kaito"}
    return thing("kubernetes:helm.sh/v3:Release", name, chart=chart, repositoryOpts=repo, values=values)


def deployment(*env, image="registry.example.com/x:1"):
    container = {"name": "c", "image": image, "env": [{"name": "T", "value": value} for value in env]}
    return thing("kubernetes:apps/v1:Deployment", "web", spec={"template": {"spec": {"containers": [container]}}})


def config_map(context):
    data = {"inference_config.yaml": f"vllm:\n  max-model-len: {context}\n"}
    return thing("kubernetes:core/v1:ConfigMap", "settings", metadata={"name": "settings", "namespace": "default"}, data=data)


def route():
    spec = {"parentRefs": [{"name": "edge", "namespace": "gw"}], "rules": [{"backendRefs": [{"name": "chat", "port": 80}]}]}
    metadata = {"name": "route", "namespace": "default"}
    return thing("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "route", metadata=metadata, spec=spec)


def denial():
    spec = {"action": "DENY", "targetRefs": [{"kind": "Gateway", "name": "edge"}]}
    metadata = {"name": "auth", "namespace": "gw"}
    return thing("kubernetes:security.istio.io/v1:AuthorizationPolicy", "auth", metadata=metadata, spec=spec)


def ingress(port):
    path = {"path": "/", "backend": {"service": {"name": "chat", "port": {"number": port}}}}
    spec = {"rules": [{"http": {"paths": [path]}}]}
    return thing("kubernetes:networking.k8s.io/v1:Ingress", "in", metadata={"name": "in", "annotations": {}}, spec=spec)


def binding():
    subjects = [{"kind": "ServiceAccount", "name": "runner", "namespace": "team-b"}]
    role = {"kind": "ClusterRole", "name": "edit"}
    return thing(f"{RBAC}RoleBinding", "b", metadata={"namespace": "team-a"}, roleRef=role, subjects=subjects)


def gateway():
    spec = {"listeners": [{"name": "https", "tls": {"certificateRefs": [{"name": "tls", "namespace": "shop"}]}}]}
    return thing("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gw", metadata={"namespace": "edge"}, spec=spec)


def mirror():
    spec = {
        "source": {"registry": "huggingface", "modelID": "microsoft/phi-4"},
        "storage": {"size": "100Gi", "storageClassName": "fast"},
    }
    return thing("kubernetes:kaito.sh/v1alpha1:ModelMirror", "weights", metadata={"name": "weights"}, spec=spec)


CLUSTER_ROLE = thing(f"{RBAC}ClusterRole", "reader", rules=[{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}])
KARPENTER = thing(
    "kubernetes:karpenter.sh/v1:NodePool",
    "k",
    metadata={"labels": {}},
    spec={"template": {"spec": {"requirements": [{"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot"]}]}}},
)
ADAPTER = {"source": {"name": "law", "image": "registry.example.com/law:1"}, "strength": "0.5"}
SMALL = workspace("Standard_NV36ads_A10_v5", annotations={"kaito.sh/runtime": "transformers"})
CLAIM = thing("kubernetes:core/v1:PersistentVolumeClaim", "docs", metadata={"name": "docs"}, spec={})

WRONG = [
    ("vm-size", {}, [workspace("Standard_NZ6s_v9")]),
    ("vm-size", {}, [rag(local={"modelID": "m"}), workspace("big")]),
    ("model-fits", {}, [SMALL]),
    ("gated-model-token", {}, [workspace(preset="llama-3.3-70b-instruct")]),
    ("tunable-model", {}, [tuning("llama-3.1-8b-instruct")]),
    ("adapter-strength", {}, [workspace(adapters=[ADAPTER])]),
    ("deprecated-api", {}, [thing("kubernetes:kaito.sh/v1alpha1:Workspace", "old", **workspace().inputs)]),
    ("reserved-label", {}, [workspace(labels={"app": "chat", "kaito.sh/workspace": "x"})]),
    ("rag-embedding", {}, [rag(local={"modelID": "acme/other"})]),
    ("autoscaling-keys", {}, [replicas({f"scaledobject.kaito.sh/{key}": "true" for key in ("auto-provision", "threshold")})]),
    ("kaito-refuses", {}, [workspace(preset="phi-99")]),
    ("kaito-refuses", {"provisioner": "byo"}, [replicas()]),
    ("works-as-written", {}, [workspace(annotations={"kaito.sh/runtime": "VLLM"})]),
    ("context-limit", {}, [workspace(config="settings"), config_map(10**7)]),
    ("public-load-balancer", {}, [service(type="LoadBalancer", ports=[{"port": 80}])]),
    ("public-load-balancer", {}, [workspace(annotations={"kaito.sh/enablelb": "True"})]),
    ("source-ranges", {}, [service(type="LoadBalancer", loadBalancerSourceRanges=["10.0.0.0/8", "0.0.0.0/0"])]),
    ("source-ranges", {}, [service(type="LoadBalancer", ports=[{"port": 80}])]),
    ("no-auth", {}, [workspace(), route(), denial()]),
    ("no-auth", {}, [workspace(), ingress(80)]),
    ("ray-ports", {}, [service(type="LoadBalancer", ports=[{"port": 80}, {"port": 9, "targetPort": 8265}])]),
    ("ray-ports", {}, [ingress(8265)]),
    ("plain-secret", {}, [deployment("x", TOKEN)]),
    ("plain-secret", {}, [thing("kubernetes:core/v1:Secret", "s", metadata={"name": "s"}, stringData={"t": TOKEN})]),
    ("secret-reach", {}, [CLUSTER_ROLE]),
    ("secret-reach", {}, [binding()]),
    ("secret-reach", {}, [gateway()]),
    ("missing-gate", {}, [chart("kaito", "workspace", featureGates={"enableInferenceSetController": False}), replicas()]),
    ("missing-gate", {}, [mirror()]),
    ("operator-replicas", {}, [chart("kaito", "workspace", replicaCount=2)]),
    ("pool-replacement", {}, [pool("sku=gpu:NoSchedule"), tuning("phi-4")]),
    ("unprotected", {}, [thing(f"{AZURE}ManagedCluster", "aks", location="eastus"), CLAIM]),
    ("production-spot", {}, [pool(scaleSetPriority="Spot", tags={"environment": "prod"})]),
    ("production-spot", {"stacks": ""}, [pool(scaleSetPriority="Spot", tags={"environment": "prod"})]),
    ("production-spot", {}, [KARPENTER]),
    ("pool-taints", {}, [pool("sku=gpu:NoSchedule", "team=a:NoSchedule")]),
    ("pool-taints", {}, [thing(f"{AZURE}ManagedCluster", "aks", agentPoolProfiles=[{"name": "p", "vmSize": A100}])]),
    ("taint-mismatch", {}, [pool("nvidia.com/gpu:NoSchedule"), tuning("phi-4")]),
    (
        "device-plugin",
        {},
        [chart("kaito", "workspace", logging={}), chart("gpus", "gpu-operator", devicePlugin={"enabled": True})],
    ),
    ("device-plugin", {}, [chart("kaito", "workspace"), pool(gpuProfile={"nvidia": {"managementMode": "Managed"}})]),
    ("owner-tag", {"labels": True}, [pool(tags={"team": "x", "owner": ""}), workspace()]),
    ("image-registry", {"allowed": ["mcr.microsoft.com"]}, [deployment("x"), workspace(adapters=[ADAPTER])]),
    ("image-registry", {"allowed": ["mcr.microsoft.com"]}, [chart("x", "x", image={"registry": "a.io", "repository": "b"})]),
    ("ready-timeout", {}, [workspace(annotations={"pulumi.com/waitFor": "condition=WorkspaceSucceeded"})]),
    ("allowed-models", {"deniedModels": ["phi-4"]}, [workspace()]),
    ("allowed-models", {"allowedLicences": ["apache-2.0"]}, [mirror()]),
]
BY_NAME = {rule.name: rule for rule in RULES}


def places(value, path=()):
    """Return the path to everything inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inner:
        yield (*path, key)
        yield from places(entry, (*path, key))


def masked(stack, chosen):
    """Return the stack with unknowns at some places: index of the resource, then path."""
    inputs = [copy.deepcopy(dict(fact.inputs)) for fact in stack]
    for index, *path in chosen:
        value = inputs[index]
        for key in path[:-1]:
            value = value[key] if not isinstance(value, Unknown) else value
        if not isinstance(value, Unknown):
            value[path[-1]] = LATER
    return [replace(fact, inputs=given) for fact, given in zip(stack, inputs, strict=True)]


def said(rule, stack, settings):
    if isinstance(rule, ResourceRule):
        return [problem for fact in stack if rule.concerns(fact.type) for problem in rule.judge(fact, settings)]
    return list(rule.judge(StackFacts.of(stack, TODAY, Path("/")), settings))


def test_every_rule_is_tried():
    """Every rule has a stack that it refuses, but the one about nothing but unknowns, and those that compare known sums."""
    sums = {"pool-capacity", "pool-renewal", "node-parts", "namespace-gpus", "namespace-growth", "endpoint-context"}
    sums |= {"pool-autoscaling"}  # refused by Azure only where both are known
    sums |= {"waivers"}  # about the configuration alone
    assert {rule.name for rule in RULES} - {name for name, _, _ in WRONG} == {"unknown-values", *sums}
    assert len(WRONG) * MASKS >= 10_000


@pytest.mark.parametrize(
    ("name", "settings", "stack"), [pytest.param(*row, id=f"{i:02} {row[0]}") for i, row in enumerate(WRONG)]
)
def test_an_unknown_never_lets_pass(name, settings, stack):
    """Whatever subset of a refused stack is not known, the same rule refuses it still, and raises nothing."""
    rule, chance = BY_NAME[name], random.Random(f"{name} {len(stack)}")
    assert said(rule, stack, settings), "the fully known stack is refused"
    every = [(index, *path) for index, fact in enumerate(stack) for path in places(fact.inputs)]
    for _ in range(MASKS):
        chosen = chance.sample(every, chance.randint(1, min(len(every), chance.choice((1, 3, 12)))))
        found = said(rule, masked(stack, chosen), settings)
        assert found, f"passed with unknown {chosen}"
        assert not any("could not be judged" in problem.found for problem in found), found


@pytest.mark.parametrize(
    ("name", "settings", "stack"), [pytest.param(*row, id=f"{i:02} {row[0]}") for i, row in enumerate(WRONG)]
)
def test_inputs_that_are_not_known_never_let_pass(name, settings, stack):
    """Of a refused stack any resource, or every one, may be unreadable as a whole: the rule refuses it, and says why."""
    rule = BY_NAME[name]
    for hidden in [{index} for index in range(len(stack))] + [set(range(len(stack)))]:
        part = [replace(fact, inputs=LATER) if index in hidden else fact for index, fact in enumerate(stack)]
        found = said(rule, part, settings)
        assert found, hidden
        assert not any("could not be judged" in problem.found for problem in found), found


def refused(stack, given):
    """The resources that the pack stops, with settings by rule."""
    settings, problems = settings_of(RULES, given)
    assert problems == ()
    return {found.urn for found in run(RULES, StackFacts.of(stack, TODAY, Path("/")), settings) if found.level == "mandatory"}


def test_the_pack_never_lets_pass():
    """Whatever is not known of a random stack, the pack refuses every resource that it refuses when all is known."""
    chance = random.Random(4)
    for _ in range(60):
        rows = chance.sample(WRONG, 3)
        stack = [fact for _, _, facts in rows for fact in facts]
        settings = {name: terms for name, terms, _ in rows}
        every = [(index, *path) for index, fact in enumerate(stack) for path in places(fact.inputs)]
        known = refused(stack, settings)
        assert known <= refused(masked(stack, chance.sample(every, chance.randint(1, 8))), settings)


@pytest.mark.parametrize("junk", [None, True, 7, "text", [], [[]], {}, [None], {"a": None}, 1.5], ids=repr)
def test_junk_is_judged(junk):
    """Values of any type in any place are judged without an exception, and without the word of a defect."""
    for name, settings, stack in WRONG:
        rule = BY_NAME[name]
        for index, fact in enumerate(stack):
            for path in places(fact.inputs):
                inputs = copy.deepcopy(dict(fact.inputs))
                value = inputs
                for key in path[:-1]:
                    value = value[key]
                value[path[-1]] = copy.deepcopy(junk)
                changed = [*stack]
                changed[index] = Resource(fact.urn, fact.type, fact.name, fact.parent, inputs)
                for problem in said(rule, changed, settings):
                    assert "could not be judged" not in problem.found, (name, path, problem.found)
