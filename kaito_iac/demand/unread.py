"""What no reader knows: a resource that may hold GPUs, and whose number is unknown.

Every resource is counted by a reader, harmless by its type, or unread; there is no fourth way, so nothing is zero by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kaito_iac.catalog.resource_types import is_harmless
from kaito_iac.demand.autoscaler import scales_elsewhere
from kaito_iac.demand.chart import is_known_chart
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.elsewhere import changed_elsewhere
from kaito_iac.demand.owner import made, team_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, mapping, text
from kaito_iac.stack.resource import Resource

_STANDS_FOR_OTHERS: Final = re.compile(r"kubernetes:(helm\.sh/v[34]:Chart|(yaml|kustomize)(/v\w+)?:\w+)")
"""Components that the Kubernetes package makes of charts and files."""
_CHART: Final = re.compile(r"kubernetes:helm\.sh/v[34]:(Release|Chart)")
_PROVISIONS: Final = re.compile(
    r"karpenter|provisioner|autoscaler|kaito|workspace|nodepool|crossplane|cluster-api", re.IGNORECASE
)
"""Names of what creates nodes when pods ask for them."""
_SCALES: Final = "it scales an InferenceSet that is not part of the stack"
_CLUSTERS: Final = re.compile(r"azure[\w-]*:containerservice.*:(ManagedCluster|KubernetesCluster)")
_OTHER_CLUSTERS: Final = re.compile(r"(aws(-native)?:eks\b.*|eks:index|(gcp|google-native):container\b.*):\w*Cluster")
"""Clusters of other kinds: which of several an object is for is not known, nor what their nodes are."""
_ADD_ONS: Final = (("aiToolchainOperatorProfile", "enabled"), ("aiToolchainOperatorEnabled",))
"""KAITO inside AKS, which creates nodes."""


def unread_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the unknown demand of a resource that no reader knows and that is not harmless."""
    reason = _reason(graph, resource)
    if reason is not None:
        yield from _unknown(graph, resource, reason)


def scaler_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the unknown demand of an autoscaler of what creates nodes and is not part of the stack."""
    if scales_elsewhere(graph, resource):
        yield from (replace(one, bought=True) for one in _unknown(graph, resource, _SCALES))


def _unknown(graph: Graph, resource: Resource, reason: str) -> Iterator[Demand]:
    kind = resource.type.rpartition(":")[2]
    unknown = Unknown(reason)
    found = made(graph, resource, kind, unknown, unknown, location=field(resource.inputs, "location"))
    found = replace(found, unread=True, stated_gpus=unknown)
    if not resource.type.startswith("kubernetes:"):
        yield found
        return
    space = _namespace(resource, found.namespace)
    team = found.team if space == found.namespace else team_of(graph, resource, space)
    yield replace(found, namespace=space, team=team, bought=not graph.once(_only_counted_nodes))


def _reason(graph: Graph, resource: Resource) -> str | None:
    """Return why it is unknown what a resource holds; None for what is harmless, or stands for others that are seen."""
    kind = resource.type
    if _CHART.fullmatch(kind) and is_known_chart(resource):
        return None
    if resource.remote:
        return f"what {kind} makes is not seen"
    installs = _STANDS_FOR_OTHERS.fullmatch(kind) or _CHART.fullmatch(kind)
    shown = not resource.custom and resource.urn in graph.once(_parents)  # a child of what a provider makes shows nothing of it
    if is_harmless(kind) or (installs and shown):
        return changed_elsewhere(graph, resource) or None
    if not resource.custom and not kind.startswith("kubernetes:"):
        return None
    return f"what {kind} installs is not seen" if installs else f"{kind} is an unknown type"


def _parents(graph: Graph) -> frozenset[str]:
    return frozenset(resource.parent for resource in graph.resources if resource.parent)


def _namespace(resource: Resource, own: str | Unknown | None) -> str | Unknown | None:
    named = text(field(resource.inputs, "namespace"), "namespace")
    return own if named is None else named


def _only_counted_nodes(graph: Graph) -> bool:
    """Return whether the stack has a cluster whose pools are all counted, and nothing that creates nodes as pods ask for them."""
    clusters = False
    for resource in graph.resources:
        if _CLUSTERS.fullmatch(resource.type):
            clusters = True
            if resource.read or _provisions_itself(resource):
                return False
        elif resource.type.startswith("kubernetes:"):
            chart = field(resource.inputs, "chart") if _CHART.fullmatch(resource.type) else ""
            if _PROVISIONS.search(f"{resource.type} {chart}"):
                return False
        elif _OTHER_CLUSTERS.fullmatch(resource.type):
            return False
    return clusters


def _provisions_itself(cluster: Resource) -> bool:
    """Return whether AKS creates nodes as pods ask for them: by its own provisioning, as an automatic cluster, or by KAITO."""
    inputs = mapping(cluster.inputs)
    mode, sku = field(inputs, "nodeProvisioningProfile", "mode"), field(inputs, "sku", "name")
    named = sku if isinstance(sku, str) else None
    automatic = sku is not None and (named is None or named.lower() == "automatic")
    return mode not in (None, "Manual") or automatic or any(field(inputs, *path) not in (None, False) for path in _ADD_ONS)
