"""Whose a demand is: component, namespace and team, from the object itself, what is around it, and its Namespace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.sizing.demand import TEAM_LABEL, Demand, Graph, Plain, Range, sized
from kaito_iac.sizing.demand_objects import namespace_of, namespaces
from kaito_iac.sizing.demand_reading import field, text

_Paths = tuple[tuple[str, ...], ...]
_OF_AN_OBJECT: Final[_Paths] = (("metadata", "labels"), ("spec", "template", "metadata", "labels"))
"""Where a Kubernetes object carries labels: itself, then what it makes."""
_OF_A_POOL: Final[_Paths] = (("tags",), ("nodeLabels",))
_OF_A_COMPONENT: Final[_Paths] = (("labels",), ("tags",))


def made(
    graph: Graph, resource: Plain, kind: str, size_name: Any, nodes: Range | Unknown, *, part: Any = None, **more: Any
) -> Demand:
    """Makes the demand of a resource for nodes of a size.

    `part` is what of the resource speaks for the nodes, such as one pool of several; `location` is the resource's own.
    """
    name, size = sized(size_name)
    component = graph.component(resource)
    namespace = namespace_of(resource)
    return Demand(
        urn=resource.urn,
        resource=resource.name,
        kind=kind,
        component=component.name if component else resource.name,
        size_name=name,
        size=size,
        nodes=nodes,
        region=graph.region_of(resource, more.pop("location", None)),
        namespace=namespace,
        team=team_of(graph, resource, namespace, part),
        **more,
    )


def team_of(graph: Graph, resource: Plain, namespace: str | Unknown | None, part: Any = None) -> str | Unknown | None:
    """Gives the team that is named nearest: on the object, on what is around it, or on the Namespace it lies in."""
    places: list[tuple[Any, _Paths]] = [] if part is None else [(part, _OF_A_POOL)]
    kubernetes = resource.type.startswith("kubernetes:")
    places.append((resource.inputs, _OF_AN_OBJECT if kubernetes else _OF_A_POOL))
    places += [(around.inputs, _OF_A_COMPONENT) for around in graph.around(resource)]
    named = _first(field(inputs, *path, TEAM_LABEL) for inputs, paths in places for path in paths)
    return named if named is not None or namespace is None else _of_namespace(graph, namespace)


def _first(found: Iterable[Any]) -> str | Unknown | None:
    """Gives the first that is named; one that is not known decides too, as nobody can tell whether it names a team."""
    return next((told for value in found if (told := text(value, TEAM_LABEL)) is not None), None)


def _of_namespace(graph: Graph, namespace: str | Unknown) -> str | Unknown | None:
    return _first(_teams_of_namespace(graph, namespace))


def _teams_of_namespace(graph: Graph, namespace: str | Unknown) -> Iterator[Any]:
    named, nameless = graph.once(namespaces)
    everything = [found for same in named.values() for found in same] + nameless
    if isinstance(namespace, Unknown):
        if any(_team_label(found) is not None for found in everything):
            yield Unknown(f"it follows from the namespace: {namespace.reason}")
        return
    yield from (_team_label(found) for found in named.get(namespace, ()))
    if any(_team_label(found) is not None for found in nameless):
        yield Unknown("a Namespace with a team has a name that is not known")


def _team_label(found: Plain) -> Any:
    return field(found.inputs, "metadata", "labels", TEAM_LABEL)
