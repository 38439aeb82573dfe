"""Sizes whose facts a quota file states: they take the place of what the catalogue does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kaito_iac.catalog.record import GpuSize
from kaito_iac.catalog.size_name import looks_like_gpus
from kaito_iac.demand.demand import Demand
from kaito_iac.problem import Unknown
from kaito_iac.quota.model import QuotaFile, SizeFacts


def with_stated(found: Iterable[Demand], quota: QuotaFile | None) -> tuple[Demand, ...]:
    """Return demands whose size is not known with the facts that the quota file states of a size of their name."""
    facts = {name.lower(): (name, row) for name, row in quota.sizes.items()} if quota else {}
    return tuple(_stated(demand, facts) for demand in found)


def _stated(demand: Demand, facts: Mapping[str, tuple[str, SizeFacts]]) -> Demand:
    entry = facts.get(demand.size_name.lower())
    if entry is None or (isinstance(demand.size, GpuSize) and isinstance(demand.size.quota_family, str)):
        return demand
    name, row = entry
    if isinstance(demand.size, GpuSize):  # of which the family alone is not known
        return replace(demand, size=replace(demand.size, vcpus=row.vcpus, quota_family=row.family))
    unstated = Unknown(f"the quota file does not state it of {name}")
    size = GpuSize(
        cloud="aws" if "." in name else "azure",
        name=name,
        cloud_name=name,
        gpu_model=row.gpu_model or "GPUs of no stated product",
        gpu_vendor="nvidia",
        gpus=row.gpus,
        gpu_memory_gib=0,
        label_memory_mib=unstated,
        nvme=False,
        cuda_capability=None,
        mig_capable=False,
        vcpus=row.vcpus,
        memory_gib=unstated,
        quota_family=row.family,
        note=None,
    )
    open_gpus = demand.stated_gpus is None and "gpus" not in row.model_fields_set and looks_like_gpus(name)
    missing = Unknown(f"sizes.{name} of the quota file states no gpus")
    return replace(demand, size=size, stated_gpus=missing if open_gpus else demand.stated_gpus)
