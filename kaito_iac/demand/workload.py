"""Demand of workloads of several pods, as their CRDs count them: LeaderWorkerSet, Ray, JobSet, KServe and KubeVirt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.demand.autoscaler import scaled_replicas
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.equal_pods import Count, Part, exactly, times
from kaito_iac.demand.llm_service import llm_service_pods
from kaito_iac.demand.pods import asking, devices_of, job_pods
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, flag, mapping, section, text, whole
from kaito_iac.stack.resource import Resource

WORKLOAD_TOKEN: Final = re.compile(
    r"kubernetes:(leaderworkerset\.x-k8s\.io/v\w+:(?P<lws>LeaderWorkerSet)|ray\.io/v\w+:(?P<ray>RayCluster|RayJob|RayCronJob|RayService)"
    r"|jobset\.x-k8s\.io/v\w+:(?P<jobs>JobSet)|serving\.kserve\.io/v1beta1:(?P<kserve>InferenceService)"
    r"|serving\.kserve\.io/v\w+:(?P<llm>LLMInferenceService)"
    r"|kubevirt\.io/v\w+:(?P<vm>VirtualMachine|VirtualMachineInstance|VirtualMachineInstanceReplicaSet)"
    r"|pool\.kubevirt\.io/v\w+:(?P<pool>VirtualMachinePool))"
)
"""Tokens of kinds whose controllers make pods."""
_NO_BOUND: Final = Unknown("no maxReplicas bounds its autoscaler")
_RUNTIME: Final = Unknown("its serving runtime decides the GPUs")
_NO_JOB: Final = Unknown("it names no job")
_OVERLAP: Final = Unknown("runs of a RayCronJob may overlap")
_INSTANCETYPE: Final = Unknown("its instancetype may have GPUs")


def workload_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return what the pods of a workload ask for, part by part; nodes are bought by whatever holds them."""
    found = WORKLOAD_TOKEN.fullmatch(resource.type)
    if not found:
        return
    kind = resource.type.rpartition(":")[2]
    spec = field(resource.inputs, "spec")
    if isinstance(spec, Unknown):
        yield asking(graph, resource, kind, count=Range.exactly(1), each=spec, why="its spec is not known")
        return
    for part in _READERS[kind](graph, resource, mapping(spec)):
        pod: Any = {} if part.pod is None else part.pod
        each, shared = (part.gpus, 0.0) if part.pod is None else devices_of(graph, resource, pod)
        if each != 0 or shared:
            yield asking(graph, resource, kind, count=part.count, each=each, shared=shared, pod=pod, why=part.what)


def _leader_worker_set(graph: Graph, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Part]:
    replicas = whole(spec.get("replicas"), 1, "replicas")
    scaled = scaled_replicas(graph, resource, "LeaderWorkerSet", replicas)
    groups = exactly(replicas) if scaled is None else scaled
    group = section(spec, "leaderWorkerTemplate")
    if isinstance(group, Unknown):
        yield Part(what="pods of groups", count=groups, gpus=group)
        return
    size = whole(group.get("size"), 1, "size")
    workers = section(group, "workerTemplate", "spec")
    leads = group.get("leaderTemplate")
    leader = workers if leads is None else section({"leader": leads}, "leader", "spec")
    yield Part(what="the leader of every group", count=groups, pod=leader)
    rest = size if isinstance(size, Unknown) else max(size - 1, 0)
    if rest != 0:
        yield Part(what="the workers of every group", count=times(groups, exactly(rest)), pod=workers)


def _ray_cron_job(graph: Graph, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Part]:
    """Return the pods of a RayJob that starts by a schedule: of one run, where runs do not overlap."""
    job = section(spec, "jobTemplate")
    if isinstance(job, Unknown) or not job:
        yield Part(what="its job", count=Range.exactly(1), gpus=job if isinstance(job, Unknown) else _NO_JOB)
        return
    alone = spec.get("concurrencyPolicy") in ("Forbid", "Replace")
    runs = Range(0, 0 if spec.get("suspend") is True else 1, 1) if alone else _OVERLAP
    for part in _ray(graph, resource, job, "RayJob"):
        yield replace(part, count=times(part.count, runs))


def _ray(graph: Graph, resource: Resource, spec: Mapping[str, Any], kind: str = "") -> Iterator[Part]:
    kind = kind or resource.type.rpartition(":")[2]
    key = {"RayCluster": "", "RayJob": "rayClusterSpec", "RayService": "rayClusterConfig"}[kind]
    if kind == "RayJob" and spec.get("submitterPodTemplate") is not None:
        yield Part(what="the submitter", count=Range.exactly(1), pod=section(spec, "submitterPodTemplate", "spec"))
    cluster = section(spec, key) if key else spec
    if isinstance(cluster, Unknown):
        yield Part(what="its cluster", count=Range.exactly(1), gpus=cluster)
        return
    if key and not cluster:
        return  # it runs on a cluster that is there
    upgrade = text(field(spec, "upgradeStrategy", "type"), "type")
    copies = Range(1, 1, 2) if kind == "RayService" and upgrade != "None" else Range.exactly(1)
    if cluster.get("headGroupSpec") is not None:
        yield Part(what="the head", count=copies, pod=section(cluster, "headGroupSpec", "template", "spec"))
    groups = entries(cluster.get("workerGroupSpecs"), "workerGroupSpecs")
    scaled = flag(cluster.get("enableInTreeAutoscaling"), "enableInTreeAutoscaling") is not False
    for group in (groups,) if isinstance(groups, Unknown) else groups:
        pod = section({"group": group}, "group", "template", "spec")
        yield Part(what="workers", count=times(_ray_workers(group, scaled=scaled), copies), pod=pod)


def _ray_workers(group: Any, *, scaled: bool) -> Count:
    """Return the workers of a group: its replicas, up to maxReplicas where Ray's autoscaler is on."""
    if isinstance(group, Unknown):
        return group
    values = mapping(group)
    low = whole(values.get("minReplicas"), 0, "minReplicas")
    replicas = whole(values.get("replicas"), low if isinstance(low, Unknown) else max(low, 1), "replicas")
    most = whole(values.get("maxReplicas"), _NO_BOUND, "maxReplicas") if scaled else 0
    hosts = whole(values.get("numOfHosts"), 1, "numOfHosts")
    for value in (low, replicas, most, hosts):
        if isinstance(value, Unknown):
            return value
    assert isinstance(low, int)
    assert isinstance(replicas, int)
    assert isinstance(most, int)
    assert isinstance(hosts, int)
    high = max(low, replicas, most)
    return Range(min(low, replicas) if scaled else replicas, max(low, replicas), high).times(hosts)


def _job_set(graph: Graph, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Part]:
    jobs = entries(spec.get("replicatedJobs"), "replicatedJobs")
    for job in (jobs,) if isinstance(jobs, Unknown) else jobs:
        inner = section({"job": job}, "job", "template", "spec")
        replicas = whole(field({"job": job}, "job", "replicas"), 1, "replicas")
        pods = inner if isinstance(inner, Unknown) else job_pods(inner)
        pod = section({"job": inner}, "job", "template", "spec")
        yield Part(what="pods of jobs at once", count=times(pods, exactly(replicas)), pod=pod)


_MODELS: Final = (
    "model",
    "triton",
    "pytorch",
    "tensorflow",
    "huggingface",
    "onnx",
    "sklearn",
    "xgboost",
    "lightgbm",
    "paddle",
    "pmml",
)
"""Keys of a predictor whose container a serving runtime makes."""


def _inference_service(graph: Graph, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Part]:
    for name in ("predictor", "transformer", "explainer"):
        if spec.get(name) is None:
            continue
        component = section(spec, name)
        if isinstance(component, Unknown):
            yield Part(what=name, count=Range.exactly(1), gpus=component)
            continue
        count = _serving_replicas(component)
        revisions = 1 if component.get("canaryTrafficPercent") is None else Range(1, 2, 2)
        count = times(count, revisions)
        yield Part(what=name, count=count, pod=_with_model(component))
        if component.get("workerSpec") is not None:
            workers = section(component, "workerSpec")
            more = whole(
                field({"w": workers}, "w", "pipelineParallelSize"), Unknown("its number of workers is not given"), "size"
            )
            size = field({"w": workers}, "w", "size")
            each = whole(size, more, "size") if size is not None else more
            pod = {"containers": [_unknown_container()]} if isinstance(workers, Unknown) else workers
            asked = pod if mapping(pod).get("containers") else {**mapping(pod), "containers": [_unknown_container()]}
            yield Part(what=f"workers of the {name}", count=times(count, exactly(each)), pod=asked)


def _serving_replicas(component: Mapping[str, Any]) -> Count:
    low = whole(component.get("minReplicas"), 1, "minReplicas")
    high = whole(component.get("maxReplicas"), _NO_BOUND, "maxReplicas")
    if isinstance(low, Unknown):
        return low
    if isinstance(high, Unknown):
        return high
    if high == 0:
        return _NO_BOUND
    return Range(min(low, high), max(low, 1) if low <= high else low, max(low, high))


def _with_model(component: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a component as a pod: the container that a serving runtime makes asks for what `resources` says."""
    made = [mapping(component[key]) for key in _MODELS if component.get(key) is not None]
    given = entries(component.get("containers"), "containers")
    own = [given] if isinstance(given, Unknown) else list(given)
    known = [{"resources": one["resources"]} if one.get("resources") else _unknown_container() for one in made]
    return {**component, "containers": [*own, *known]}


def _unknown_container() -> Unknown:
    return _RUNTIME


def _virtual_machine(graph: Graph, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Part]:
    kind = resource.type.rpartition(":")[2]
    path = {
        "VirtualMachine": ("template", "spec"),
        "VirtualMachineInstance": (),
        "VirtualMachineInstanceReplicaSet": ("template", "spec"),
        "VirtualMachinePool": ("virtualMachineTemplate", "spec", "template", "spec"),
    }[kind]
    machine = section(spec, *path) if path else spec
    typed = spec.get("instancetype") or field(spec, "virtualMachineTemplate", "spec", "instancetype")
    replicas = whole(spec.get("replicas"), 1, "replicas")
    scaled = scaled_replicas(graph, resource, kind, replicas)
    count = exactly(replicas) if scaled is None else scaled
    yield Part(what="virtual machines", count=count, gpus=_INSTANCETYPE if typed else _host_devices(machine))


def _host_devices(machine: Mapping[str, Any] | Unknown) -> float | Unknown:
    """Return the devices of a host that a virtual machine takes; every one may be a GPU."""
    total = 0
    for key in ("gpus", "hostDevices"):
        listed = entries(field({"machine": machine}, "machine", "domain", "devices", key), key)
        if isinstance(listed, Unknown):
            return listed
        total += len(listed)
    return total


_READERS: Final[Mapping[str, Callable[[Graph, Resource, Mapping[str, Any]], Iterator[Part]]]] = {
    "LeaderWorkerSet": _leader_worker_set,
    "RayCluster": _ray,
    "RayJob": _ray,
    "RayCronJob": _ray_cron_job,
    "RayService": _ray,
    "JobSet": _job_set,
    "InferenceService": _inference_service,
    "LLMInferenceService": llm_service_pods,
    "VirtualMachine": _virtual_machine,
    "VirtualMachineInstance": _virtual_machine,
    "VirtualMachineInstanceReplicaSet": _virtual_machine,
    "VirtualMachinePool": _virtual_machine,
}
