"""What a whole stack holds."""

from __future__ import annotations

from collections.abc import Iterable

from kaito_iac.sizing.demand import Demand, Graph, Plain
from kaito_iac.sizing.demand_azure import azure_demands
from kaito_iac.sizing.demand_kaito import kaito_demands


def demands(resources: Iterable[Plain], *, region: str | None = None) -> tuple[Demand, ...]:
    """Gives what every resource holds, in the order of registration; `region` stands in where nobody names one."""
    graph = Graph(resources, region)
    return tuple(
        demand for resource in graph.resources for demand in (*azure_demands(graph, resource), *kaito_demands(graph, resource))
    )
