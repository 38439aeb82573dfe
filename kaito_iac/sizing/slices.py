"""MIG slices: which GPUs can be cut into them, and how many GPUs they take by compute and by memory."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from kaito_iac.catalog.load import mig_profiles
from kaito_iac.catalog.record import GpuSize, MigProfile


def cut_gpus(slices: Sequence[tuple[str, int]]) -> int:
    """Return the fewest GPUs that can be cut into these slices: by compute and by memory, whatever else their layout forbids."""
    needed = 0
    for product in sorted({mig_profiles()[profile].gpus for profile, _ in slices}):
        whole = [profile for profile in mig_profiles().values() if profile.gpus == product]
        held = [(mig_profiles()[profile], count) for profile, count in slices if mig_profiles()[profile].gpus == product]
        compute = sum(profile.slices * count for profile, count in held) / max(profile.slices for profile in whole)
        memory = sum(profile.memory_gib * count for profile, count in held) / max(profile.memory_gib for profile in whole)
        needed += ceil(max(compute, memory))
    return needed


def profile_fits(profile: MigProfile, size: GpuSize) -> bool:
    """Return whether the GPUs of a size can be cut into slices of a profile: the product and its memory decide."""
    product = size.gpu_model.rpartition(" ")[2]
    memory = f"({size.gpu_memory_per_gpu_gib:.0f}GB"
    return any(one.strip().startswith(f"{product} ") and memory in one for one in profile.gpus.split("/"))
