"""How many GPUs MIG slices take: what can be cut from one, by compute and by memory."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from kaito_iac.catalog.load import mig_profiles


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
