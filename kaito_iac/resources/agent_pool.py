"""An AKS agent pool as azure-native registers it, without its typed SDK, whose import takes longer than a whole plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import pulumi

TYPE: Final = "azure-native:containerservice:AgentPool"
API_VERSIONS: Final = """
    20190201 20190401 20190601 20190801 20191001 20191101 20200101 20200201 20200301 20200401 20200601 20200701 20200901
    20201101 20201201 20210201 20210301 20210501 20210701 20210801 20210901 20211001 20211101preview 20220101
    20220102preview 20220201 20220202preview 20220301 20220302preview 20220401 20220402preview 20220502preview 20220601
    20220602preview 20220701 20220702preview 20220802preview 20220803preview 20220901 20220902preview 20221002preview
    20221101 20221102preview 20230101 20230102preview 20230201 20230202preview 20230301 20230302preview 20230401
    20230402preview 20230501 20230502preview 20230601 20230602preview 20230701 20230702preview 20230801 20230802preview
    20230901 20230902preview 20231001 20231002preview 20231101 20231102preview 20240101 20240102preview 20240201
    20240202preview 20240302preview 20240402preview 20240501 20240502preview 20240602preview 20240701 20240702preview
    20240801 20240901 20240902preview 20241001 20241002preview 20250101 20250102preview 20250201 20250202preview
    20250301 20250302preview 20250401 20250402preview 20250501 20250502preview 20250602preview 20250701 20250702preview
    20250801 20250802preview 20250901 20250902preview 20251001 20251002preview 20260101 20260102preview 20260201
    20260202preview 20260301 20260302preview 20260401 20260402preview 20260501 20260502preview
""".split()
"""Versions of the API that azure-native 3 keeps aliases for; a test compares them with the installed SDK."""
_NAMES: Final = {
    "resource_name_": "resourceName",
    "os_disk_size_gb": "osDiskSizeGB",
    "capacity_reservation_group_id": "capacityReservationGroupID",
    "os_sku": "osSKU",
    "vnet_subnet_id": "vnetSubnetID",
}
"""Names that are not what their words joined come to."""
_USERS_OWN: Final = ("node_labels", "tags")
"""Maps whose keys are the user's."""


class AgentPool(pulumi.CustomResource):
    """One agent pool; properties are those of `pulumi_azure_native.containerservice.AgentPool`."""

    def __init__(self, resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        own = pulumi.ResourceOptions(version=_version(), aliases=list(_aliases()))
        options = pulumi.ResourceOptions.merge(own, opts)
        super().__init__(TYPE, resource_name, {_name(key): _plain(key, value) for key, value in properties.items()}, options)


@cache
def _version() -> str:
    return version("pulumi-azure-native")


@cache
def _aliases() -> tuple[pulumi.Alias, ...]:
    return tuple(pulumi.Alias(type_=f"azure-native:containerservice/v{number}:AgentPool") for number in API_VERSIONS)


def _name(key: str) -> str:
    head, *tail = key.split("_")
    return _NAMES.get(key) or head + "".join(part.capitalize() for part in tail)


def _plain(key: str, value: Any) -> Any:
    """Return a value with the names of the provider."""
    if isinstance(value, Mapping) and key not in _USERS_OWN:
        return {_name(inner): _plain(inner, held) for inner, held in value.items()}
    return value
