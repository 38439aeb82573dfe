"""Random stacks with GPUs, and the same with values lost: to show of a rule that it never passes what it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

LOST: Final = Unknown("set by an output")
"""Placeholder for a value that was lost."""
_SIZES: Final = ("Standard_NC24ads_A100_v4", "Standard_NC96ads_A100_v4", "Standard_NC40ads_H100_v5", "Standard_NV36ads_A10_v5")
_AWS_SIZES: Final = ("g5.xlarge", "p4d.24xlarge", "g6.12xlarge")
_WITHOUT_GPUS: Final = "Standard_D4s_v5"
_TEAMS: Final = ("search", "ads", "shop")
_SPACES: Final = ("models", "chat", "default")
_REGIONS: Final = ("eastus", "eastus2")
_PRESETS: Final = ("phi-4-mini-instruct", "phi-4", "llama-3.3-70b-instruct")
_KEDA: Final = "scaledobject.kaito.sh/"
_SELECTED: Final = {"labelSelector": {"matchLabels": {"apps": "gpu"}}}
_COMPONENT: Final = "urn:around"


def masks(count: int, seed: int, *, each: int = 25) -> Iterator[tuple[Sequence[Resource], Sequence[Resource]]]:
    """Return so many pairs: a stack whose values are all known, and the same stack with some of them lost.

    The same seed gives the same pairs; `each` masks in a row are of one stack, which is then the same object.
    """
    random = Random(seed)
    for made in range(count):
        if made % each == 0:
            known = random_stack(random)
        yield known, lost(random, known)


def random_stack(random: Random) -> list[Resource]:
    """Return a stack of a few resources that hold or use GPUs, in a component or not, with what they refer to."""
    found = [
        Resource(_COMPONENT, "kaito-iac:index:KaitoWorkspace", "around", None, _component(random)),
        Resource(
            "urn:space", "kubernetes:core/v1:Namespace", "space", None, {"metadata": _metadata(random, random.choice(_SPACES))}
        ),
    ]
    for index in range(random.randint(1, 4)):
        token, inputs = random.choice(_KINDS)(random)
        parent = _COMPONENT if random.random() < 0.5 else None
        found.append(Resource(f"urn:{index}", token, f"it{index}", parent, inputs))
    random.shuffle(found)
    return found


def lost(random: Random, stack: Sequence[Resource], most: int = 6) -> list[Resource]:
    """Return a stack with up to so many of its values lost, at any depth, whole inputs among them."""
    places = [(fact.urn, path) for fact in stack for path in [(), *_paths(fact.inputs)]]
    chosen = set(random.sample(places, min(len(places), random.choice((1, 1, 2, 3, most)))))
    return [Resource(fact.urn, fact.type, fact.name, fact.parent, _without(fact.inputs, fact.urn, (), chosen)) for fact in stack]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from _paths(inner, (*path, step))


def _without(value: Any, urn: str, path: tuple[Any, ...], places: set[tuple[str, tuple[Any, ...]]]) -> Any:
    if (urn, path) in places:
        return LOST
    if isinstance(value, dict):
        return {key: _without(part, urn, (*path, key), places) for key, part in value.items()}
    return [_without(part, urn, (*path, index), places) for index, part in enumerate(value)] if isinstance(value, list) else value


def _some(random: Random, **parts: Any) -> dict[str, Any]:
    """Keep each part or leaves it out."""
    return {key: value for key, value in parts.items() if random.random() < 0.5}


def _component(random: Random) -> dict[str, Any]:
    labels, tags = {"team": random.choice(_TEAMS)}, {"team": random.choice(_TEAMS)}
    known = _some(random, labels=labels, tags=tags, instanceType=random.choice(_SIZES))
    return {"location": random.choice(_REGIONS), "nodes": random.randint(1, 4), **known}


def _metadata(random: Random, name: str, **more: Any) -> dict[str, Any]:
    labels = {"team": random.choice(_TEAMS)}
    return {"name": name, **_some(random, labels=labels, namespace=random.choice(_SPACES)), **more}


def _place(random: Random) -> dict[str, Any]:
    return {"instanceType": random.choice((*_SIZES, _WITHOUT_GPUS))} if random.random() < 0.8 else {}


def _agent_pool(random: Random) -> dict[str, Any]:
    low, high = sorted((random.randint(0, 9), random.randint(0, 9)))
    pool = {
        "vmSize": random.choice((*_SIZES, *_SIZES, _WITHOUT_GPUS)),
        "nodeLabels": {"apps": "gpu", **_some(random, team=random.choice(_TEAMS))},
        **_some(random, count=random.randint(low, high), tags={"team": random.choice(_TEAMS)}, scaleDownMode="Deallocate"),
        **_some(random, scaleSetPriority=random.choice(("Spot", "Regular")), gpuInstanceProfile="MIG1g"),
    }
    if random.random() < 0.5:
        pool |= {"enableAutoScaling": True, "minCount": low, "maxCount": high}
    if random.random() < 0.2:
        manual = [{"size": random.choice(_SIZES), "count": random.randint(0, 4)} for _ in range(2)]
        pool |= {"type": "VirtualMachines", "virtualMachinesProfile": {"scale": {"manual": manual}}}
    return pool


def _pool(random: Random) -> tuple[str, dict[str, Any]]:
    token = random.choice(("azure-native:containerservice:AgentPool", "azure-native:containerservice/v20240901:AgentPool"))
    return token, _agent_pool(random)


def _cluster(random: Random) -> tuple[str, dict[str, Any]]:
    pools = [_agent_pool(random) for _ in range(random.randint(1, 3))]
    return "azure-native:containerservice:ManagedCluster", {"location": random.choice(_REGIONS), "agentPoolProfiles": pools}


def _node_group(random: Random) -> tuple[str, dict[str, Any]]:
    low, high = sorted((random.randint(0, 9), random.randint(1, 9)))
    scaling = {"minSize": low, "desiredSize": high, "maxSize": high}
    sizes = random.sample(_AWS_SIZES, random.randint(1, 2))
    more = _some(random, capacityType="SPOT", labels={"apps": "gpu"}, tags={"team": random.choice(_TEAMS)})
    return "aws:eks/nodeGroup:NodeGroup", {"instanceTypes": sizes, "scalingConfig": scaling, "region": "us-east-1", **more}


def _node_pool(random: Random) -> tuple[str, dict[str, Any]]:
    sizes = random.sample(_SIZES, random.randint(1, 2))
    needs = [
        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": sizes},
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": [random.choice(("spot", "on-demand"))]},
        {"key": "karpenter.azure.com/sku-family", "operator": "In", "values": ["N"]},
    ]
    spec = {"template": {"metadata": {"labels": {"apps": "gpu"}}, "spec": {"requirements": needs[: random.randint(1, 3)]}}}
    limits = {"cpu": str(random.randint(24, 960)), "nvidia.com/gpu": random.randint(0, 16), "nodes": str(random.randint(1, 9))}
    spec |= _some(random, limits=_some(random, **limits), replicas=random.randint(0, 5))
    return "kubernetes:karpenter.sh/v1:NodePool", {"metadata": _metadata(random, "pool"), "spec": spec}


def _inference(random: Random) -> dict[str, Any]:
    return {"preset": {"name": random.choice(_PRESETS)}, **_some(random, template={"spec": {}})}


def _workspace(random: Random) -> tuple[str, dict[str, Any]]:
    place = {**_place(random), **_SELECTED, **_some(random, count=random.randint(1, 4))}
    work = {"tuning": {"preset": {"name": "phi-4"}}} if random.random() < 0.2 else {"inference": _inference(random)}
    return "kubernetes:kaito.sh/v1beta1:Workspace", {"metadata": _metadata(random, "ws"), "resource": place, **work}


def _inference_set(random: Random) -> tuple[str, dict[str, Any]]:
    scaling = {f"{_KEDA}auto-provision": "true", f"{_KEDA}min-replicas": "1", f"{_KEDA}max-replicas": str(random.randint(1, 6))}
    spec = {
        "template": {"resource": _place(random), "inference": _inference(random)},
        **_SELECTED,
        **_some(random, replicas=random.randint(0, 4), autoUpgrade={"enabled": True, "strategy": "Surge"}),
    }
    metadata = _metadata(random, "set", **_some(random, annotations=scaling))
    return "kubernetes:kaito.sh/v1beta1:InferenceSet", {"metadata": metadata, "spec": spec}


def _scaled_object(random: Random) -> tuple[str, dict[str, Any]]:
    target = random.choice(({"kind": "InferenceSet", "name": "set"}, {"kind": "Deployment", "name": "app"}))
    spec = {"scaleTargetRef": target, **_some(random, minReplicaCount=1, maxReplicaCount=random.randint(1, 9))}
    return "kubernetes:keda.sh/v1alpha1:ScaledObject", {"metadata": _metadata(random, "scaler"), "spec": spec}


def _rag_engine(random: Random) -> tuple[str, dict[str, Any]]:
    return "kubernetes:kaito.sh/v1beta1:RAGEngine", {"metadata": _metadata(random, "rag"), "spec": {"compute": _place(random)}}


def _roles(random: Random) -> tuple[str, dict[str, Any]]:
    roles = [{"type": kind, "replicas": random.randint(1, 3), **_place(random)} for kind in ("prefill", "decode")]
    spec = {"model": {"name": random.choice(_PRESETS)}, "roles": roles, **_SELECTED}
    return "kubernetes:kaito.sh/v1alpha1:MultiRoleInference", {"metadata": _metadata(random, "roles"), "spec": spec}


def _deployment(random: Random) -> tuple[str, dict[str, Any]]:
    container = {"name": "app", **_some(random, resources={"limits": {"nvidia.com/gpu": str(random.randint(1, 4))}})}
    spec = {"template": {"spec": {"containers": [container], **_some(random, nodeSelector={"apps": "gpu"})}}}
    spec |= _some(random, replicas=random.randint(0, 4))
    return "kubernetes:apps/v1:Deployment", {"metadata": _metadata(random, "app"), "spec": spec}


_KINDS: Final[tuple[Callable[[Random], tuple[str, Mapping[str, Any]]], ...]] = (
    *(_pool, _cluster, _node_group, _node_pool, _workspace, _inference_set, _scaled_object, _rag_engine, _roles, _deployment),
)
