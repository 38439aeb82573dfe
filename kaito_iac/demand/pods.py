"""Demand of plain pods: what Deployments, StatefulSets, Jobs and the like ask for of the GPUs that nodes have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.demand.autoscaler import scaled_replicas
from kaito_iac.demand.claims import claimed
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.objects import namespace_of
from kaito_iac.demand.owner import made
from kaito_iac.demand.pool import pool_with
from kaito_iac.demand.range import Range, scaled
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import MOST_NODES, entries, field, flag, mapping, quantity, section, text, whole
from kaito_iac.stack.resource import Resource

POD_TOKEN: Final = re.compile(
    r"kubernetes:(core/v1:(?P<pod>Pod|ReplicationController)|(apps|extensions)/v\w+:(?P<set>Deployment|StatefulSet|ReplicaSet|DaemonSet)"
    r"|batch/v\w+:(?P<job>Job|CronJob))"
)
"""Tokens of what makes pods."""
_DEVICES: Final = re.compile(
    r"nvidia\.com/(gpu|mig-.+)(\.shared)?|amd\.com/gpu|gpu\.intel\.com/.+|habana\.ai/gaudi|aws\.amazon\.com/neuron.*"
)
"""Resources that stand for a GPU, a part of one, or another accelerator; each counts as one GPU."""
_LIKE_DEVICES: Final = re.compile(r"[^/]+/(.*[^a-z])?v?(gpu|tpu|npu|cuda|ascend|mlu|dcu|gcu).*|nvidia\.com/.+", re.IGNORECASE)
"""Resources of other device plugins: memory, cores or shares of GPUs, of which the number is not known, and GPUs by product."""
_BESIDE: Final = re.compile(r"nvidia\.com/.+|.*(mem|core|percent|prior|share).*", re.IGNORECASE)
"""Such resources that stand beside GPUs that are counted: their memory and cores, and network devices."""
_SHARED: Final = Unknown("pods share the nodes they find")
_ONE_PER_NODE: Final = Unknown("one pod on every node")
_OVERLAP: Final = Unknown("runs of a CronJob may overlap: concurrencyPolicy is Allow")


def pod_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the GPUs that pods ask for; nodes are bought by whatever holds them, so nothing is bought here."""
    found = POD_TOKEN.fullmatch(resource.type)
    if not found:
        return
    kind = str(found["pod"] or found["set"] or found["job"])
    path = {"Pod": (), "CronJob": ("jobTemplate", "spec", "template", "spec")}.get(kind, ("template", "spec"))
    pod = section(resource.inputs, "spec", *path)
    each, shared = devices_of(graph, resource, pod)
    if each == 0 and not shared:
        return
    count, why = _pods(graph, resource, kind)
    yield asking(graph, resource, kind, count=count, each=each, shared=shared, pod=pod, why=why)


def asking(
    graph: Graph,
    resource: Resource,
    kind: str,
    *,
    count: Range | Unknown,
    each: float | Unknown,
    shared: float = 0,
    pod: Any = None,
    why: str,
) -> Demand:
    """Return the demand of some equal pods: what each asks for, and what all of them share."""
    selector = mapping(mapping(pod).get("nodeSelector"))
    known = all(isinstance(value, str) for value in selector.values())
    pool = pool_with(graph, selector) if known else None
    size = pool.size if pool and pool.size else Unknown("the nodes of its pods are not stated")
    gpus = each if isinstance(each, Unknown) else scaled(count, each) if each else Range.exactly(0)
    gpus = gpus if isinstance(gpus, Unknown) else gpus.plus(Range.exactly(shared))
    more = {"stated_gpus": gpus, "bought": False, "pool": pool.urn if pool else "", "on": pool, "why": why}
    return made(graph, resource, kind, size, _SHARED, **more)


def devices_of(graph: Graph, resource: Resource, pod: Mapping[str, Any] | Unknown) -> tuple[float | Unknown, float]:
    """Return the GPUs of one pod, and those of claims that equal pods share."""
    each = _gpus(pod)
    if isinstance(pod, Unknown) or isinstance(each, Unknown):
        return each, 0
    claims = entries(pod.get("resourceClaims"), "resourceClaims")
    if isinstance(claims, Unknown) or not claims:
        return (claims, 0) if isinstance(claims, Unknown) else (each, 0)
    own, shared = claimed(graph, namespace_of(resource) or "default", claims)
    return (own, 0) if isinstance(own, Unknown) else (each + own, shared)


def _gpus(pod: Mapping[str, Any] | Unknown) -> float | Unknown:
    """Return the GPUs of one pod as the scheduler counts: of all containers together, or of one that runs before them."""
    if isinstance(pod, Unknown):
        return pod
    together, before = 0.0, 0.0
    for key in ("initContainers", "containers"):
        listed = entries(pod.get(key), key)
        for container in (listed,) if isinstance(listed, Unknown) else listed:
            asked = _asked(container)
            if isinstance(asked, Unknown):
                return asked
            if key == "containers" or mapping(container).get("restartPolicy") == "Always":
                together += asked
            else:
                before = max(before, together + asked)
    whole_pod = _asked(pod)
    return whole_pod if isinstance(whole_pod, Unknown) else max(together, before, whole_pod)


def _asked(container: Any) -> float | Unknown:
    resources = section({"container": container}, "container", "resources")
    most = 0.0
    for key in ("limits", "requests"):
        listed = section({"resources": resources}, "resources", key)
        if isinstance(listed, Unknown):
            return listed
        asked = 0.0
        for name in filter(_DEVICES.fullmatch, listed):
            value = quantity(listed[name], name)
            if isinstance(value, Unknown):
                return value
            asked += value or 0
        others = [name for name in listed if isinstance(name, str) and _LIKE_DEVICES.fullmatch(name)]
        others = [name for name in others if not _DEVICES.fullmatch(name) and not (asked and _BESIDE.fullmatch(name))]
        other = next((name for name in others if listed[name] not in (0, "0")), None)
        if other:
            return Unknown(f"how many GPUs {other} stands for is not known")
        most = max(most, asked)
    return most


def _pods(graph: Graph, resource: Resource, kind: str) -> tuple[Range | Unknown, str]:
    """Return how many pods there may be at once, and how the number comes about."""
    if kind == "Pod":
        return Range.exactly(1), "one pod"
    if kind == "DaemonSet":
        return _ONE_PER_NODE, "one pod on every node"
    spec = field(resource.inputs, "spec")
    if kind in ("Job", "CronJob"):
        return _runs(spec, kind), "pods of a job at once"
    replicas = whole(field({"spec": spec}, "spec", "replicas"), 1, "replicas")
    scaling = scaled_replicas(graph, resource, kind, replicas)
    if scaling is not None:
        return scaling, "replicas, as an autoscaler allows"
    return replicas if isinstance(replicas, Unknown) else Range.exactly(replicas), "replicas"


def job_pods(spec: Any) -> Range | Unknown:
    """Return how many pods a job may have at once."""
    return _runs(spec, "Job")


def _runs(spec: Any, kind: str) -> Range | Unknown:
    job = field({"spec": spec}, "spec", "jobTemplate", "spec") if kind == "CronJob" else spec
    parallel = whole(field({"job": job}, "job", "parallelism"), 1, "parallelism")
    completions = whole(field({"job": job}, "job", "completions"), MOST_NODES, "completions")
    suspended = flag(field({"spec": spec}, "spec", "suspend"), "suspend")
    policy = text(field({"spec": spec}, "spec", "concurrencyPolicy"), "concurrencyPolicy")
    for value in (parallel, completions, policy):
        if isinstance(value, Unknown):
            return value
    if kind == "CronJob" and policy not in ("Forbid", "Replace"):
        return _OVERLAP
    assert isinstance(parallel, int)
    assert isinstance(completions, int)
    pods = min(parallel, completions)
    return Range(0, 0 if suspended is True else pods, pods)
