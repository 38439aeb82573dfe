"""Which sizes the requirements of a Karpenter node pool allow: by name, family, size, GPU product and number of GPUs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import floor
from typing import Any, Final

from kaito_iac.catalog.label import ARCHITECTURE, INSTANCE_TYPE
from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.other_size import other_sizes, retirements
from kaito_iac.catalog.record import GpuSize
from kaito_iac.catalog.size_name import looks_like_gpus
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries

_SIZE_KEYS: Final = (INSTANCE_TYPE, "karpenter.azure.com/sku-name")
_GPU_CATEGORIES: Final = frozenset(("p", "g", "gr", "dl", "inf", "trn", "vt", "f"))
_AWS: Final = "karpenter.k8s.aws/instance-"
_AUTO_MODE: Final = "eks.amazonaws.com/instance-"
_AZURE: Final = "karpenter.azure.com/sku-"
_GPU_LABELS: Final = tuple(f"{cloud}gpu-{fact}" for cloud in (_AWS, _AZURE) for fact in ("name", "count", "manufacturer"))
"""Labels that nodes with GPUs have; on Azure nodes without have a count of 0."""
_WITH_GPUS: Final = frozenset(("g", "gr", "p"))
"""Categories of EC2 with GPUs: gr6 is none of g."""
NO_BOUND: Final = Unknown("no limits that bound its nodes")
"""Nodes of a pool that may grow without limits."""
_NO_SIZE: Final = Unknown("its requirements name neither sizes, families nor GPUs")
_EC2_NAME: Final = re.compile(r"(?P<family>(?P<category>[a-z]+)(?P<generation>\d+)[\w-]*)\.(?P<size>\w+)")


def _product(size: GpuSize) -> str:
    return size.gpu_model.rpartition(" ")[2]


_EC2_PRODUCTS: Final[Mapping[str, str]] = {"rtx-pro-6000": "rtx-pro-server-6000"}
"""GPU products that EC2 calls otherwise."""


def _ec2_product(size: GpuSize) -> str:
    """Return a GPU product as EC2 names it; empty for accelerators that are no GPUs."""
    named = size.gpu_model.partition(" ")[2].lower().replace(" ", "-") if _is_gpu(size) else ""
    return _EC2_PRODUCTS.get(named, named)


def _is_gpu(size: GpuSize) -> bool:
    return size.gpu_vendor != "aws"


def _arch(size: GpuSize) -> str:
    return "arm64" if re.match(r"g5g\.|p6e-gb|Standard_.*_GB\d", size.cloud_name) else "amd64"


def _version(size: GpuSize) -> str:
    found = re.search(r"_v(\d+)$", size.cloud_name)
    return found[1] if found else "1"


def _mib(size: GpuSize) -> str:
    return str(size.memory_gib * 1024) if isinstance(size.memory_gib, int) else ""


def _ec2(size: GpuSize, part: str) -> str:
    found = _EC2_NAME.fullmatch(size.cloud_name)
    return found[part] if found else ""


_FACTS: Final[Mapping[str, Callable[[GpuSize], str]]] = {
    f"{_AWS}family": lambda size: _ec2(size, "family"),
    f"{_AWS}size": lambda size: _ec2(size, "size"),
    f"{_AWS}category": lambda size: _ec2(size, "category"),
    f"{_AWS}generation": lambda size: _ec2(size, "generation"),
    f"{_AWS}gpu-name": _ec2_product,
    f"{_AWS}gpu-count": lambda size: str(size.gpus) if _is_gpu(size) else "",
    f"{_AWS}gpu-manufacturer": lambda size: size.gpu_vendor if _is_gpu(size) else "",
    f"{_AWS}cpu": lambda size: str(size.vcpus),
    f"{_AWS}memory": _mib,
    f"{_AZURE}family": lambda size: "N",
    f"{_AZURE}version": _version,
    f"{_AZURE}gpu-name": _product,
    f"{_AZURE}gpu-count": lambda size: str(size.gpus),
    f"{_AZURE}gpu-manufacturer": lambda size: size.gpu_vendor,
    f"{_AZURE}cpu": lambda size: str(size.vcpus),
    f"{_AZURE}memory": _mib,
    ARCHITECTURE: _arch,
}
"""Labels that Karpenter gives the nodes of a size, as its providers name them; empty: nodes of the size have no such label.

Source: website/content/en/preview/reference/instance-types.md of karpenter-provider-aws, pkg/apis/v1beta1/labels.go of
karpenter-provider-azure.
"""
_CHOOSING: Final = (f"{_AWS}family", f"{_AWS}category", f"{_AWS}gpu-name", f"{_AWS}gpu-manufacturer", f"{_AZURE}gpu-name")
"""Labels that choose among sizes which the catalogue knows all of, where it knows one of them."""


def _plain_key(key: str) -> str:
    """Return a label of EKS Auto Mode as self-hosted Karpenter names it."""
    return f"{_AWS}{key.removeprefix(_AUTO_MODE)}" if key.startswith(_AUTO_MODE) else key


def values_of(need: Any) -> tuple[str, str, tuple[Any, ...]]:
    """Return key, operator and values of a requirement; empty where one is not known, which only widens what it allows."""
    if not isinstance(need, Mapping):
        return "", "", ()
    key, operator, values = need.get("key"), need.get("operator"), entries(need.get("values"), "values")
    if isinstance(values, Unknown) or not all(isinstance(part, str) for part in (key, operator, *values)):
        return "", "", ()
    return _plain_key(str(key)), str(operator), values


def only_value(need: Any) -> tuple[str, str] | None:
    """Return the label that a requirement puts on every node: one of a single value."""
    key, operator, values = values_of(need)
    return (key, values[0]) if operator == "In" and len(values) == 1 else None


def sizes_of(needs: tuple[Any, ...] | Unknown) -> tuple[str, ...] | Unknown:
    """Return the sizes that requirements allow by name, or what stands for all of them where none can have GPUs."""
    if isinstance(needs, Unknown):
        return needs
    read = list(map(values_of, needs))
    named: dict[str, None] | None = None
    for key, operator, values in read:
        if key in _SIZE_KEYS and operator == "In":
            named = dict.fromkeys(value for value in values if named is None or value in named)
    without = next((reasons for one in read if (reasons := _without_gpus(*one))), ())
    if without:
        return without
    if named is None:
        return _fitting(read) or _why(needs, read)
    for key, operator, values in read:
        if key in _SIZE_KEYS and operator == "NotIn":
            named = {name: None for name in named if name not in values}
    return (*named,) or Unknown("no size meets its requirements")


def names_gpus(needs: tuple[Any, ...] | Unknown) -> bool | Unknown:
    """Return whether requirements that name no sizes ask for GPUs; a pool that takes whatever pods need does not."""
    if isinstance(needs, Unknown):
        return needs
    read = list(map(values_of, needs))
    asked = any(key.startswith((f"{_AWS}gpu-", f"{_AZURE}gpu-")) and operator != "DoesNotExist" for key, operator, _ in read)
    categories = [set(map(str.lower, values)) for key, _, values in read if key == f"{_AWS}category"]
    families = [values for key, _, values in read if key == f"{_AZURE}family"]
    only = any(found and found <= _GPU_CATEGORIES for found in categories)
    only = only or any(found and all(value.upper().startswith("N") for value in found) for found in families)
    return asked or only or (_unknown_in(needs) or False)


def _fitting(read: list[tuple[str, str, tuple[str, ...]]]) -> tuple[str, ...]:
    """Return the catalogue's sizes that meet requirements by family or GPU; none where they may mean others too."""
    return tuple(size.name for size in _meeting(read)) if any(_chooses(*need) for need in read) else ()


def _chooses(key: str, operator: str, values: tuple[str, ...]) -> bool:
    """Return whether a requirement allows nothing but sizes of the catalogue, which lists every GPU size of EC2."""
    if key.startswith(f"{_AWS}gpu-") and (operator in ("Exists", "Gt", "Gte")):
        return operator != "Gte" or values != ("0",)
    if key == f"{_AWS}gpu-count" and operator == "In":
        return bool(values) and "0" not in values
    return key in _CHOOSING and operator == "In" and _all_known(key, values)


def _meeting(read: list[tuple[str, str, tuple[str, ...]]]) -> tuple[GpuSize, ...]:
    """Return the catalogue's sizes that are sold and meet requirements, of the cloud whose labels these name."""
    cloud = next(
        (cloud for prefix, cloud in ((_AZURE, "azure"), (_AWS, "aws")) if any(key.startswith(prefix) for key, *_ in read)), ""
    )
    return tuple(size for size in _sold() if cloud in ("", size.cloud) and all(_meets(size, *need) for need in read))


def gpus_within(needs: tuple[Any, ...] | Unknown, most: Mapping[str, float]) -> Range | Unknown:
    """Return how many GPUs limits of vCPUs or nodes allow of whatever size: as many as sizes of the catalogue have at most."""
    read = [] if isinstance(needs, Unknown) else list(map(values_of, needs))
    found = [size for size in _meeting(read) or _sold() if _is_gpu(size) and isinstance(size.vcpus, int)] or list(_sold())
    bounds = []
    if "cpu" in most:
        bounds.append(most["cpu"] * max(size.gpus / size.vcpus for size in found if isinstance(size.vcpus, int)))
    if "nodes" in most:
        bounds.append(most["nodes"] * max(size.gpus for size in found))
    return Range(0, 0, floor(min(bounds))) if bounds else NO_BOUND


@cache
def _sold() -> tuple[GpuSize, ...]:
    """Return the sizes of the catalogue that clouds sell under that name."""
    every = (*sizes().values(), *other_sizes().values())
    return tuple(size for size in every if size.provisionable and size.name not in retirements() and size.cloud != "arc")


@cache
def _known(key: str) -> frozenset[str]:
    cloud = "azure" if key.startswith(_AZURE) else "aws"
    return frozenset(_FACTS[key](size).lower() for size in _sold() if size.cloud == cloud) - {""}


def _all_known(key: str, values: tuple[str, ...]) -> bool:
    return bool(values) and all(value.lower() in _known(key) for value in values)


def _meets(size: GpuSize, key: str, operator: str, values: tuple[str, ...]) -> bool:
    """Return whether a size meets a requirement; one that cannot be read only widens what is allowed."""
    fact = _FACTS.get(key)
    if fact is None:
        return True
    found = fact(size).lower()
    wanted = [value.lower() for value in values]
    if operator in ("In", "NotIn"):
        return (found in wanted) is (operator == "In")
    if operator in ("Gt", "Lt", "Gte", "Lte") and len(wanted) == 1 and wanted[0].isdigit() and found.isdigit():
        one, other = int(found), int(wanted[0])
        return {"Gt": one > other, "Lt": one < other, "Gte": one >= other, "Lte": one <= other}[operator]
    return not found if operator == "DoesNotExist" else bool(found) or not operator


def _why(needs: tuple[Any, ...], read: list[tuple[str, str, tuple[str, ...]]]) -> Unknown:
    """Return why the sizes of requirements are not known."""
    return _unknown_in(needs) or _unread(read)


def _unknown_in(needs: tuple[Any, ...]) -> Unknown | None:
    """Return the first requirement, or part of one, that is not known."""
    unread = (need for need in needs if isinstance(need, Unknown))
    inside = (value for need in needs if isinstance(need, Mapping) for value in need.values() if isinstance(value, Unknown))
    return next(unread, None) or next(inside, None)


def _unread(read: list[tuple[str, str, tuple[str, ...]]]) -> Unknown:
    """Return which requirement allows sizes that the catalogue does not know."""
    labels = [(key, values) for key, operator, values in read if key.startswith((_AWS, _AZURE)) and operator == "In"]
    wide = next(((key, values) for key, values in labels if key in _FACTS), None)
    if wide is None:
        return _NO_SIZE
    return Unknown(f"{wide[0]} in {', '.join(wide[1])} allows sizes that the catalogue does not list")


def _without_gpus(key: str, operator: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to call sizes of which one requirement says that none has GPUs; nothing where they may have some."""
    none = operator == "DoesNotExist" or (operator, values) in (("In", ("0",)), ("Lt", ("1",)), ("Lte", ("0",)))
    if key in _GPU_LABELS and none:
        return ("sizes without GPUs",)
    if key == f"{_AWS}category" and operator == "NotIn" and set(map(str.lower, values)) >= _WITH_GPUS:
        return (f"sizes outside of {', '.join(values)}",)
    if operator != "In" or not values:
        return ()
    family = key == f"{_AZURE}family" and not any(value.upper().startswith("N") for value in values)
    category = key == f"{_AWS}category" and not _GPU_CATEGORIES.intersection(map(str.lower, values))
    machine = key == f"{_AWS}family" and not any(map(looks_like_gpus, values))
    return (f"sizes of {', '.join(values)}",) if family or category or machine else ()
