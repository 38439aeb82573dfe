"""Kubernetes objects of a stack by name: the ConfigMaps, Namespaces and KAITO objects that others mean."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as field_of
from typing import Any

from kaito_iac.demand.demand import TEAM_LABEL, Graph
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, text
from kaito_iac.stack.resource import Resource


@dataclass(slots=True)
class ConfigMaps:
    """ConfigMaps of a stack: by name and namespace, and by name and parent, of those in an unknown namespace and of all."""

    placed: dict[tuple[str, str], Resource] = field_of(default_factory=dict)
    unplaced: dict[tuple[str, str | None], Resource] = field_of(default_factory=dict)
    beside: dict[tuple[str, str | None], Resource] = field_of(default_factory=dict)


@dataclass(slots=True)
class Teams:
    """Values of the team label of the Namespaces of a stack: by name, and of those whose name is not known."""

    named: dict[str, Any] = field_of(default_factory=dict)
    nameless: bool = False


def namespace_of(resource: Resource) -> str | Unknown | None:
    """Return the namespace of a Kubernetes object: its own, its provider's, else `default`; None for what is in none."""
    if not resource.type.startswith("kubernetes:") or resource.type.startswith("kubernetes:karpenter"):
        return None
    return text(field(resource.inputs, "metadata", "namespace"), "namespace") or text(resource.space, "namespace") or "default"


def namespace_teams(graph: Graph) -> Teams:
    """Return the teams that Namespaces name."""
    teams = Teams()
    for resource in graph.resources:
        if resource.type == "kubernetes:core/v1:Namespace":
            team, name = field(resource.inputs, "metadata", "labels", TEAM_LABEL), field(resource.inputs, "metadata", "name")
            if isinstance(name, str) and team is not None:
                teams.named.setdefault(name, team)
            teams.nameless |= team is not None and not isinstance(name, str)
    return teams


def kaito_objects(graph: Graph) -> dict[tuple[str, str, str], list[Resource]]:
    """Return the Workspaces and InferenceSets of a stack by kind, namespace and name, where all is known."""
    found: dict[tuple[str, str, str], list[Resource]] = {}
    for resource in graph.resources:
        kind = resource.type.rpartition(":")[2]
        if resource.type.startswith("kubernetes:kaito.sh/") and kind in ("Workspace", "InferenceSet"):
            space, name = namespace_of(resource), field(resource.inputs, "metadata", "name")
            if isinstance(space, str) and isinstance(name, str):
                found.setdefault((kind, space, name), []).append(resource)
    return found


def config_data(graph: Graph, resource: Resource, namespace: Any, name: str) -> Any:
    """Return the data of the ConfigMap a resource names; None when the program has none of that name there.

    Where a namespace is not known yet, only one with the same parent component can be meant.
    """
    maps = graph.once(_config_maps)
    found = maps.placed.get((name, namespace)) if isinstance(namespace, str) else None
    if found is None:
        siblings = maps.unplaced if isinstance(namespace, str) else maps.beside
        found = siblings.get((name, resource.parent))
        if found is None or graph.component(found) is None:
            return None
    return field(found.inputs, "data") or {}


def _config_maps(graph: Graph) -> ConfigMaps:
    maps = ConfigMaps()
    for resource in graph.resources:
        name = field(resource.inputs, "metadata", "name") if resource.type == "kubernetes:core/v1:ConfigMap" else None
        if isinstance(name, str):
            place = namespace_of(resource)
            if isinstance(place, str):
                maps.placed.setdefault((name, place), resource)
            else:
                maps.unplaced.setdefault((name, resource.parent), resource)
            maps.beside.setdefault((name, resource.parent), resource)
    return maps
