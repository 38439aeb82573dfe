"""What a stack changes and does not make: rules that make other objects, and limits of groups that are not part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.demand.chart import asks
from kaito_iac.demand.demand import Graph
from kaito_iac.demand.scaling_group import AUTOSCALE, GROUP_TOKEN, NODE_GROUPS, SCALE_SETS, SCHEDULE, is_about
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource, reveal

_KYVERNO: Final = re.compile(r"kubernetes:kyverno\.io/v\w+:(Cluster)?Policy(List|Patch)?")
_MUTATES: Final = re.compile(r"kubernetes:admissionregistration\.k8s\.io/v\w+:MutatingAdmissionPolicy(List|Patch)?")
_AZURE_POLICY: Final = re.compile(
    r"azure-native[\w-]*:authorization(/v\w+)?:Policy(Set)?Definition\w*|azure:policy/\w+:\w*Definition"
)
_RAISES: Final = re.compile(
    r"replicas|count|parallelism|completions|instanceType|nvidia\.com|amd\.com/gpu|vmSize|agentPool"
    r"|Workspace|InferenceSet|RAGEngine|MultiRoleInference|NodePool|NodeClaim",
    re.IGNORECASE,
)
"""What decides how many nodes or GPUs there are, in rules that make or change other objects."""
_DEPLOYS: Final = re.compile(r"deployIfNotExists", re.IGNORECASE)
_SIZED: Final = re.compile(r"vmSize|vm_size|agentPool|hardwareProfile", re.IGNORECASE)
_ADDONS: Final = ("aws:eks/addon:Addon", "aws-native:eks:Addon")
_SCALE_SET: Final = re.compile(r"/virtualMachineScaleSets/", re.IGNORECASE)


def may_change(token: str) -> bool:
    """Return whether resources of a type that holds nothing may make or change others, by what their inputs say."""
    return token in _ADDONS or any(pattern.fullmatch(token) for pattern in (_KYVERNO, _MUTATES, _AZURE_POLICY))


def changed_elsewhere(graph: Graph, resource: Resource) -> str:
    """Return why a resource of a type that holds nothing may buy nodes outside of the stack's own; empty where it cannot."""
    kind = resource.type
    if kind == SCHEDULE:
        return _schedule(graph, resource)
    if AUTOSCALE.fullmatch(kind):
        return _autoscale(graph, resource)
    return _document(kind, reveal(resource.inputs)) if may_change(kind) else ""


def _document(kind: str, inputs: Any) -> str:
    if _KYVERNO.fullmatch(kind):
        return "its rules make or change what creates nodes" if any(map(_raises, _under(inputs, ("generate", "mutate")))) else ""
    if _MUTATES.fullmatch(kind):
        return "it changes what creates nodes" if _raises(field(inputs, "spec", "mutations")) else ""
    if _AZURE_POLICY.fullmatch(kind):
        text = str(inputs)
        return "it deploys machines where it applies" if _DEPLOYS.search(text) and _SIZED.search(text) else ""
    given = field(inputs, "configurationValues")
    return "its configuration asks for GPUs" if isinstance(given, str) and asks(given) else ""


def _raises(rules: Any) -> bool:
    """Return whether rules speak of how many nodes or GPUs there are; what is not known may."""
    return isinstance(rules, Unknown) or _RAISES.search(str(rules)) is not None or any(True for _ in _unknown_in(rules))


def _unknown_in(value: Any) -> Iterator[Unknown]:
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _unknown_in(part)


def _under(value: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """Return what is under keys at any depth, and what is not known."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from (part,) if key in keys else _under(part, keys)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _under(part, keys)


def _autoscale(graph: Graph, resource: Resource) -> str:
    named = (field(resource.inputs, key) for key in ("targetResourceUri", "targetResourceId"))
    outside = any(isinstance(one, str) and _SCALE_SET.search(one) for one in named)
    own = any(SCALE_SETS.fullmatch(one.type) for one in graph.resources)
    return "it scales a scale set that is not part of the stack" if outside and not own else ""


def _schedule(graph: Graph, schedule: Resource) -> str:
    groups = (one for one in graph.resources if one.type == GROUP_TOKEN or one.type in NODE_GROUPS)
    return "" if any(is_about(graph, schedule, one) for one in groups) else "it changes a group that is not part of the stack"
