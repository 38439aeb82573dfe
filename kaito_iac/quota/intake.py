"""Reads what the command lines of Azure and AWS print as JSON: limits and use of vCPUs, and the sizes that are sold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.catalog.quota_family import EC2_QUOTAS
from kaito_iac.demand.demand import region_key
from kaito_iac.problem import Problem
from kaito_iac.quota.fetch import Usage, kept_family

ACCEPTED: Final = (
    "JSON of `az vm list-usage`, `az vm list-skus`, `aws service-quotas list-service-quotas --service-code ec2`"
    " or `aws ec2 describe-instance-type-offerings`"
)
_GPU_SIZE: Final = re.compile(r"Standard_N\w+|(p|gr?|trn|inf|dl)\d[\w-]*\.\w+", re.IGNORECASE)
_ZONE: Final = re.compile(r"(?P<region>[a-z]{2}(-[a-z]+)+-\d)(?P<zone>[a-z])?")
_ARN: Final = re.compile(r"arn:aws[\w-]*:servicequotas:(?P<region>[\w-]+):(?P<account>\d{12}):.*")


@dataclass(kw_only=True)
class Taken:
    """What was read: by region limits and use, and sizes with their zones or why they are refused."""

    account: str = ""
    usages: list[Usage] = field(default_factory=list)
    sold: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Region to GPU size to the zones it is sold in; no zones: the region as a whole."""
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    """Region to GPU size to the reason it is not sold to the subscription."""
    unused: list[str] = field(default_factory=list)
    """Why a part of the file could not be used, as a text."""


def take(data: Any, name: str, region: str = "") -> tuple[Taken, list[Problem]]:
    """Read one file of either command line; `region` is that of a list which names none."""
    taken = Taken()
    if isinstance(data, Mapping):
        if isinstance(quotas := data.get("Quotas"), Sequence):
            return taken, list(_service_quotas(quotas, taken, name, region))
        if isinstance(offers := data.get("InstanceTypeOfferings"), Sequence):
            return taken, list(_offerings(offers, taken, name))
        data = data.get("value")
    rows = data if isinstance(data, list) else []
    if rows and all(isinstance(row, Mapping) and "limit" in row and "name" in row for row in rows):
        return taken, list(_usages(rows, taken, name, region))
    if rows and all(isinstance(row, Mapping) and "resourceType" in row for row in rows):
        return taken, list(_skus(rows, taken))
    return taken, [Problem("KQ121", name, "a shape of no known command", ACCEPTED, "print it with --output json")]


def _whole(value: Any) -> int | None:
    try:
        return max(int(float(value)), 0)
    except (TypeError, ValueError, OverflowError):
        return None


def _usages(rows: Sequence[Mapping[str, Any]], taken: Taken, name: str, region: str) -> Iterator[Problem]:
    if not region:
        yield Problem("KQ121", name, "a list of usage, which names no region", "the region it was read in", "add --region NAME")
        return
    for row in rows:
        called = row["name"]
        family = called.get("value") if isinstance(called, Mapping) else called
        limit, used = _whole(row["limit"]), _whole(row.get("currentValue", 0))
        if not isinstance(family, str) or not kept_family(family):
            continue
        if limit is None or used is None:
            yield Problem("KQ121", f"{name}: {family}", "a limit that is no number", "whole numbers")
            continue
        taken.usages.append(Usage(region=region_key(region), family=family, limit=limit, used=used))


def _skus(rows: Sequence[Mapping[str, Any]], taken: Taken) -> tuple[Problem, ...]:
    """Read Azure's resource SKUs; nothing in them leads to a problem."""
    for row in rows:
        size = row.get("name")
        if row.get("resourceType") != "virtualMachines" or not isinstance(size, str) or not _GPU_SIZE.fullmatch(size):
            continue
        for place in row.get("locationInfo") or [{"location": one} for one in row.get("locations") or ()]:
            region = region_key(str(place.get("location", "")))
            zones, reason = _restricted(row, region, list(map(str, place.get("zones") or ())))
            sold = taken.sold.setdefault(region, {})
            if reason:
                taken.refused.setdefault(region, {})[size] = reason
            else:
                sold[size] = tuple(sorted(zones))
    return ()


def _restricted(row: Mapping[str, Any], region: str, zones: list[str]) -> tuple[list[str], str]:
    """Return the zones that are left, and why none is: a restriction of a location refuses the size, one of zones those alone."""
    reason = ""
    for limit in row.get("restrictions") or ():
        info = limit.get("restrictionInfo") or {}
        if region not in map(region_key, info.get("locations") or limit.get("values") or ()):
            continue
        by_zone = limit.get("type") == "Zone"
        if by_zone:
            zones = [zone for zone in zones if zone not in (info.get("zones") or ())]
        if not by_zone or not zones:
            reason = str(limit.get("reasonCode"))
    return zones, reason


def _service_quotas(rows: Sequence[Any], taken: Taken, name: str, region: str) -> Iterator[Problem]:
    for row in rows:
        if not isinstance(row, Mapping) or row.get("QuotaCode") not in EC2_QUOTAS:
            continue
        found = _ARN.fullmatch(str(row.get("QuotaArn", "")))
        place = found["region"] if found else region
        if not place:
            yield Problem("KQ121", name, "quotas without an ARN, which name no region", "the region", "add --region NAME")
            return
        limit = _whole(row.get("Value"))
        if limit is None:
            yield Problem("KQ121", f"{name}: {row['QuotaCode']}", "a limit that is no number", "a number of vCPUs")
            continue
        taken.account = found["account"] if found else taken.account
        taken.usages.append(Usage(region=place, family=EC2_QUOTAS[row["QuotaCode"]], limit=limit, used=0))
    if taken.usages:
        taken.unused.append(f"{name} states no usage: it counts as 0; record what runs there with `quota running`")


def _offerings(rows: Sequence[Any], taken: Taken, name: str) -> Iterator[Problem]:
    for row in rows:
        size, where = (row.get(key) if isinstance(row, Mapping) else None for key in ("InstanceType", "Location"))
        place = _ZONE.fullmatch(where) if isinstance(where, str) else None
        if not isinstance(size, str) or place is None:
            fix = "list with --location-type region or availability-zone"
            yield Problem("KQ121", name, f"an offering at {where!r}", "a region or an availability zone", fix)
            return
        known = taken.sold.setdefault(place["region"], {})
        if _GPU_SIZE.fullmatch(size):
            zones = {*known.get(size, ()), *([where] if place["zone"] else [])}
            known[size] = tuple(sorted(map(str, zones)))
