"""Kubernetes objects of a stack by name: the ConfigMaps and Namespaces that other objects mean."""

from __future__ import annotations

from typing import Any

from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import Graph, Plain
from kaito_iac.sizing.demand_reading import field, text

Named = tuple[dict[str, list[Plain]], list[Plain]]
"""Objects of a kind by name, and those whose name is not known."""


def namespace_of(resource: Plain) -> str | Unknown | None:
    """Gives the namespace of a Kubernetes object, `default` where it names none; None for what lies in no namespace."""
    if not resource.type.startswith("kubernetes:") or resource.type.startswith("kubernetes:karpenter"):
        return None
    return text(field(resource.inputs, "metadata", "namespace"), "namespace") or "default"


def config_maps(graph: Graph) -> Named:
    """Gives the ConfigMaps of a stack."""
    return _named(graph, "kubernetes:core/v1:ConfigMap")


def namespaces(graph: Graph) -> Named:
    """Gives the Namespaces of a stack."""
    return _named(graph, "kubernetes:core/v1:Namespace")


def _named(graph: Graph, token: str) -> Named:
    named: dict[str, list[Plain]] = {}
    nameless: list[Plain] = []
    for resource in graph.resources:
        if resource.type == token:
            name = field(resource.inputs, "metadata", "name")
            (named.setdefault(name, []) if isinstance(name, str) else nameless).append(resource)
    return named, nameless


def config_data(graph: Graph, resource: Plain, namespace: Any, name: str) -> Any:
    """Gives the data of the ConfigMap a resource names; None when the program has none of that name there.

    Where a namespace is not known yet, only one with the same parent component can be meant.
    """
    for found in graph.once(config_maps)[0].get(name, ()):
        place = field(found.inputs, "metadata", "namespace") or "default"
        sibling = found.parent == resource.parent and graph.component(found) is not None
        if place == namespace if isinstance(place, str) and isinstance(namespace, str) else sibling:
            return field(found.inputs, "data") or {}
    return None
