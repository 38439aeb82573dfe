"""What a whole stack holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.demand.aks import azure_demands
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.eks import eks_demands
from kaito_iac.demand.kaito import kaito_demands
from kaito_iac.demand.karpenter import karpenter_demands
from kaito_iac.demand.pods import pod_demands
from kaito_iac.stack.resource import Resource


def demands(resources: Iterable[Resource], *, region: str | None = None, prices: PriceBook = LIST_PRICES) -> tuple[Demand, ...]:
    """Return what every resource holds, in the order of registration; `region` stands in where nobody names one.

    What the stack only looks up (`read` is true) it does not hold.
    """
    graph = Graph(resources, region, prices)
    return tuple(
        demand for resource in graph.resources if not getattr(resource, "read", False) for demand in _of(graph, resource)
    )


def _of(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of one resource, read by whoever knows its provider."""
    provider = resource.type.partition(":")[0]
    if provider == "kubernetes":
        yield from kaito_demands(graph, resource)
        yield from karpenter_demands(graph, resource)
        yield from pod_demands(graph, resource)
    elif provider.startswith("azure"):
        yield from azure_demands(graph, resource)
    elif provider.startswith("aws"):
        yield from eks_demands(graph, resource)
