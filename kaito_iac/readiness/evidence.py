"""What a cluster shows of a workload or pool, as short lines: conditions, size, quota, nodes, pods, logs, events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.find import find_any_size, find_model
from kaito_iac.catalog.label import INSTANCE_TYPE
from kaito_iac.problem import Unknown
from kaito_iac.readiness.find_nodes import STAGES
from kaito_iac.readiness.redact import minutes, one_line
from kaito_iac.readiness.snapshot import (
    Snapshot,
    Thing,
    condition,
    conditions,
    created,
    holds,
    items,
    label,
    labels_of,
    last_seen,
    mapping,
    name_of,
    namespace_of,
    part,
    text,
    whole,
)
from kaito_iac.readiness.target import Own
from kaito_iac.sizing.fit import Query, fit

MOST: Final = 8
"""Objects of a kind that are listed."""
LOG_LINES: Final = 5
LONGEST: Final = 240
"""Characters of one line."""
RECENT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was seen."""

    kind: str
    """`condition`, `size`, `quota`, `nodeclaim`, `node`, `pod`, `log` or `event`."""
    about: str
    """Kind and name of the object."""
    text: str
    """What it shows, on one line, without secrets."""

    def as_json(self) -> dict[str, str]:
        """Return it as plain data."""
        return {"kind": self.kind, "about": self.about, "text": self.text}


def evidence(own: Own, snapshot: Snapshot) -> list[Evidence]:
    """Return what was seen, in the order in which a workload comes to be: itself, size and quota, nodes, pods, events."""
    found = [*_conditions(own), *_sizes(own), *_quotas(own, snapshot), *_claims(own, snapshot), *_nodes(own)]
    return [*found, *_pods(own, snapshot), *_events(own, snapshot)]


def _line(kind: str, about: str, words: str) -> Evidence:
    return Evidence(kind=kind, about=about, text=one_line(words, LONGEST))


def _conditions(own: Own) -> Iterator[Evidence]:
    for kind, one in own.parts[:MOST]:
        for found in conditions(one):
            if found.get("status") != "True":
                words = f"{text(found, 'type')} {text(found, 'status')} {text(found, 'reason')}: {text(found, 'message')}"
                yield _line("condition", label(one, kind), words)


def wanted_sizes(own: Own) -> list[tuple[str, str, str]]:
    """Return object, VM size and model of each part that names a size; the sizes of nodes where none does."""
    found = []
    for kind, one in own.parts:
        inside = ("spec", "template") if kind == "InferenceSet" else ()
        compute = ("spec", "compute") if kind == "RAGEngine" else (*inside, "resource")
        size = text(one, *compute, "instanceType")
        model = text(one, *inside, "inference", "preset", "name") or text(one, "spec", "model", "name")
        if size:
            found.append((label(one, kind), size, model))
    nodes = {(label(node, "Node"), str(labels_of(node).get(INSTANCE_TYPE, "")), "") for node in own.nodes}
    return found or sorted(one for one in nodes if one[1])


def _sizes(own: Own) -> Iterator[Evidence]:
    seen = set()
    for about, name, model in wanted_sizes(own):
        if (name, model) in seen:
            continue
        seen.add((name, model))
        yield _line("size", about, f"{name}: {_size(name)}{_fits(name, model)}")


def _size(name: str) -> str:
    size = find_any_size(name)
    if size is None:
        return "a size that the catalogue does not have"
    family = "" if isinstance(size.quota_family, Unknown) else f" of quota {size.quota_family}"
    vcpus = "" if isinstance(size.vcpus, Unknown) else f", {size.vcpus} vCPUs{family}"
    return f"{size.gpus} x {size.gpu_model} ({size.cloud}), {size.gpu_memory_gib} GiB{vcpus}"


def _fits(size: str, model: str) -> str:
    """Return what a model needs of the size, by KAITO's own arithmetic."""
    if not model or find_model(model) is None:
        return ""
    answer = fit(Query(model=model, size=size))
    if isinstance(answer.nodes, Unknown):
        first = next((one.found for one in answer.problems), "")
        return f"; {model} does not fit: {first}" if first else ""
    return f"; {model} needs {answer.nodes} node{'s' * (answer.nodes != 1)}"


def _quotas(own: Own, snapshot: Snapshot) -> Iterator[Evidence]:
    namespaces = {namespace_of(one) for _, one in own.parts}
    for quota in snapshot.of("ResourceQuota"):
        if namespace_of(quota) not in namespaces:
            continue
        hard, used = mapping(quota, "status", "hard"), mapping(quota, "status", "used")
        for key in sorted(hard):
            if "nvidia.com/" in key:
                yield _line("quota", label(quota, "ResourceQuota"), f"{key}: {used.get(key, '?')} of {hard[key]} used")


def _claims(own: Own, snapshot: Snapshot) -> Iterator[Evidence]:
    for claim in own.nodeclaims[:MOST]:
        stages = [f"{stage} {condition(claim, stage).get('status', 'not yet')}" for stage in STAGES]
        age = f", {minutes(snapshot.now - created(claim))} old" if created(claim) else ""
        yield _line("nodeclaim", label(claim, "NodeClaim"), f"{', '.join(stages)}{age}")


def _nodes(own: Own) -> Iterator[Evidence]:
    for node in own.nodes[:MOST]:
        offered = mapping(node, "status", "allocatable")
        gpus = [f"{key} {offered[key]}" for key in sorted(offered) if key.startswith("nvidia.com/")]
        state = "Ready" if holds(node, "Ready") else "not ready"
        cordoned = ", cordoned" if part(node, "spec", "unschedulable") is True else ""
        taints = [f"{text(one, 'key')}:{text(one, 'effect')}" for one in items(node, "spec", "taints")]
        words = [f"{state}{cordoned}", str(labels_of(node).get(INSTANCE_TYPE, "")), ", ".join(gpus) or "no nvidia.com/gpu"]
        yield _line("node", label(node, "Node"), ", ".join(word for word in [*words, *taints] if word))


def _pods(own: Own, snapshot: Snapshot) -> Iterator[Evidence]:
    worst_first = sorted(own.pods, key=lambda pod: (holds(pod, "Ready"), name_of(pod)))
    for pod in worst_first[:MOST]:
        statuses = [*items(pod, "status", "initContainerStatuses"), *items(pod, "status", "containerStatuses")]
        containers = "; ".join(_container(status) for status in statuses)
        where = text(pod, "spec", "nodeName")
        words = f"{text(pod, 'status', 'phase') or 'no phase'}{f' on {where}' if where else ', on no node'}"
        yield _line("pod", label(pod, "Pod"), f"{words}{f'; {containers}' if containers else ''}")
        for status in statuses:
            name = text(status, "name")
            lines = snapshot.logs.get((namespace_of(pod), name_of(pod), name), "").splitlines()
            for line in [line for line in lines if line.strip()][-LOG_LINES:]:
                yield _line("log", f"{label(pod, 'Pod')}, container {name}", line)


def _container(status: Any) -> str:
    state = mapping(status, "state")
    name = next(iter(state), "not started")
    reason = text(state, name, "reason")
    restarts = whole(status, "restartCount")
    again = f", {restarts} restart{'s' * (restarts != 1)}" if restarts else ""
    return f"{text(status, 'name')}: {name}{f' ({reason})' if reason else ''}{again}"


def _events(own: Own, snapshot: Snapshot) -> Iterator[Evidence]:
    """Return the latest warnings about the workload and what belongs to it, newest first."""
    things: list[Thing] = [one for _, one in own.parts]
    things += [*own.pods, *own.jobs, *own.nodeclaims, *own.nodepools, *own.nodes]
    names = {name_of(one) for one in things}
    warnings = [
        event
        for event in snapshot.of("Event")
        if text(event, "involvedObject", "name") in names
        and text(event, "type") != "Normal"
        and last_seen(event) > snapshot.now - RECENT_SECONDS
    ]
    for event in sorted(warnings, key=last_seen, reverse=True)[:MOST]:
        about = f"{text(event, 'involvedObject', 'kind')}/{text(event, 'involvedObject', 'name')}"
        ago = minutes(max(0.0, snapshot.now - last_seen(event)))
        yield _line("event", about, f"{ago} ago, {text(event, 'reason')}: {text(event, 'message')}")
