"""Knows VM sizes with GPUs that KAITO's table lacks: real ones, which pools and existing nodes may have, and retired ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kaito_iac.catalog.load import sizes, table_of
from kaito_iac.catalog.price import DEFAULT_REGION, usd_per_hour
from kaito_iac.catalog.record import GpuSize, read
from kaito_iac.problem import Unknown


@cache
def other_sizes() -> Mapping[str, GpuSize]:
    """Return the sizes by name."""
    rows = table_of("other_sizes.json")["sizes"]
    bare = ({key: value for key, value in row.items() if key != "retired"} for row in rows)
    return MappingProxyType({row["name"]: read(GpuSize, row) for row in bare})


@cache
def retirements() -> Mapping[str, str]:
    """Return the retired sizes with the day, ISO, from which their cloud does not run them."""
    return MappingProxyType({row["name"]: row["retired"] for row in table_of("other_sizes.json")["sizes"] if row["retired"]})


def find_other_size(name: str, cloud: str | None = None) -> GpuSize | None:
    """Return the size of a name in any case that KAITO's table lacks; with a cloud only that cloud's."""
    wanted = name.strip().lower()
    return next((size for key, size in other_sizes().items() if key.lower() == wanted and cloud in (None, size.cloud)), None)


def successors_of(size: GpuSize, most: int = 2) -> tuple[str, ...]:
    """Return KAITO's sizes of the same cloud with as much GPU memory a node and no older GPUs, the cheapest first."""
    able = [
        one
        for one in sizes().values()
        if one.cloud == size.cloud
        and one.schedulable
        and one.provisionable
        and one.gpu_memory_gib >= size.gpu_memory_gib
        and (one.cuda_capability or 0) >= min(size.cuda_capability or 0, 8.0)
    ]

    def rank(one: GpuSize) -> tuple[float, int, str]:
        price = usd_per_hour(one, DEFAULT_REGION[one.cloud])
        return (float("inf") if isinstance(price, Unknown) else price, one.gpu_memory_gib, one.name)

    return tuple(one.name for one in sorted(able, key=rank)[:most])


def gpu_capability(name: str) -> float | None:
    """Return the CUDA compute capability of a size, or of a GPU product as node labels write it; None: not known."""
    every = (*sizes().values(), *other_sizes().values())
    wanted = name.strip().lower()
    for size in every:
        if size.name.lower() == wanted:
            return size.cuda_capability
    product = wanted.replace("-", " ")
    known = [size for size in every if product.startswith(size.gpu_model.lower())]
    return max(known, key=lambda size: len(size.gpu_model)).cuda_capability if known else None
