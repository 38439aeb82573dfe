"""Whose a demand is: component, namespace and team, from the object itself, what is around it, and its Namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from kaito_iac.catalog.record import GpuSize
from kaito_iac.demand.demand import TEAM_LABEL, Demand, Graph, sized
from kaito_iac.demand.objects import Teams, namespace_of, namespace_teams
from kaito_iac.demand.range import Range, over
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, text
from kaito_iac.stack.resource import Resource

_SHOWN: Final = 4
_Paths = tuple[tuple[str, ...], ...]
_OF_AN_OBJECT: Final[_Paths] = (("metadata", "labels"), ("spec", "template", "metadata", "labels"))
"""Where a Kubernetes object carries labels: itself, then what it makes."""
_OF_A_POOL: Final[_Paths] = (("tags",), ("nodeLabels",))
_OF_A_COMPONENT: Final[_Paths] = (("labels",), ("tags",))


def made(
    graph: Graph, resource: Resource, kind: str, size_name: Any, nodes: Range | Unknown, *, part: Any = None, **more: Any
) -> Demand:
    """Make the demand of a resource for nodes of a size.

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
        prices=graph.prices,
        **more,
    )


def made_of_any(
    graph: Graph,
    resource: Resource,
    kind: str,
    names: Sequence[Any],
    nodes: Callable[[GpuSize | Unknown | None], Range | Unknown],
    **more: Any,
) -> Demand:
    """Make the demand for nodes of one of several sizes; `nodes` says how many there are of a size."""
    ways = tuple(made(graph, resource, kind, name, nodes(sized(name)[1]), **more) for name in names)
    if len(ways) == 1 or all(way.size is None for way in ways):
        return ways[0]
    sizes = _either([way.size_name or "an unknown size" for way in ways])
    return replace(ways[0], size_name=sizes, size=Unknown(f"one of {sizes}"), nodes=over(way.nodes for way in ways), ways=ways)


def _either(names: Sequence[str]) -> str:
    shown = [*names[:_SHOWN], f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else list(names)
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def team_of(graph: Graph, resource: Resource, namespace: str | Unknown | None, part: Any = None) -> str | Unknown | None:
    """Return the team that is named nearest: on the object, on what is around it, or on the Namespace it is in."""
    places: list[tuple[Any, _Paths]] = [] if part is None else [(part, _OF_A_POOL)]
    kubernetes = resource.type.startswith("kubernetes:")
    places.append((resource.inputs, _OF_AN_OBJECT if kubernetes else _OF_A_POOL))
    places += [(around.inputs, _OF_A_COMPONENT) for around in graph.around(resource)]
    named = _first(field(inputs, *path, TEAM_LABEL) for inputs, paths in places for path in paths)
    return named if named is not None or namespace is None else _of_namespace(graph.once(namespace_teams), namespace)


def _first(found: Iterable[Any]) -> str | Unknown | None:
    """Return the first that is named; one that is not known decides too, as it is unknown whether it names a team."""
    return next((team for value in found if (team := text(value, TEAM_LABEL)) is not None), None)


def _of_namespace(teams: Teams, namespace: str | Unknown) -> str | Unknown | None:
    if isinstance(namespace, Unknown):
        named = bool(teams.named) or teams.nameless
        return Unknown(f"it follows from the namespace: {namespace.reason}") if named else None
    team = text(teams.named.get(namespace), TEAM_LABEL)
    return Unknown("a Namespace with a team has a name that is not known") if team is None and teams.nameless else team
