"""What one node offers to a model: how many GPUs of how much memory, whichever way KAITO learns of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

from kaito_iac.catalog.record import GIB, GpuSize, MigProfile
from kaito_iac.problem import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """The GPUs of one node as KAITO's estimator sees them."""

    label: str
    """What to call it: a size, a MIG profile, or a GPU product."""
    gpus: int
    """GPUs per node; 1 for a MIG slice."""
    node_gpu_memory_bytes: int
    """Memory of all GPUs of the node, bytes."""
    gpu_model: str
    """GPU product as KAITO compares it; a node's label where the node exists already."""
    nvme: bool = False
    """Whether weights go to a local NVMe disk."""
    mig: bool = False
    """Whether it is a MIG slice, which cannot be joined with others."""

    @property
    def gpu_memory_bytes(self) -> int:
        """Return the memory of one GPU in bytes, cut as KAITO does."""
        return self.node_gpu_memory_bytes // self.gpus


def of_size(size: GpuSize) -> Hardware:
    """Return the hardware of a VM size that KAITO provisions."""
    return Hardware(
        label=size.name, gpus=size.gpus, node_gpu_memory_bytes=size.gpu_memory_gib * GIB, gpu_model=size.gpu_model, nvme=size.nvme
    )


def of_mig(profile: MigProfile) -> Hardware:
    """Return the hardware of one MIG slice."""
    return Hardware(
        label=profile.profile, gpus=1, node_gpu_memory_bytes=profile.memory_gib * GIB, gpu_model=profile.resource, mig=True
    )


def of_labels(product: str, count: int, memory_mib: int) -> Hardware:
    """Return the hardware of an existing node from its labels nvidia.com/gpu.product, .count and .memory (MiB of one GPU)."""
    return Hardware(
        label=product, gpus=count, node_gpu_memory_bytes=floor(memory_mib / 1024 + 0.5) * count * GIB, gpu_model=product
    )


def of_existing(size: GpuSize) -> Hardware:
    """Return the hardware of existing nodes of a size: KAITO reads their labels, which show a little less memory than is sold."""
    if isinstance(size.label_memory_mib, Unknown):
        return of_size(size)
    return of_labels(size.name, size.gpus, size.label_memory_mib)


def of_accelerators(node: Hardware, count: int) -> Hardware | None:
    """Return the part of a node that `count` whole GPUs are; None when the node has fewer."""
    if count > node.gpus:
        return None
    return replace(
        node,
        label=f"{count} of {node.gpus} GPUs of {node.label}",
        gpus=count,
        node_gpu_memory_bytes=node.gpu_memory_bytes * count,
    )
