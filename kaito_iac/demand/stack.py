"""What a whole stack holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.demand.aks import azure_demands, is_azure
from kaito_iac.demand.autoscaler import SCALER_TOKEN
from kaito_iac.demand.demand import Demand, Graph
from kaito_iac.demand.eks import EKS_TOKENS, eks_demands
from kaito_iac.demand.form import as_objects
from kaito_iac.demand.kaito import KAITO_TOKEN, kaito_demands
from kaito_iac.demand.karpenter import KARPENTER_TOKEN, karpenter_demands, makers
from kaito_iac.demand.machines import MACHINE_TOKEN, machine_demands
from kaito_iac.demand.pods import POD_TOKEN, pod_demands
from kaito_iac.demand.range import Range
from kaito_iac.demand.total import total
from kaito_iac.demand.unread import scaler_demands, unread_demands
from kaito_iac.demand.workload import WORKLOAD_TOKEN, workload_demands
from kaito_iac.stack.resource import Resource


def demands(resources: Iterable[Resource], *, region: str | None = None, prices: PriceBook = LIST_PRICES) -> tuple[Demand, ...]:
    """Return what every resource holds, in the order of the resources; `region` is used where none is named.

    What the stack only looks up (`read` is true) it does not hold.
    """
    graph = Graph(as_objects(resources, is_counted), region, prices)
    return tuple(
        demand for resource in graph.resources if not getattr(resource, "read", False) for demand in _of(graph, resource)
    )


def _of(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Return the demand of one resource: counted by the reader of its type, none where it is harmless, else unknown."""
    if is_counted(resource.type):
        yield from _counted(graph, resource)
    else:
        yield from unread_demands(graph, resource)


def _counted(graph: Graph, resource: Resource) -> Iterator[Demand]:
    provider = resource.type.partition(":")[0]
    yield from machine_demands(graph, resource)
    if provider == "kubernetes":
        yield from kaito_demands(graph, resource)
        for demand in karpenter_demands(graph, resource):
            yield demand if demand.bought or _covered(graph, resource, demand) else replace(demand, bought=True)
        yield from pod_demands(graph, resource)
        yield from workload_demands(graph, resource)
        yield from scaler_demands(graph, resource)
    elif provider.startswith("azure"):
        yield from azure_demands(graph, resource)
    elif provider.startswith("aws"):
        yield from eks_demands(graph, resource)


def _covered(graph: Graph, resource: Resource, pool: Demand) -> bool:
    """Return whether a pool that is labelled as KAITO's holds no more than the objects buy that it was made for."""
    paid = total((held for maker in makers(graph, resource) for held in kaito_demands(graph, maker)), lambda held: held.gpus)
    known = isinstance(pool.gpus, Range) and pool.gpus.high <= paid.known.high
    return known or bool(paid.unknown)


@lru_cache(maxsize=4096)
def is_counted(token: str) -> bool:
    """Return whether a reader knows a type, so that what the reader does not find is not there."""
    read = (KAITO_TOKEN, KARPENTER_TOKEN, MACHINE_TOKEN, POD_TOKEN, SCALER_TOKEN, WORKLOAD_TOKEN)
    return is_azure(token) or token in EKS_TOKENS or any(pattern.fullmatch(token) for pattern in read)
