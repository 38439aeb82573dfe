"""Which cluster the objects of a program go to, and which of these clusters the program makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.stack.reading import field as at
from kaito_iac.stack.resource import Resource

CLUSTERS: Final = re.compile(
    r"azure-native:containerservice(/v\w+)?:ManagedCluster|azure:containerservice/kubernetesCluster:KubernetesCluster"
    r"|aws:eks/cluster:Cluster|aws-native:eks:Cluster|eks:index:Cluster|gcp:container/cluster:Cluster"
    r"|digitalocean:index/kubernetesCluster:KubernetesCluster"
)
"""Pulumi types that make a cluster."""
_AKS: Final = "azure-native:containerservice"
_PROVIDER: Final = "pulumi:providers:kubernetes"


@dataclass(slots=True)
class ClusterView:
    """The objects of a program that go to one cluster, and what makes that cluster."""

    name: str
    """Name of the provider; empty for the default one."""
    made: Resource | None
    """The resource that makes the cluster; None where it exists already, or it is unknown."""
    objects: list[Resource] = field(default_factory=list)

    @property
    def managed(self) -> Any:
        """Return the inputs of the AKS cluster of azure-native that it is; nothing for another one."""
        return self.made.inputs if self.made is not None and self.made.type.startswith(_AKS) else {}

    def switched_on(self, addon: str) -> bool:
        """Return whether a path of the AKS cluster has the value that switches an add-on on."""
        path, _, value = addon.partition("=")
        found = at(self.managed, *path.split(".")) if path else None
        return found is True or (bool(value) and found == value)


def cluster_views(resources: Sequence[Resource]) -> list[ClusterView]:
    """Return a view of every cluster that objects of a program go to."""
    known = {one.urn: one for one in resources}
    made = [one for one in resources if CLUSTERS.fullmatch(one.type) and not one.read]
    views: dict[str, ClusterView] = {}
    for one in resources:
        if not one.type.startswith("kubernetes:") or not (one.custom or one.type.startswith("kubernetes:helm.sh/")):
            continue
        urn = one.provider.rpartition("::")[0]
        if urn not in views:
            provider = known.get(urn)
            views[urn] = ClusterView(provider.name if provider else "", _making(provider, known, made))
        views[urn].objects.append(one)
    return list(views.values())


def _making(provider: Resource | None, known: Mapping[str, Resource], made: Sequence[Resource]) -> Resource | None:
    """Return the cluster of the program that a provider waits for, or has around it."""
    if provider is None or provider.type != _PROVIDER:
        return None
    before = set(_before(provider, known))
    parents = {provider.parent} - {None}
    return next((one for one in made if one.urn in before or (one.parent in parents and not _is_stack(one.parent))), None)


def _before(found: Resource, known: Mapping[str, Resource]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = [found.urn]
    while waiting:
        urn = waiting.pop()
        if urn in seen or urn not in known:
            continue
        seen.add(urn)
        yield urn
        options = known[urn].options
        waiting += [*options.depends_on, *(other for urns in options.property_dependencies.values() for other in urns)]


def _is_stack(urn: str | None) -> bool:
    return urn is not None and "::pulumi:pulumi:Stack::" in urn
