"""Pods of KServe's LLMInferenceService: decode and prefill, one pod or a group of several, and its scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.demand.autoscaler import scaled_replicas
from kaito_iac.demand.demand import Graph
from kaito_iac.demand.equal_pods import Count, Part, exactly, times
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, mapping, section, whole
from kaito_iac.stack.resource import Resource

_BASE: Final = Unknown("its baseRefs decide its pods too")
_DEFAULT: Final = Unknown("KServe's default configuration decides its GPUs")
_NO_BOUND: Final = Unknown("no maxReplicas bounds its autoscaler")


def llm_service_pods(graph: Graph, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Part]:
    """Return the pods of a service: what a base configuration may change is unknown."""
    if entries(spec.get("baseRefs"), "baseRefs") != ():
        yield Part(what="its pods", count=Range.exactly(1), gpus=_BASE)
        return
    yield from _workload(graph, resource, spec, "its pods")
    if spec.get("prefill") is not None:
        prefill = section(spec, "prefill")
        if isinstance(prefill, Unknown):
            yield Part(what="prefill", count=Range.exactly(1), gpus=prefill)
        else:
            yield from _workload(graph, resource, prefill, "prefill")
    yield from _scheduler(spec)


def _workload(graph: Graph, resource: Resource, work: Mapping[str, Any], what: str) -> Iterator[Part]:
    copies = _copies(graph, resource, work)
    pod = section(work, "template")
    yield Part(what=what, count=copies, pod=pod if isinstance(pod, Unknown) else _stated(pod))
    if work.get("worker") is not None:
        worker = section(work, "worker")
        size = _group_size(work)
        rest = size if isinstance(size, Unknown) else max(size - 1, 0)
        count = times(copies, exactly(rest))
        yield Part(what=f"workers of {what}", count=count, pod=worker if isinstance(worker, Unknown) else _stated(worker))


def _stated(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a pod; one whose containers say nothing of resources has those of KServe's defaults."""
    listed = entries(pod.get("containers"), "containers")
    says = isinstance(listed, Unknown) or any(mapping(one).get("resources") for one in listed)
    return pod if says else {**pod, "containers": [_DEFAULT]}


def _copies(graph: Graph, resource: Resource, work: Mapping[str, Any]) -> Count:
    if work.get("scaling") is not None:
        scaling = section(work, "scaling")
        low = whole(field(scaling, "minReplicas"), 1, "minReplicas")
        high = whole(field(scaling, "maxReplicas"), _NO_BOUND, "maxReplicas")
        for value in (low, high):
            if isinstance(value, Unknown):
                return value
        assert isinstance(low, int)
        assert isinstance(high, int)
        return Range(min(low, high), min(low, high), max(low, high))
    replicas = whole(work.get("replicas"), 1, "replicas")
    scaled = scaled_replicas(graph, resource, "LLMInferenceService", replicas)
    return exactly(replicas) if scaled is None else scaled


def _group_size(work: Mapping[str, Any]) -> int | Unknown:
    """Return the pods of one group, as KServe divides it: by data parallelism, else by pipeline."""
    data, local, pipeline = (whole(field(work, "parallelism", key), 0, key) for key in ("data", "dataLocal", "pipeline"))
    for value in (data, local, pipeline):
        if isinstance(value, Unknown):
            return value
    assert isinstance(data, int)
    assert isinstance(local, int)
    assert isinstance(pipeline, int)
    return max(max(data, 1) // max(local, 1), 1) if data or local else pipeline or 1


def _scheduler(spec: Mapping[str, Any]) -> Iterator[Part]:
    """Return the pods that choose where a request goes, where the service says what they are."""
    scheduler = field(spec, "router", "scheduler")
    for what, place in (("the scheduler", scheduler), ("the tokenizer", field(scheduler, "tokenizer"))):
        pod = field(place, "template")
        if pod is not None:
            count = exactly(whole(field(place, "replicas"), 1, "replicas"))
            yield Part(what=what, count=count, pod=pod if isinstance(pod, Unknown) else section({"pod": pod}, "pod"))
