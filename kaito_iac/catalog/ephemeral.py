"""How large an ephemeral OS disk a size of Azure has room for, as far as Azure publishes it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

EPHEMERAL_GIB: Final = MappingProxyType(
    {
        "Standard_NC24ads_A100_v4": 256,
        "Standard_NCC40ads_H100_v5": 800,
        "Standard_ND96isr_H200_v5": 1024,
        "Standard_NG32ads_V620_v1": 1024,
        "Standard_NV36ads_A10_v5": 1440,
        "Standard_NV72ads_A10_v5": 2880,
        "Standard_ND96isr_H100_v5": 1024,
    }
)
"""Size to GiB, read in August 2026: CachedDiskBytes of Azure's resource SKUs for NC24ads, else the temp disk of its size pages.

AKS puts the disk on the cache if there is one, else on the temp disk. Sizes that are missing have NVMe disks or a cache that the
pages do not tell; Azure answers for them when the pool is made.
"""
