"""Reads what the command lines of Azure and AWS print as JSON: limits and use of vCPUs, and the sizes that are sold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from kaito_iac.catalog.quota_family import EC2_QUOTAS
from kaito_iac.demand.demand import region_key
from kaito_iac.problem import Problem
from kaito_iac.quota.fetch import Usage, kept_family

ACCEPTED: Final = (
    "JSON of `az vm list-usage`, `az vm list-skus`, `aws service-quotas list-service-quotas --service-code ec2`"
    " or `aws ec2 describe-instance-type-offerings`"
)
_GPU_SIZE: Final = re.compile(r"Standard_N\w+|(p|gr?|trn|inf|dl)\d[\w-]*\.\w+", re.IGNORECASE)
_ZONE: Final = re.compile(r"(?P<region>[a-z]{2}(-[a-z]+)+-\d)(?P<zone>[a-z]|(-[a-z0-9]+)+)?")
"""A region of AWS, one of its availability zones, or a Local Zone or Wavelength Zone that belongs to it: us-west-2-lax-1a."""
_ARN: Final = re.compile(r"arn:aws[\w-]*:servicequotas:(?P<region>[\w-]+):(?P<account>\d{12}|):.*")
_MORE: Final = ("NextToken", "nextToken", "nextLink")
"""Keys that say that an answer is one page of several."""
_FIX: Final = "print it with --output json"


class _Row(BaseModel):
    """A part of a resource SKU of Azure."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class _Place(_Row):
    location: str
    zones: tuple[str, ...] | None = None


class _Limited(_Row):
    locations: tuple[str, ...] | None = None
    zones: tuple[str, ...] | None = None


class _Restriction(_Row):
    type: str | None = None
    values: tuple[str, ...] | None = None
    reason_code: str | None = None
    restriction_info: _Limited | None = None


class _Sku(_Row):
    name: str
    locations: tuple[str, ...] | None = None
    location_info: tuple[_Place, ...] | None = None
    restrictions: tuple[_Restriction, ...] | None = None


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
    """Read one file of either command line; `region` is that of a list which names none.

    A list may stand alone, as `--query` prints it. One page of several is refused: what it lacks would seem not to be sold.
    """
    taken = Taken()
    kind, rows = _list_of(data)
    if kind is None:
        return taken, [Problem("KQ121", name, "a shape of no known command", ACCEPTED, _FIX)]
    if isinstance(data, Mapping) and any(data.get(key) for key in _MORE):
        fix = "list without --max-items, --no-paginate and --page-size"
        return taken, [Problem("KQ121", name, "one page of several", "the whole list", fix)]
    problems = list(_READERS[kind](rows, taken, name, region))
    if not problems and not taken.usages and not taken.sold:
        taken.unused.append(f"{name} has nothing about vCPUs or sizes with GPUs")
    return taken, problems


def _list_of(data: Any) -> tuple[str | None, list[Mapping[str, Any]]]:
    """Return which list is meant, by the key that all its rows have, and the rows; no kind: none that is known."""
    rows, empty = data, None
    if isinstance(data, Mapping):
        key = next((key for key in ("Quotas", "InstanceTypeOfferings", "value") if isinstance(data.get(key), list)), "")
        rows, empty = data.get(key), {"Quotas": "QuotaCode", "InstanceTypeOfferings": "InstanceType"}.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return None, []
    if not rows:
        return empty, []
    return next((key for key in _READERS if all(key in row for row in rows)), None), rows


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
        called = row.get("name")
        family = called.get("value") if isinstance(called, Mapping) else called
        limit, used = _whole(row["limit"]), _whole(row.get("currentValue"))
        if not isinstance(family, str) or not kept_family(family):
            continue
        if limit is None or used is None:
            message = f"{'limit' if limit is None else 'currentValue'} is no number"
            yield Problem("KQ121", f"{name}: {family}", message, "whole numbers", _FIX)
            continue
        taken.usages.append(Usage(region=region_key(region), family=family, limit=limit, used=used))


def _skus(rows: Sequence[Mapping[str, Any]], taken: Taken, name: str, region: str) -> Iterator[Problem]:
    """Read Azure's resource SKUs, each with the regions that it names itself."""
    for row in rows:
        size = row.get("name")
        if row["resourceType"] != "virtualMachines" or not isinstance(size, str) or not _GPU_SIZE.fullmatch(size):
            continue
        try:
            sku = _Sku.model_validate(row)
        except ValidationError as error:
            wrong = ".".join(map(str, error.errors()[0]["loc"]))
            yield Problem("KQ121", f"{name}: {size}", f"{wrong} is not as the command prints it", ACCEPTED, _FIX)
            continue
        for place in sku.location_info or tuple(_Place(location=one) for one in sku.locations or ()):
            where = region_key(place.location)
            zones, reason = _restricted(sku, where, place.zones or ())
            sold = taken.sold.setdefault(where, {})
            if reason:
                taken.refused.setdefault(where, {})[size] = reason
            else:
                sold[size] = tuple(sorted(zones))


def _restricted(sku: _Sku, region: str, zones: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return the zones that are left, and why none is: a restriction of a location refuses the size, one of zones those alone."""
    reason = ""
    for limit in sku.restrictions or ():
        info = limit.restriction_info or _Limited()
        if region not in map(region_key, info.locations or limit.values or ()):
            continue
        by_zone = limit.type == "Zone"
        if by_zone:
            zones = [zone for zone in zones if zone not in (info.zones or ())]
        if not by_zone or not zones:
            reason = limit.reason_code or "restricted"
    return zones, reason


def _service_quotas(rows: Sequence[Mapping[str, Any]], taken: Taken, name: str, region: str) -> Iterator[Problem]:
    for row in rows:
        if not isinstance(row["QuotaCode"], str) or row["QuotaCode"] not in EC2_QUOTAS:
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
        taken.account = (found["account"] if found else "") or taken.account
        taken.usages.append(Usage(region=place, family=EC2_QUOTAS[row["QuotaCode"]], limit=limit, used=0))
    if taken.usages:
        taken.unused.append(f"{name} has no usage: it counts as 0; record what runs there with `quota running`")


def _offerings(rows: Sequence[Mapping[str, Any]], taken: Taken, name: str, region: str) -> Iterator[Problem]:
    for row in rows:
        size, where = row["InstanceType"], row.get("Location")
        place = _ZONE.fullmatch(where) if isinstance(where, str) else None
        if not isinstance(size, str) or place is None:
            fix = "list with --location-type region or availability-zone"
            yield Problem("KQ121", name, f"an offering at {where!r}", "a region or an availability zone", fix)
            return
        known = taken.sold.setdefault(place["region"], {})
        if _GPU_SIZE.fullmatch(size):
            zones = {*known.get(size, ()), *([where] if place["zone"] else [])}
            known[size] = tuple(sorted(map(str, zones)))


_READERS: Final[Mapping[str, Callable[[Sequence[Mapping[str, Any]], Taken, str, str], Iterator[Problem]]]] = {
    "QuotaCode": _service_quotas,
    "InstanceType": _offerings,
    "resourceType": _skus,
    "limit": _usages,
}
"""Key that all rows of a list have to what reads the list."""
