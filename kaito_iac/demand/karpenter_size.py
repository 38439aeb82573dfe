"""Which sizes the requirements of a Karpenter node pool allow: by name, family, size, GPU product and number of GPUs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from kaito_iac.catalog.label import INSTANCE_TYPE
from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.record import GpuSize
from kaito_iac.catalog.size_name import looks_like_gpus
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries

_SIZE_KEYS: Final = (INSTANCE_TYPE, "karpenter.azure.com/sku-name")
_GPU_CATEGORIES: Final = frozenset(("p", "g", "gr", "dl", "inf", "trn", "vt", "f"))
_AWS: Final = "karpenter.k8s.aws/instance-"
_AUTO_MODE: Final = "eks.amazonaws.com/instance-"
_AZURE: Final = "karpenter.azure.com/sku-"
_AZURE_GPU: Final = (f"{_AZURE}gpu-name", f"{_AZURE}gpu-count")
_NO_SIZE: Final = Unknown("its requirements name neither sizes, families nor GPUs")
_EC2_NAME: Final = re.compile(r"(?P<family>(?P<category>[a-z]+)(?P<generation>\d+)[\w-]*)\.(?P<size>\w+)")


def _product(size: GpuSize) -> str:
    return size.gpu_model.rpartition(" ")[2]


def _ec2(size: GpuSize, part: str) -> str:
    found = _EC2_NAME.fullmatch(size.cloud_name)
    return found[part] if found else ""


_FACTS: Final[Mapping[str, Callable[[GpuSize], str]]] = {
    f"{_AWS}family": lambda size: _ec2(size, "family"),
    f"{_AWS}size": lambda size: _ec2(size, "size"),
    f"{_AWS}category": lambda size: _ec2(size, "category"),
    f"{_AWS}generation": lambda size: _ec2(size, "generation"),
    f"{_AWS}gpu-name": lambda size: _product(size).lower(),
    f"{_AWS}gpu-count": lambda size: str(size.gpus),
    f"{_AWS}gpu-manufacturer": lambda size: size.gpu_vendor,
    f"{_AWS}cpu": lambda size: str(size.vcpus),
    f"{_AZURE}family": lambda size: "N",
    f"{_AZURE}gpu-name": _product,
    f"{_AZURE}gpu-count": lambda size: str(size.gpus),
    f"{_AZURE}gpu-manufacturer": lambda size: size.gpu_vendor,
    f"{_AZURE}cpu": lambda size: str(size.vcpus),
}
"""Labels that Karpenter gives the nodes of a size, as its providers name them."""
_CHOOSING: Final = (f"{_AWS}family", f"{_AWS}gpu-name", f"{_AZURE}gpu-name")
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
    without = next((told for one in read if (told := _without_gpus(*one))), ())
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
    asked = any("-gpu-" in key and operator != "DoesNotExist" for key, operator, _ in read)
    categories = [set(map(str.lower, values)) for key, _, values in read if key == f"{_AWS}category"]
    families = [values for key, _, values in read if key == f"{_AZURE}family"]
    only = any(found and found <= _GPU_CATEGORIES for found in categories)
    only = only or any(found and all(value.upper().startswith("N") for value in found) for found in families)
    return asked or only or (_unknown_in(needs) or False)


def _fitting(read: list[tuple[str, str, tuple[str, ...]]]) -> tuple[str, ...]:
    """Return the catalogue's sizes that meet requirements by family or GPU; none where they may mean others too."""
    chosen = [values for key, operator, values in read if key in _CHOOSING and operator == "In" and _all_known(key, values)]
    if not chosen:
        return ()
    cloud = "azure" if any(key.startswith(_AZURE) for key, _, _ in read) else "aws"
    return tuple(size.name for size in sizes().values() if size.cloud == cloud and all(_meets(size, *need) for need in read))


@cache
def _known(key: str) -> frozenset[str]:
    cloud = "azure" if key.startswith(_AZURE) else "aws"
    return frozenset(_FACTS[key](size).lower() for size in sizes().values() if size.cloud == cloud)


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
    return operator != "DoesNotExist"


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
    wide = next(((key, values) for key, operator, values in read if key in _FACTS and operator == "In"), None)
    if wide is None:
        return _NO_SIZE
    return Unknown(f"{wide[0]} in {', '.join(wide[1])} allows sizes that the catalogue does not list")


def _without_gpus(key: str, operator: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to call sizes of which one requirement says that none has GPUs; nothing where they may have some."""
    if key in _AZURE_GPU and (operator == "DoesNotExist" or (key.endswith("count") and (operator, values) == ("In", ("0",)))):
        return ("sizes without GPUs",)
    if key == f"{_AWS}category" and operator == "NotIn" and {"g", "p"} <= set(map(str.lower, values)):
        return (f"sizes outside of {', '.join(values)}",)
    if operator != "In" or not values:
        return ()
    family = key == f"{_AZURE}family" and not any(value.upper().startswith("N") for value in values)
    category = key == f"{_AWS}category" and not _GPU_CATEGORIES.intersection(map(str.lower, values))
    machine = key == f"{_AWS}family" and not any(map(looks_like_gpus, values))
    return (f"sizes of {', '.join(values)}",) if family or category or machine else ()
