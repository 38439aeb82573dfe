"""Which taints KAITO 0.12 lets its pods tolerate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from kaito_iac.catalog.label import TAINT

Workload = Literal["inference", "tuning", "rag"]

SPOT: Final = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
"""The taint AKS asks of spot pools."""

_GPU: Final = r"nvidia\.com/gpu(=[^:]*)?:NoSchedule"
TOLERATED: Final[Mapping[Workload, tuple[str, ...]]] = MappingProxyType(
    {
        "inference": (re.escape(TAINT), _GPU, re.escape(SPOT)),
        "tuning": (re.escape(TAINT), re.escape(SPOT), r"gpu:NoSchedule|gpu=:NoSchedule"),
        "rag": (re.escape(TAINT), _GPU),
    }
)
"""Workload to the patterns of taints its pods tolerate, as KAITO's manifests have them (pkg/utils/resources, v0.12.0)."""


def tolerates(workload: Workload, taint: str) -> bool:
    """Return whether the pods of a workload run on nodes with a taint; one that only prefers keeps no pod away."""
    if taint.endswith(":PreferNoSchedule"):
        return True
    return any(re.fullmatch(pattern, taint) for pattern in TOLERATED[workload])
