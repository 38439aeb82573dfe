"""What no reader knows: a resource that may hold GPUs, and whose number is unknown.

Every resource is counted by a reader, harmless by its type, or unread; there is no fourth way, so nothing is zero by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kaito_iac.catalog.resource_types import charts, is_harmless
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.owner import made, team_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, mapping, text
from kaito_iac.stack.resource import Resource

_STANDS_FOR_OTHERS: Final = re.compile(r"kubernetes:(helm\.sh/v[34]:Chart|(yaml|kustomize)(/v\w+)?:\w+)")
"""Components that the Kubernetes package makes of charts and files."""
_CHART: Final = re.compile(r"kubernetes:helm\.sh/v[34]:(Release|Chart)")
_VERSION: Final = re.compile(r"(-v?\d[\w.+-]*)?([.]tgz)?$")
_GPU_WORDS: Final = re.compile(r"nvidia\.com/(gpu|mig)|amd\.com/gpu|instanceType", re.IGNORECASE)
_PROVISIONS: Final = re.compile(
    r"karpenter|provisioner|autoscaler|kaito|workspace|nodepool|crossplane|cluster-api", re.IGNORECASE
)
"""Names of what creates nodes when pods ask for them."""
_CLUSTERS: Final = re.compile(r"azure[\w-]*:containerservice.*:(ManagedCluster|KubernetesCluster)")


def unread_demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the unknown demand of a resource that no reader knows and that is not harmless."""
    reason = _reason(graph, resource)
    if reason is None:
        return
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
    if _CHART.fullmatch(kind) and _is_known_chart(resource):
        return None
    if resource.remote:
        return f"what {kind} makes is not seen"
    installs = _STANDS_FOR_OTHERS.fullmatch(kind) or _CHART.fullmatch(kind)
    shown = not resource.custom and resource.urn in graph.once(_parents)  # a child of what a provider makes shows nothing of it
    if is_harmless(kind) or (installs and shown):
        return None
    if not resource.custom and not kind.startswith("kubernetes:"):
        return None
    return f"what {kind} installs is not seen" if installs else f"{kind} is an unknown type"


def _parents(graph: Graph) -> frozenset[str]:
    return frozenset(resource.parent for resource in graph.resources if resource.parent)


def _namespace(resource: Resource, own: str | Unknown | None) -> str | Unknown | None:
    named = text(field(resource.inputs, "namespace"), "namespace")
    return own if named is None else named


def _is_known_chart(resource: Resource) -> bool:
    """Return whether a chart is one that is known to ask for no GPUs, from where it is known, with values that name none."""
    named = field(resource.inputs, "chart")
    if not isinstance(named, str) or field(resource.inputs, "valueYamlFiles"):
        return False
    name = _VERSION.sub("", named.rstrip("/").rpartition("/")[2])
    known = charts().get(name)
    repository = field(resource.inputs, "repositoryOpts", "repo")
    places = " ".join(place for place in (named, repository, field(resource.inputs, "namespace")) if isinstance(place, str))
    return known is not None and known in places.lower() and not _names_gpus(field(resource.inputs, "values"))


def _names_gpus(values: Any) -> bool:
    if isinstance(values, Mapping):
        return any(_GPU_WORDS.search(str(key)) or _names_gpus(value) for key, value in values.items())
    if isinstance(values, list | tuple):
        return any(map(_names_gpus, values))
    return False


def _only_counted_nodes(graph: Graph) -> bool:
    """Return whether the stack has a cluster whose pools are all counted, and nothing that creates nodes as pods ask for them."""
    clusters = False
    for resource in graph.resources:
        if _CLUSTERS.fullmatch(resource.type):
            clusters = True
            mode = field(mapping(resource.inputs), "nodeProvisioningProfile", "mode")
            if mode is not None and mode != "Manual":
                return False
        elif resource.type.startswith("kubernetes:"):
            chart = field(resource.inputs, "chart") if _CHART.fullmatch(resource.type) else ""
            if _PROVISIONS.search(f"{resource.type} {chart}"):
                return False
    return clusters
