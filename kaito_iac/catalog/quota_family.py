"""Quota families: which limit the vCPUs of a size count against, on demand and as spot."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Unknown

AZURE_SPOT: Final = "lowPriorityCores"
"""Azure's family of all spot nodes of a region."""
EC2_QUOTAS: Final = MappingProxyType(
    {
        "L-417A185B": "Running On-Demand P instances",
        "L-7212CCBC": "All P4, P3 and P2 Spot Instance Requests",
        "L-C4BD4855": "All P5 Spot Instance Requests",
        "L-DB2E81BA": "Running On-Demand G and VT instances",
        "L-3819A6DF": "All G and VT Spot Instance Requests",
        "L-2C3B7624": "Running On-Demand Trn instances",
        "L-6B0D517C": "All Trn Spot Instance Requests",
        "L-1945791B": "Running On-Demand Inf instances",
        "L-B5D1601B": "All Inf Spot Instance Requests",
        "L-6E869C2A": "Running On-Demand DL instances",
        "L-85EED4F7": "All DL Spot Instance Requests",
        "L-1216C47A": "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        "L-34B43A08": "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
    }
)
"""EC2's quotas of vCPUs by their codes in Service Quotas (service `ec2`), with the names the service gives them.

Sources: AWS General Reference, Amazon EC2 endpoints and quotas; skypilot-catalog, catalogs/v5/aws/instance_quota_mapping.csv.
"""
EC2_FAMILIES: Final = (
    (re.compile(r"p[2-4]\w*\..+"), "L-417A185B", "L-7212CCBC"),
    (re.compile(r"p5\w*\..+"), "L-417A185B", "L-C4BD4855"),
    (re.compile(r"(g|gr|vt)\d\w*\..+"), "L-DB2E81BA", "L-3819A6DF"),
    (re.compile(r"trn\d\w*\..+"), "L-2C3B7624", "L-6B0D517C"),
    (re.compile(r"inf\d\w*\..+"), "L-1945791B", "L-B5D1601B"),
    (re.compile(r"dl\d\w*\..+"), "L-6E869C2A", "L-85EED4F7"),
    (re.compile(r"[acdhimrtz]\d[\w-]*\..+"), "L-1216C47A", "L-34B43A08"),
)
"""Names of instance types, the code of the quota on demand, and that of the quota of spot requests."""


def ec2_code(name: str, *, spot: bool = False) -> str | None:
    """Return the code of the quota that the vCPUs of an instance type count against; None for a family without a known one."""
    return next((codes[spot] for pattern, *codes in EC2_FAMILIES if pattern.fullmatch(name)), None)


def ec2_family(name: str, *, spot: bool = False) -> str | None:
    """Return the quota that the vCPUs of an instance type count against; None for a family without a known one."""
    code = ec2_code(name, spot=spot)
    return EC2_QUOTAS[code] if code else None


def quota_family(size: GpuSize, *, spot: bool) -> str | Unknown:
    """Return the quota family that nodes of a GPU size count against."""
    if not spot:
        return size.quota_family
    if size.cloud == "azure":
        return AZURE_SPOT
    code = ec2_code(size.cloud_name, spot=True) if size.cloud == "aws" else None
    return EC2_QUOTAS[code] if code else Unknown(f"no quota of spot requests is known for {size.name}")
